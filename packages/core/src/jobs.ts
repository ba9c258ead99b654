import { setTimeout as sleep } from 'node:timers/promises'
import type { JobHelpers, RunnerOptions } from 'graphile-worker'
import { Logger, runMigrations } from 'graphile-worker'
import { completeOverage } from './billing/index.ts'
import type { Context } from './context.ts'
import type { EventJob } from './inbox/index.ts'
import { eventTasks, markFailed, pruneInbox, requeueStranded } from './inbox/index.ts'
import { deliverOverage } from './overage/index.ts'
import { prepareQueueSchema } from './queue-schema.ts'
import { reconcileWhenDue } from './reconcile/index.ts'
import { supervise } from './supervise.ts'
import { handleEvent } from './sync/index.ts'

export interface Worker {
  /** Starts no more jobs, and resolves when those under way have ended, or after 20 s. */
  stop(): Promise<void>
}

/** How many customers a process syncs at once; it mostly waits for Stripe. */
const CONCURRENCY = 4
/** How often to look for jobs whose pause is over, and for stranded events. New jobs are announced. */
const POLL_MS = 2_000

/** Longer than it takes until an event's job is queued. */
const STRANDED_MS = 2_000
/** Longer than a sync takes. A slower one is done twice, which changes nothing. */
const STRANDED_MINUTES = 1

const PRUNE_TASK = 'prune_inbox'
const RECONCILE_TASK = 'reconcile'
const OVERAGE_TASK = 'overage'

/** In UTC. Of all processes one runs each. */
const CRONTAB = `
* * * * * ${RECONCILE_TASK}
* * * * * ${OVERAGE_TASK}
23 2 * * * ${PRUNE_TASK}
`

/**
 * Runs the jobs of webhook events and those of the schedule, in any number of processes, however long the database is
 * away meanwhile. Creates the queue's own
 * tables first, so start it before the server receives webhooks.
 */
export async function startWorker(ctx: Context): Promise<Worker> {
  const stopping = new AbortController()
  const eventJob = (payload: unknown, helpers: JobHelpers) => runEventJob(ctx, payload, helpers)
  const options: RunnerOptions = {
    pgPool: ctx.db.pool,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: toLogger(ctx),
    taskList: {
      [eventTasks.sync]: eventJob,
      [eventTasks.resolve]: eventJob,
      [eventTasks.prices]: eventJob,
      [PRUNE_TASK]: () => prune(ctx),
      [RECONCILE_TASK]: () => reconcileWhenDue(ctx, stopping.signal),
      [OVERAGE_TASK]: () => handleOverage(ctx),
    },
    crontab: CRONTAB,
  }
  await prepareQueueSchema(ctx.db.pool)
  const worker = await supervise(options, ctx.log)
  const requeueing = requeueUntil(ctx, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await Promise.all([worker.stop(), requeueing])
    },
  }
}

/** Creates the queue's own tables, where no worker ever ran: for commands that queue jobs. A repeat changes nothing. */
export async function prepareQueue(ctx: Context): Promise<void> {
  await prepareQueueSchema(ctx.db.pool)
  await runMigrations({ pgPool: ctx.db.pool, logger: toLogger(ctx) })
}

async function runEventJob(ctx: Context, payload: unknown, { job }: JobHelpers): Promise<void> {
  const { customerId, eventId } = parsePayload(payload)
  try {
    await handleEvent(ctx, { customerId, eventId })
    if (customerId !== null) await completeOverage(ctx, { customerId })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const final = job.attempts >= job.max_attempts
    ctx.log.warn({ err: error, customerId, eventId, attempt: job.attempts, final }, 'a sync failed')
    await markFailed(ctx.db.pool, { customerId, ids: [eventId], error: reason, final })
    throw error
  }
}

async function requeueUntil(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await requeue(ctx).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'stranded events could not be looked for'),
    )
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function requeue(ctx: Context): Promise<void> {
  const receivedBefore = new Date(ctx.clock.now().getTime() - STRANDED_MS)
  const queued = await requeueStranded(ctx.db.pool, {
    receivedBefore,
    lockedMinutes: STRANDED_MINUTES,
  })
  if (queued > 0) ctx.log.warn({ queued }, 'jobs of stranded events were queued')
}

/** What was sold is sent to Stripe, and items that are still to be added are. */
async function handleOverage(ctx: Context): Promise<void> {
  await completeOverage(ctx)
  const { delivered, told } = await deliverOverage(ctx)
  if (told > 0) ctx.log.error({ told }, 'overage came too late to be billed')
  if (delivered > 0) ctx.log.debug({ delivered }, 'overage was delivered')
}

async function prune(ctx: Context): Promise<void> {
  const pruned = await pruneInbox(ctx)
  if (pruned > 0) ctx.log.info({ pruned }, 'old events were deleted')
}

function parsePayload(payload: unknown): EventJob {
  if (typeof payload !== 'object' || payload === null) throw new Error('a job without a payload')
  const customerId = 'customerId' in payload ? payload.customerId : null
  const eventId = 'eventId' in payload ? payload.eventId : ''
  if (typeof eventId !== 'string') throw new Error('a job without an event')
  return { customerId: typeof customerId === 'string' ? customerId : null, eventId }
}

function toLogger({ log }: Context): Logger {
  return new Logger(() => (level, message, meta) => {
    const fields = { worker: true, ...meta }
    if (level === 'error') log.error(fields, message)
    else if (level === 'warning') log.warn(fields, message)
    else log.debug(fields, message)
  })
}
