import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import pg from 'pg'
import {
  adoptCluster,
  type Cluster,
  type ClusterOptions,
  startCluster,
} from '../../../../apps/server/src/starter/postgres/index.ts'

const PREFIX = 'tollgate-test-'

/** What a database of a test run can lose without harm: it is thrown away at the end. */
const FAST = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
}

export interface TestDatabases {
  /** The URL of a new database, migrated. About 50 ms; the first call also starts PostgreSQL. */
  create: () => Promise<string>
  drop: (url: string) => Promise<void>
  /** Leaves no process and no folder. */
  stop: () => Promise<void>
}

interface Template {
  cluster: Cluster
  admin: pg.Client
  folder: string
}

/** One PostgreSQL for a whole test run, started when the first test asks for a database. */
export function testDatabases(): TestDatabases {
  let started: Promise<Template> | undefined
  const template = () => {
    started ??= startTemplate()
    return started
  }
  return {
    create: async () => {
      const { cluster, admin } = await template()
      const name = `test_${randomUUID().replaceAll('-', '')}`
      await admin.query(`create database ${name} template template_migrated strategy file_copy`)
      return cluster.url(name)
    },
    drop: async (url) => {
      const { admin } = await template()
      const name = pg.escapeIdentifier(new URL(url).pathname.slice(1))
      await admin.query(`drop database if exists ${name} with (force)`)
    },
    stop: async () => {
      const running = await started?.catch(() => undefined)
      if (running === undefined) return
      await running.admin.end()
      await discard(running.cluster, running.folder)
    },
  }
}

async function startTemplate(): Promise<Template> {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // PostgreSQL's account, when it is not ours, has to pass through.
  await chmod(folder, 0o755)
  const cluster = await startCluster(clusterOptions(folder))
  const admin = new pg.Client({ connectionString: cluster.url('postgres') })
  try {
    await admin.connect()
    await admin.query('create database template_migrated')
    const { initDb } = await import('@tollgate/core')
    await initDb(cluster.url('template_migrated'))
    return { cluster, admin, folder }
  } catch (error) {
    await admin.end()
    await discard(cluster, folder)
    throw error
  }
}

async function discard(cluster: Cluster | null, folder: string): Promise<void> {
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
}

function clusterOptions(folder: string): ClusterOptions {
  return {
    folder: join(folder, 'postgres'),
    id: basename(folder),
    password: 'test',
    settings: FAST,
  }
}

/** Ends what a killed run left: its folder names its process, and that process is gone. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || isAlive(Number(owner))) continue
    const folder = join(tmpdir(), name)
    await discard(await adoptCluster(clusterOptions(folder)), folder)
  }
}

/** `true` as well for a process of another account, whose folder is not ours to sweep. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
