import type { JobHelpers } from 'graphile-worker'
import { Logger, run } from 'graphile-worker'
import type { Context } from '../../context.ts'
import { syncWaiting } from '../sync/index.ts'
import { markFailed, requeueStranded, SYNC_TASK } from './event-store.ts'

export interface Worker {
  /** Takes no more jobs, and ends when those under way have. */
  stop(): Promise<void>
}

/** How many customers a process syncs at once; Stripe is what they wait for. */
const CONCURRENCY = 4
/** How often to look for jobs whose pause is over; new ones announce themselves. */
const POLL_MS = 2_000

const REQUEUE_TASK = 'requeue_stranded'
const STRANDED_MS = 120_000
const STRANDED_MINUTES = 5

/**
 * Works off the queued webhooks, in any number of processes. Creates the queue's own tables first, so start it
 * before the server takes webhooks.
 */
export async function startWorker(ctx: Context): Promise<Worker> {
  const runner = await run({
    pgPool: ctx.db.pool,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: toLogger(ctx),
    taskList: {
      [SYNC_TASK]: (payload: unknown, helpers) => syncJob(ctx, payload, helpers),
      [REQUEUE_TASK]: () => requeue(ctx),
    },
    crontab: `* * * * * ${REQUEUE_TASK}`,
  })
  runner.promise.catch((error: unknown) => ctx.log.error({ err: error }, 'the worker stopped'))
  return { stop: () => runner.stop() }
}

async function syncJob(ctx: Context, payload: unknown, { job }: JobHelpers): Promise<void> {
  const customerId = customerOf(payload)
  try {
    await syncWaiting(ctx, { customerId })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const final = job.attempts >= job.max_attempts
    ctx.log.warn({ err: error, customerId, attempt: job.attempts, final }, 'a sync failed')
    await markFailed(ctx.db.pool, { customerId, error: reason, final })
    throw error
  }
}

async function requeue(ctx: Context): Promise<void> {
  const receivedBefore = new Date(ctx.clock.now().getTime() - STRANDED_MS)
  const queued = await requeueStranded(ctx.db.pool, {
    receivedBefore,
    lockedMinutes: STRANDED_MINUTES,
  })
  if (queued > 0)
    ctx.log.warn({ queued }, 'customers whose events nobody worked on were queued again')
}

function customerOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'customerId' in payload) {
    const { customerId } = payload
    if (typeof customerId === 'string') return customerId
  }
  throw new Error('a sync job without a customer')
}

function toLogger({ log }: Context): Logger {
  return new Logger(() => (level, message, meta) => {
    const fields = { worker: true, ...meta }
    if (level === 'error') log.error(fields, message)
    else if (level === 'warning') log.warn(fields, message)
    else log.debug(fields, message)
  })
}
