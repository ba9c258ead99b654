import type Stripe from 'stripe'
import type { Context } from '../context.ts'

/** The Billing Meters that Stripe has, all or those of a status. Throws STRIPE_UNAVAILABLE, STRIPE_REJECTED. */
export function listMeters(
  ctx: Context,
  filter: { status?: Stripe.Billing.Meter.Status } = {},
): Promise<Stripe.Billing.Meter[]> {
  return ctx.stripe.call((stripe) =>
    stripe.billing.meters.list({ ...filter, limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  )
}
