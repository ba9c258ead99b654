import type { Context } from '../core/context.ts'
import type { DeliveryAttempt } from '../documents.ts'

/** The delays between the attempts of a delivery, shorter than Stripe's. */
const RETRY_AFTER_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000]
const KEPT_ATTEMPTS = 20

/**
 * Records an attempt (or two, where a fault duplicated it). Returns the delay until the next one; null:
 * there is none. A delivery that succeeded once stays succeeded.
 */
export function recordAttempt(
  ctx: Context,
  id: string,
  made: readonly DeliveryAttempt[],
): number | null {
  const delivery = ctx.store.get('deliveries', id)
  if (delivery === undefined) return null
  const error = made[0]?.error ?? null
  const wasDelivered = delivery.status === 'succeeded'
  const attempts = delivery.attempts + 1
  const retryAfterMs = RETRY_AFTER_MS[attempts - 1] ?? null
  const status =
    error === null || wasDelivered ? 'succeeded' : retryAfterMs === null ? 'failed' : 'pending'
  const log = [...(delivery.log ?? []), ...made].slice(-KEPT_ATTEMPTS)
  ctx.patch('deliveries', id, { attempts, status, lastError: error, log })
  const event = ctx.store.get('events', delivery.event)
  if (status === 'succeeded' && !wasDelivered && event !== undefined) {
    ctx.patch('events', event.id, { pending_webhooks: event.pending_webhooks - 1 })
  }
  return status === 'pending' ? retryAfterMs : null
}
