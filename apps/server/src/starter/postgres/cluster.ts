import { existsSync } from 'node:fs'
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Account,
  databaseAccount,
  giveFolder,
  runAs,
  sharedFolder,
  succeeds,
} from './account.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { freePort } from './port.ts'

export interface ClusterOptions {
  /** Where its data lives; made at the first start. */
  folder: string
  /** Names the data folder under /var/lib/tollgate, should `folder` be out of reach for PostgreSQL's account. */
  id: string
  /** Of the superuser `tollgate`; must stay the same over the life of the folder. */
  password: string
  /** Server settings, fixed at the first start. */
  settings?: Record<string, string>
  /** Where it listens; a port that is free, unless it has to be the same again. */
  port?: number
  note?: (line: string) => void
}

export interface Cluster {
  port: number
  /** Where its data is in the end. */
  folder: string
  /** `true` when there was no data. */
  isNew: boolean
  /** `true` when a server left by a killed owner was found running and taken over. */
  adopted: boolean
  url: (database: string) => string
  /** Waits until it has ended; open connections are cut. A repeat does nothing. */
  stop: () => Promise<void>
}

interface Place {
  folder: string
  account: Account
  binaries: Binaries
}

/**
 * Starts a real PostgreSQL on loopback, in its own session: it outlives whoever started it, on purpose, so that Ctrl-C
 * or a crash never takes the database from under a server that is still draining. A repeat adopts the one that runs.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const place = await findPlace(options)
  const running = await runningCluster(place, options)
  if (running !== null) return running
  const isNew = !existsSync(join(place.folder, 'PG_VERSION'))
  if (isNew) await initialise(place, options)
  return { ...control(place, options, await start(place, options.port)), isNew, adopted: false }
}

/** The PostgreSQL that runs on `options.folder`, if there is one. Starts nothing. */
export async function adoptCluster(options: ClusterOptions): Promise<Cluster | null> {
  return runningCluster(await findPlace(options), options)
}

async function runningCluster(place: Place, options: ClusterOptions): Promise<Cluster | null> {
  const port = await runningPort(place)
  return port === null ? null : { ...control(place, options, port), isNew: false, adopted: true }
}

function control(place: Place, { password }: ClusterOptions, port: number) {
  return {
    port,
    folder: place.folder,
    url: (database: string) => `postgresql://tollgate:${password}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      if ((await runningPort(place)) !== null) await pgCtl(place, ['stop', '-m', 'fast'])
    },
  }
}

async function findPlace({ folder, id, note = () => undefined }: ClusterOptions): Promise<Place> {
  const account = await databaseAccount(note)
  const binaries = await findBinaries(account)
  if (await giveFolder(folder, account)) return { folder, account, binaries }
  const fallback = join(sharedFolder, id)
  await rm(folder, { recursive: true })
  await giveFolder(fallback, account)
  note(`The user "postgres" can't reach ${folder}: the database lives in ${fallback}`)
  return { folder: fallback, account, binaries }
}

/** Made beside its place and moved there whole, so that a kill in the middle leaves no half of a cluster. */
async function initialise({ folder, account, binaries }: Place, options: ClusterOptions) {
  const draft = `${folder}.new`
  await rm(draft, { recursive: true, force: true })
  await giveFolder(draft, account)
  const passwordFile = join(tmpdir(), `tollgate-${options.id}-${process.pid}`)
  await writeFile(passwordFile, options.password, { mode: 0o600 })
  if (account !== null) await chown(passwordFile, account.uid, account.gid)
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...options.settings,
  }
  try {
    await runAs(account, binaries.initdb, [
      `--pgdata=${draft}`,
      '--username=tollgate',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of text on every system.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`),
    ])
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rm(folder, { recursive: true })
  await rename(draft, folder)
}

/** The port is found free and may be taken by another a moment later: so three tries. */
async function start(place: Place, wanted: number | undefined, triesLeft = 3): Promise<number> {
  const port = wanted ?? (await freePort())
  const log = join(place.folder, 'server.log')
  try {
    await pgCtl(place, ['start', '-l', log, '-o', `-p ${port}`])
    return port
  } catch (error) {
    if (triesLeft > 1) return start(place, wanted, triesLeft - 1)
    throw new Error(`PostgreSQL did not start; its log: ${log}`, { cause: error })
  }
}

/** The fourth line of postmaster.pid is the port. A stale file is told by `pg_ctl status`, which looks for the process. */
async function runningPort(place: Place): Promise<number | null> {
  if (!(await succeeds(pgCtl(place, ['status'])))) return null
  const lines = (await readFile(join(place.folder, 'postmaster.pid'), 'utf8')).split('\n')
  return Number(lines[3])
}

async function pgCtl({ folder, account, binaries }: Place, args: string[]): Promise<string> {
  return runAs(account, binaries.pgCtl, [...args, '-D', folder, '-s'])
}
