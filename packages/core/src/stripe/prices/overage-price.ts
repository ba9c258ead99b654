import Stripe from 'stripe'
import { findPlan, overageLookupKey } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'

/** What the metadata of a price, and of its product, says where it is what a plan sells of a meter beyond the limit. */
export const OVERAGE_PLAN_MARK = 'tollgate_overage_plan'
export const OVERAGE_METER_MARK = 'tollgate_overage_meter'

/**
 * The metadata of a subscription that is to get the overage items of a plan, once it is on it: they are added, or those of
 * another plan replaced, after the payment.
 */
export const OVERAGE_DUE = 'tollgate_overage_due'

/** The plan and the meter whose overage a price sells. */
export interface OverageOf {
  plan: string
  meter: string
}

export function overageMarks({ plan, meter }: OverageOf): Record<string, string> {
  return { [OVERAGE_PLAN_MARK]: plan, [OVERAGE_METER_MARK]: meter }
}

/** Whose overage a price sells, by its metadata; null: it is no price of ours for overage. */
export function overageOf(price: {
  metadata: Readonly<Record<string, string>>
  recurring: Pick<Stripe.Price.Recurring, 'usage_type'> | null
}): OverageOf | null {
  const { [OVERAGE_PLAN_MARK]: plan, [OVERAGE_METER_MARK]: meter } = price.metadata
  if (price.recurring?.usage_type !== 'metered') return null
  return plan === undefined || meter === undefined ? null : { plan, meter }
}

/**
 * What one unit costs in a currency, in its minor unit, as a decimal text. Null where the price is not sold in it.
 * `currency_options` has to be expanded where the currency may be another than the price's own.
 */
export function unitPriceIn(
  price: Pick<Stripe.Price, 'currency' | 'unit_amount_decimal' | 'currency_options'>,
  currency: string,
): string | null {
  if (price.currency === currency) return price.unit_amount_decimal?.toString() ?? null
  return price.currency_options?.[currency]?.unit_amount_decimal?.toString() ?? null
}

/** The amounts of a new price: exact, in its own currency and in others. */
export function unitPriceParams(
  unitPrice: string,
  others: Readonly<Record<string, string>>,
): Pick<Stripe.PriceCreateParams, 'unit_amount_decimal' | 'currency_options'> {
  const options = Object.entries(others).map(([currency, price]) => {
    // The client (23.1.0) writes a Decimal as text at the top only; in currency_options it would send its fields.
    return [currency, { unit_amount_decimal: price as unknown as Stripe.Decimal }] as const
  })
  return {
    unit_amount_decimal: Stripe.Decimal.from(unitPrice),
    ...(options.length > 0 && { currency_options: Object.fromEntries(options) }),
  }
}

/** A price under which a meter's overage of a plan is sold now. */
export interface OveragePrice extends OverageOf {
  priceId: string
}

/** How many lookup keys Stripe takes at once. */
const MOST_KEYS = 10
/** A person waits for this call. */
const QUICK = { timeout: 8_000, maxNetworkRetries: 1 } as const

/**
 * The prices at which a plan sells overage now, in the catalogue's order of its meters. One that was not pushed, or that
 * is not ours by its metadata, is left out: then nothing of that meter is sold. Throws STRIPE_UNAVAILABLE.
 */
export async function overagePrices(ctx: Context, plan: string): Promise<OveragePrice[]> {
  const meters = Object.keys(findPlan(ctx.catalog, plan)?.overage ?? {})
  if (meters.length === 0) return []
  const keys = meters.map((meter) => overageLookupKey(plan, meter))
  const found: Stripe.Price[] = []
  for (let at = 0; at < keys.length; at += MOST_KEYS) {
    const some = { lookup_keys: keys.slice(at, at + MOST_KEYS), active: true, limit: MOST_KEYS }
    found.push(...(await ctx.stripe.call((stripe) => stripe.prices.list(some, QUICK))).data)
  }
  return meters.flatMap((meter) => {
    const price = found.find(({ lookup_key }) => lookup_key === overageLookupKey(plan, meter))
    const named = price && overageOf(price)
    if (price && named?.plan === plan && named.meter === meter) {
      return [{ plan, meter, priceId: price.id }]
    }
    ctx.log.warn({ plan, meter }, 'Stripe has no price of ours for this overage: push the plans')
    return []
  })
}
