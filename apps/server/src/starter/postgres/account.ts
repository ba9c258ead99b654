import { execFile } from 'node:child_process'
import { chown, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** PostgreSQL refuses to run as root: then it runs as this system account. `null`: as whoever runs us. */
export type Account = { uid: number; gid: number } | null

/** Used only as root, for what the account can't reach inside the clone. */
export const sharedFolder = '/var/lib/tollgate'

/** Runs a program to its end as `account`; rejects with what it wrote when it fails. */
export async function runAs(account: Account, program: string, args: string[]): Promise<string> {
  const { stdout } = await exec(program, args, { cwd: '/', windowsHide: true, ...account })
  return stdout.trim()
}

/** `true` when the program ran and ended with 0. */
export async function succeeds(run: Promise<unknown>): Promise<boolean> {
  return run.then(
    () => true,
    () => false,
  )
}

/** As root: the system account `postgres`, made when it is missing. Otherwise `null`. */
export async function databaseAccount(note: (line: string) => void): Promise<Account> {
  if (process.getuid?.() !== 0) return null
  if (!(await succeeds(runAs(null, 'id', ['postgres'])))) {
    note('PostgreSQL refuses to run as root: creating the system user "postgres" for it')
    await runAs(null, 'useradd', ['--system', '--user-group', 'postgres'])
  }
  const id = async (flag: string) => Number(await runAs(null, 'id', [flag, 'postgres']))
  return { uid: await id('-u'), gid: await id('-g') }
}

/** Makes `folder` and gives it to `account` alone. `false` when the account can't reach it from the root. */
export async function giveFolder(folder: string, account: Account): Promise<boolean> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (account === null) return true
  await chown(folder, account.uid, account.gid)
  return succeeds(runAs(account, 'ls', [folder]))
}
