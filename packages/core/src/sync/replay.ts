import { appendAudit } from '../accounts/index.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../database/index.ts'
import { TollgateError } from '../errors.ts'
import type { WebhookEvent } from '../inbox/index.ts'
import {
  deadEvents,
  findEvent,
  ignoredBecause,
  markFailed,
  markHandled,
  parseEvent,
  readPayload,
  requeue,
} from '../inbox/index.ts'
import { isStorableText } from '../text.ts'
import { handleEvent } from './handle-event.ts'

/**
 * Handles a stored event once more, whatever became of it, and returns it as it is then. It is handled by a sync, so a
 * repeat changes nothing. If Stripe fails, the event waits for the worker's next attempt; that does not throw. Throws
 * NOT_FOUND.
 */
export async function replayEvent(
  ctx: Context,
  { eventId, actor }: { eventId: string; actor: Actor },
): Promise<WebhookEvent> {
  const payload = isStorableText(eventId) ? await readPayload(ctx.db.pool, eventId) : null
  const event = payload === null ? null : parseEvent(payload)
  if (event === null) throw eventNotFound(eventId)
  const ignored = ignoredBecause(event, ctx.stripe.livemode)
  await inTransaction(ctx.db.pool, async (tx) => {
    if (ignored === null) await requeue(tx, [eventId])
    else await markHandled(tx, { ids: [eventId], ignored, now: ctx.clock.now() })
    await appendAudit(ctx, { actor, action: 'event.replay', details: { eventId } }, tx)
  })
  if (ignored === null) await tryToHandle(ctx, eventId)
  const after = await findEvent(ctx, eventId)
  if (!after) throw eventNotFound(eventId)
  return after
}

/** The job that was queued remains, so a failure here is only that of the first attempt. */
async function tryToHandle(ctx: Context, eventId: string): Promise<void> {
  const customerId = (await findEvent(ctx, eventId))?.customerId ?? null
  try {
    await handleEvent(ctx, { customerId, eventId })
  } catch (error) {
    ctx.log.warn({ err: error, event: eventId }, 'a replayed event failed; the worker tries again')
    const reason = error instanceof Error ? error.message : String(error)
    await markFailed(ctx.db.pool, { customerId, ids: [eventId], error: reason, final: false })
  }
}

/** How many dead events one call replays. */
const MAX_REPLAYS = 1_000

/** `replayEvent` for the dead events, the oldest first; at most 1 000 a call. */
export async function replayDeadEvents(
  ctx: Context,
  { actor }: { actor: Actor },
): Promise<WebhookEvent[]> {
  const replayed: WebhookEvent[] = []
  for (const eventId of await deadEvents(ctx.db.pool, MAX_REPLAYS)) {
    replayed.push(await replayEvent(ctx, { eventId, actor }))
  }
  return replayed
}

function eventNotFound(eventId: string): TollgateError {
  return new TollgateError('NOT_FOUND', `There is no event ${eventId}.`)
}
