import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import type { Page } from '../database/page.ts'
import { decodeInstantCursor, PAGE_SIZE, toPage } from '../database/page.ts'
import { TollgateError } from '../errors.ts'
import { serveEvent } from '../sync/handle-event.ts'
import { markFailed, markHandled, queueAgain } from './event-store.ts'
import { ignoredBecause } from './event-types.ts'
import type { EventState, InboxSummary, WebhookEvent } from './inbox-store.ts'
import { deleteOld, readDead, readEvents, readPayload, readSummary } from './inbox-store.ts'
import { parseEvent } from './parse.ts'

export interface WebhookEventsInput {
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
  state?: EventState | undefined
  /** Stripe's, as in `invoice.paid`. */
  type?: string | undefined
  /** A whole id of an event, customer, object or user, or a part of an e-mail address. */
  search?: string | undefined
}

/** The inbox, the last received first. Throws VALIDATION for a cursor that is not from here. */
export async function listWebhookEvents(
  ctx: Context,
  { cursor, limit = PAGE_SIZE, ...filters }: WebhookEventsInput = {},
): Promise<Page<WebhookEvent>> {
  const before = decodeInstantCursor(cursor)
  const rows = await readEvents(ctx.db.pool, { ...filters, before, limit: limit + 1 })
  return toPage(rows, limit, {
    item: (event) => event,
    cursor: ({ receivedAt, id }) => [receivedAt, id],
  })
}

/** How many events wait, fail and were given up. */
export function summarizeInbox(ctx: Context): Promise<InboxSummary> {
  return readSummary(ctx.db.pool)
}

/**
 * Does once more what a stored event asks for, whatever became of it, and answers how it stands then. What is
 * done is a sync, so a repeat changes nothing. If Stripe fails, the event waits for the worker's next attempt;
 * it does not throw. Throws NOT_FOUND.
 */
export async function replayEvent(
  ctx: Context,
  { eventId, actor }: { eventId: string; actor: Actor },
): Promise<WebhookEvent> {
  const payload = await readPayload(ctx.db.pool, eventId)
  const event = payload === null ? null : parseEvent(payload)
  if (event === null) throw new TollgateError('NOT_FOUND', `There is no event ${eventId}.`)
  const ignored = ignoredBecause(event, ctx.stripe.livemode)
  await inTransaction(ctx.db.pool, async (tx) => {
    if (ignored === null) await queueAgain(tx, [eventId])
    else await markHandled(tx, { ids: [eventId], ignored, now: ctx.clock.now() })
    await appendAudit(ctx, { actor, action: 'event.replay', details: { eventId } }, tx)
  })
  if (ignored === null) await tryToServe(ctx, eventId)
  const [after] = await readEvents(ctx.db.pool, { id: eventId, before: null, limit: 1 })
  if (!after) throw new TollgateError('NOT_FOUND', `There is no event ${eventId}.`)
  return after
}

/** The job that was queued stands, so a failure here is only the first attempt's. */
async function tryToServe(ctx: Context, eventId: string): Promise<void> {
  const [event] = await readEvents(ctx.db.pool, { id: eventId, before: null, limit: 1 })
  const customerId = event?.customerId ?? null
  try {
    await serveEvent(ctx, { customerId, eventId })
  } catch (error) {
    ctx.log.warn({ err: error, event: eventId }, 'a replayed event failed; the worker tries again')
    const reason = error instanceof Error ? error.message : String(error)
    await markFailed(ctx.db.pool, { customerId, ids: [eventId], error: reason, final: false })
  }
}

/** How many dead events one call replays. */
const MAX_REPLAYS = 1_000

/** `replayEvent` for the events that were given up, the oldest first; at most 1 000 a call. */
export async function replayDeadEvents(
  ctx: Context,
  { actor }: { actor: Actor },
): Promise<WebhookEvent[]> {
  const replayed: WebhookEvent[] = []
  for (const eventId of await readDead(ctx.db.pool, MAX_REPLAYS)) {
    replayed.push(await replayEvent(ctx, { eventId, actor }))
  }
  return replayed
}

/** Stripe lists its events for 30 days; a day more, so that none is taken for one that never came. */
const KEPT_MS = 31 * 86_400_000
const PRUNE_BATCH = 1_000

/** Forgets events older than 31 days that were handled or ignored, batch by batch. Answers how many. */
export async function pruneInbox(ctx: Context): Promise<number> {
  const receivedBefore = new Date(ctx.clock.now().getTime() - KEPT_MS)
  let pruned = 0
  for (let batch = PRUNE_BATCH; batch === PRUNE_BATCH; pruned += batch) {
    batch = await deleteOld(ctx.db.pool, { receivedBefore, limit: PRUNE_BATCH })
  }
  return pruned
}
