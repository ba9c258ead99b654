import { setTimeout as sleep } from 'node:timers/promises'
import type { JobHelpers } from 'graphile-worker'
import { Logger, run, runMigrations } from 'graphile-worker'
import type { Context } from './context.ts'
import { markFailed, requeueStranded, tasks } from './inbox/event-store.ts'
import { pruneInbox } from './inbox/list.ts'
import { reconcileWhenDue } from './reconcile/index.ts'
import type { Errand } from './sync/handle-event.ts'
import { serveEvent } from './sync/handle-event.ts'

export interface Worker {
  /** Takes no more jobs, and ends when those under way have. */
  stop(): Promise<void>
}

/** How many customers a process syncs at once; Stripe is what they wait for. */
const CONCURRENCY = 4
/** How often to look for jobs whose pause is over, and for events that nobody works on; new ones announce themselves. */
const POLL_MS = 2_000

/** Longer than it takes to tell workers of an event. */
const STRANDED_MS = 2_000
/** Longer than a sync takes; one that is slower still is only done twice. */
const STRANDED_MINUTES = 1

const PRUNE_TASK = 'prune_inbox'
const RECONCILE_TASK = 'reconcile'

/** In UTC. Of all processes one does each. */
const CRONTAB = `
* * * * * ${RECONCILE_TASK}
23 2 * * * ${PRUNE_TASK}
`

/**
 * Works off the queued webhooks and what is done on a schedule, in any number of processes. Creates the queue's
 * own tables first, so start it before the server takes webhooks.
 */
export async function startWorker(ctx: Context): Promise<Worker> {
  const stopping = new AbortController()
  const eventJob = (payload: unknown, helpers: JobHelpers) => workOff(ctx, payload, helpers)
  const runner = await run({
    pgPool: ctx.db.pool,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    logger: toLogger(ctx),
    taskList: {
      [tasks.sync]: eventJob,
      [tasks.resolve]: eventJob,
      [tasks.prices]: eventJob,
      [PRUNE_TASK]: () => prune(ctx),
      [RECONCILE_TASK]: () => reconcileWhenDue(ctx, stopping.signal),
    },
    crontab: CRONTAB,
  })
  runner.promise.catch((error: unknown) => ctx.log.error({ err: error }, 'the worker stopped'))
  const looking = lookForStranded(ctx, stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await Promise.all([runner.stop(), looking])
    },
  }
}

/** Creates the queue's own tables, where no worker ever has: for commands that queue. A repeat changes nothing. */
export async function prepareQueue(ctx: Context): Promise<void> {
  await runMigrations({ pgPool: ctx.db.pool, logger: toLogger(ctx) })
}

async function workOff(ctx: Context, payload: unknown, { job }: JobHelpers): Promise<void> {
  const { customerId, eventId } = errandOf(payload)
  try {
    await serveEvent(ctx, { customerId, eventId })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const final = job.attempts >= job.max_attempts
    ctx.log.warn({ err: error, customerId, eventId, attempt: job.attempts, final }, 'a sync failed')
    await markFailed(ctx.db.pool, { customerId, ids: [eventId], error: reason, final })
    throw error
  }
}

async function lookForStranded(ctx: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await requeue(ctx).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'the inbox could not be looked through'),
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
  if (queued > 0) ctx.log.warn({ queued }, 'events that nobody worked on were queued')
}

async function prune(ctx: Context): Promise<void> {
  const pruned = await pruneInbox(ctx)
  if (pruned > 0) ctx.log.info({ pruned }, 'old events were forgotten')
}

function errandOf(payload: unknown): Errand {
  if (typeof payload !== 'object' || payload === null) throw new Error('a job about nothing')
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
