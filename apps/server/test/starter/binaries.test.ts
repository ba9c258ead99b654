import { chmod, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseAccount, giveFolder, runAs } from '../../src/starter/postgres/account.ts'
import { copiedBinaries, packageRoot } from '../../src/starter/postgres/binaries.ts'

let shared: string
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'tollgate-copy-'))
  await chmod(shared, 0o755)
})
afterAll(() => rm(shared, { recursive: true, force: true }))

async function copy() {
  const account = await databaseAccount(() => undefined)
  const binaries = await copiedBinaries({ root: packageRoot(), shared, account })
  return { account, binaries, folder: join(binaries.initdb, '../..') }
}

/** Makes a cluster, starts it and stops it: that needs all of the copy. */
async function start(): Promise<void> {
  const { account, binaries } = await copy()
  const data = join(shared, 'data')
  await rm(data, { recursive: true, force: true })
  await giveFolder(data, account)
  await runAs(account, binaries.initdb, [`--pgdata=${data}`, '--auth=trust', '--locale=C'])
  const options = `-c listen_addresses='' -c unix_socket_directories=${data}`
  const log = join(data, 'server.log')
  await runAs(account, binaries.pgCtl, ['start', '-D', data, '-s', '-l', log, '-o', options])
  await runAs(account, binaries.pgCtl, ['stop', '-D', data, '-s', '-m', 'fast'])
}

// `initdb --version` runs in each of these copies but the first.
test.each([
  ['the program that is asked whether it runs is gone', (f: string) => rm(join(f, 'bin/initdb'))],
  ['the server itself is gone', (f: string) => rm(join(f, 'bin/postgres'))],
  [
    'the server was cut off by a full disk',
    (f: string) => truncate(join(f, 'bin/postgres'), 4_096),
  ],
  [
    'what a new cluster is made from is gone',
    (f: string) => rm(join(f, 'share'), { recursive: true }),
  ],
])('a copy of PostgreSQL is made anew, and starts, where %s', async (_what, damage) => {
  await damage((await copy()).folder)
  await expect(start()).resolves.toBeUndefined()
})
