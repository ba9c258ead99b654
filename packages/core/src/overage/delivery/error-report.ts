import type { Context } from '../../context.ts'
import { rejectDeliveries } from './told-store.ts'

/**
 * Reads a report of Stripe's about meter events that it took and could not count, and stores which deliveries it names:
 * they are told to the operator. A report names only some of its events; the others are found by the comparison of totals.
 * Safe to repeat. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED.
 */
export async function rejectReported(
  ctx: Context,
  { eventId }: { eventId: string },
): Promise<void> {
  const event = await ctx.stripe.call((stripe) => stripe.v2.core.events.retrieve(eventId))
  if (event.type !== 'v1.billing.meter.error_report_triggered') return
  for (const { code, sample_errors: samples } of event.data.reason.error_types) {
    const identifiers = samples.map(({ request }) => request.identifier)
    const now = ctx.clock.now()
    const rejected = await rejectDeliveries(ctx.db.pool, { identifiers, reason: code, now })
    if (rejected > 0) ctx.log.error({ code, identifiers }, 'Stripe could not count overage')
  }
}
