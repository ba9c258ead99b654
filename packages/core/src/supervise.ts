import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Runner, RunnerOptions, WorkerEvents } from 'graphile-worker'
import { run } from 'graphile-worker'
import type { Logger } from './log.ts'

/** How soon a worker that stopped by itself is started again: the first time, and at most. */
const RESTART_MS = { first: 1_000, most: 30_000 }
/** How often the connection on which new jobs are announced is asked whether it lives: it may wait for hours otherwise. */
const HEARTBEAT_MS = 10_000
/** How long the jobs under way may take once the worker was asked to stop; what is left is done by another worker. */
const STOP_MS = 20_000

interface Supervised {
  /** Starts no more jobs, and resolves when those under way have ended, or after 20 s. */
  stop(): Promise<void>
}

/**
 * Runs a worker, and starts it again where it stops by itself, as it does when the database refuses to note how a job
 * ended. Throws where the first start fails.
 */
export async function supervise(options: RunnerOptions, log: Logger): Promise<Supervised> {
  const stopping = new AbortController()
  const pools: string[] = []
  let runner = await start(options, pools)
  const supervised = watch()
  return {
    async stop() {
      stopping.abort()
      const stopped = runner.stop().catch((error: unknown) => {
        log.warn({ err: error }, 'the worker did not stop cleanly')
      })
      const patience = new AbortController()
      const tooLong = sleep(STOP_MS, true, { signal: patience.signal, ref: false }).catch(
        () => false,
      )
      const late = await Promise.race([Promise.all([stopped, supervised]), tooLong])
      if (late === true) log.warn({}, 'jobs were still under way when the worker had to stop')
      patience.abort()
    },
  }

  async function watch(): Promise<void> {
    for (let waitMs = RESTART_MS.first; ; waitMs = Math.min(waitMs * 2, RESTART_MS.most)) {
      await runner.promise.catch((error: unknown) => log.error({ err: error }, 'the worker failed'))
      if (stopping.signal.aborted) return
      log.error({ waitMs }, 'the worker stopped by itself; starting it again')
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      const next = await startAgain(options, pools).catch((error: unknown) => {
        log.error({ err: error }, 'the worker could not be started again')
        return null
      })
      if (next === null) continue
      runner = next
      if (stopping.signal.aborted) await next.stop().catch(() => undefined)
    }
  }
}

/** What the one before could not note as ended is still locked by it, and would wait for hours. */
async function startAgain(options: RunnerOptions, pools: string[]): Promise<Runner> {
  await options.pgPool?.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [pools])
  pools.length = 0
  return start(options, pools)
}

/**
 * Adds to `pools` by what name it locks jobs. Batches of no delay, since without them the promise to note how a job ended
 * belongs to nobody, and its failure would end the process; with them it stops the worker, which is then started again.
 */
function start(options: RunnerOptions, pools: string[]): Promise<Runner> {
  const events: WorkerEvents = new EventEmitter()
  events.on('pool:create', ({ workerPool }) => pools.push(workerPool.id))
  keepListening(events)
  const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
  return run({ ...options, preset, events })
}

/** A connection that does not answer is destroyed (see `BoundedClient`); the worker then makes another. */
function keepListening(events: WorkerEvents): void {
  let heartbeat: NodeJS.Timeout | undefined
  events.on('pool:listen:success', ({ client }) => {
    clearInterval(heartbeat)
    heartbeat = setInterval(() => {
      client.query('SELECT 1').catch(() => undefined)
    }, HEARTBEAT_MS)
  })
  events.on('pool:listen:release', () => clearInterval(heartbeat))
}
