import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { initDb } from '@tollgate/core'
import { startCluster } from '../../../../apps/server/src/starter/postgres/index.ts'

/** A PostgreSQL that a test has for itself, so that it may kill it. */
export interface TestCluster {
  /** Of its one database, migrated; the same after each start. */
  url: string
  /** SIGKILL for the postmaster and every process of it. Linux only. */
  kill(): Promise<void>
  /** SIGSTOP for every process of it: connections stay, new ones are taken, and nothing answers. Linux only. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Starts it again on its data; resolves when it has recovered and takes connections. */
  start(): Promise<void>
  /** Leaves no process and no folder. */
  remove(): Promise<void>
}

/** As durable as the embedded one, since what survives is the question. */
export async function createTestCluster(): Promise<TestCluster> {
  // Named as test databases are, so that the next run sweeps what a killed one left.
  const folder = await mkdtemp(join(tmpdir(), `tollgate-test-${process.pid}-`))
  await chmod(folder, 0o755)
  const options = {
    folder: join(folder, 'postgres'),
    id: basename(folder),
    password: 'test',
    settings: { max_connections: '200' },
  }
  const cluster = await startCluster(options)
  const pidFile = join(cluster.folder, 'postmaster.pid')
  const url = cluster.url('postgres')
  await initDb(url)
  const findPostmaster = async () => Number((await readFile(pidFile, 'utf8')).split('\n')[0])
  const signalAll = async (signal: 'SIGSTOP' | 'SIGCONT') => {
    const postmaster = await findPostmaster()
    process.kill(postmaster, signal)
    for (const pid of childrenOf(postmaster)) process.kill(pid, signal)
  }
  return {
    url,
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    kill: async () => {
      const postmaster = await findPostmaster()
      // Stopped first, so that it starts no process after the others were listed.
      process.kill(postmaster, 'SIGSTOP')
      const all = [postmaster, ...childrenOf(postmaster)]
      for (const pid of all) killNow(pid)
      while (all.some(isRunning)) await delay(5)
      // Where nobody reaps orphans, a dead postmaster keeps its number, and would be taken for one that runs.
      await rm(pidFile)
    },
    start: async () => {
      await startCluster({ ...options, port: cluster.port })
    },
    remove: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
      await rm(cluster.folder, { recursive: true, force: true })
    },
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').map(Number)
  return pids.filter((pid) => pid > 0 && statusOf(pid)?.parent === parent)
}

function isRunning(pid: number): boolean {
  const state = statusOf(pid)?.state
  return state !== undefined && state !== 'Z'
}

/** Null where there is no such process. */
function statusOf(pid: number): { state: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may hold anything.
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return null
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}
