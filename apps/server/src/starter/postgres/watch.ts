import { readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Cluster, type ClusterOptions, startCluster } from './cluster.ts'

const LOOK_EVERY_MS = 1_000
/** How often it is started again before everything ends. */
const MAX_STARTS = 5
/** One that ran for this long is well again: the next end is counted from none. */
const WELL_AFTER_MS = 60_000

interface Watched {
  /** How it was started, for another start on the same data and port. */
  options: ClusterOptions
  cluster: Cluster
  /** It ended, and runs again. */
  restarted: () => void
  /** It can't be started any more: `why` is one line. Nothing is watched from then on. */
  failed: (why: string) => void
}

/** Starts PostgreSQL again where it has ended without being asked to, killed for want of memory, say. */
export function watchCluster(watched: Watched): { stop: () => Promise<void> } {
  const stopping = new AbortController()
  const watching = watch(watched, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await watching
    },
  }
}

async function watch(watched: Watched, signal: AbortSignal): Promise<void> {
  const { cluster, restarted, failed } = watched
  let starts = 0
  let startedAt = performance.now()
  while (await pause(signal)) {
    if (await isListening(cluster.port)) {
      if (performance.now() - startedAt > WELL_AFTER_MS) starts = 0
      continue
    }
    starts += 1
    const failure = await startAgain(watched)
    startedAt = performance.now()
    if (failure === null) restarted()
    else if (starts >= MAX_STARTS) {
      failed(`PostgreSQL ended, and ${MAX_STARTS} starts did not bring it back: ${failure}`)
      return
    }
  }
}

/** `false` once nothing is to be watched any more. */
function pause(signal: AbortSignal): Promise<boolean> {
  return delay(LOOK_EVERY_MS, true, { signal }).catch(() => false)
}

/** Null, or why it does not start: the processes of the one before may take a moment to end. */
async function startAgain({ options, cluster }: Watched): Promise<string | null> {
  try {
    await forgetDefunct(cluster.folder)
    await startCluster({ ...options, port: cluster.port })
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whether it takes connections. A process number is no answer: where nobody reaps orphans, a dead process keeps it. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

/** Where a dead process keeps its number, PostgreSQL takes it for one that runs, and does not start. Linux only. */
async function forgetDefunct(folder: string): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid')
  const [pid = ''] = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n')
  const stat = await readFile(`/proc/${Number(pid)}/stat`, 'utf8').catch(() => '')
  const isDefunct = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  if (isDefunct) await rm(pidFile, { force: true })
}
