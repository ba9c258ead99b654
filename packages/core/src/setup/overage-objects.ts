import type Stripe from 'stripe'
import {
  exactUnitPrice,
  meterEventName,
  meterOf,
  overageLookupKey,
  planOf,
} from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { OverageOf } from '../stripe/index.ts'
import { OVERAGE_METER_MARK, OVERAGE_PLAN_MARK, unitPriceIn } from '../stripe/index.ts'

/** How our meters read an event. A meter at Stripe has no metadata, so by this it is told apart from another's. */
export const METER_SETTINGS = {
  default_aggregation: { formula: 'sum' },
  customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
  value_settings: { event_payload_key: 'value' },
} as const

/** The meters whose overage some plan on offer sells, in the catalogue's order. */
export function soldMeters({ catalog }: Context, plans: readonly string[]): string[] {
  const sold = new Set(plans.flatMap((plan) => Object.keys(planOf(catalog, plan).overage)))
  return catalog.meterIds.filter((meter) => sold.has(meter))
}

/** The Billing Meter under a meter's event name, an active one first; null where there is none. */
export function findMeter(
  all: readonly Stripe.Billing.Meter[],
  meter: string,
): Stripe.Billing.Meter | null {
  const named = all.filter(({ event_name }) => event_name === meterEventName(meter))
  return named.find(({ status }) => status === 'active') ?? named[0] ?? null
}

/** Why a Billing Meter under our name can't be used: it counts in another way, so somebody else made it. Null: it can. */
export function meterConflict(found: Stripe.Billing.Meter): string | null {
  const { default_aggregation: by, customer_mapping: customer, value_settings: value } = found
  const isOurs =
    by.formula === METER_SETTINGS.default_aggregation.formula &&
    customer.event_payload_key === METER_SETTINGS.customer_mapping.event_payload_key &&
    value.event_payload_key === METER_SETTINGS.value_settings.event_payload_key &&
    found.event_time_window === null
  if (isOurs) return null
  return `the meter ${found.id} has the event name ${found.event_name} and counts in another way than ours`
}

/** The id of the product of an overage price. */
export function overageProductId({ plan, meter }: OverageOf): string {
  return overageLookupKey(plan, meter)
}

/** Its name stands on invoices. */
export function overageProductName({ catalog }: Context, { plan, meter }: OverageOf): string {
  return `${planOf(catalog, plan).name}: ${meterOf(catalog, meter).name} beyond the limit`
}

/** The price under an overage's lookup key; null where there is none. Throws STRIPE_UNAVAILABLE. */
export async function findOveragePrice(
  ctx: Context,
  { plan, meter }: OverageOf,
): Promise<Stripe.Price | null> {
  const list = { active: true, limit: 1, expand: ['data.currency_options'] }
  const lookup_keys = [overageLookupKey(plan, meter)]
  const { data } = await ctx.stripe.call((stripe) => stripe.prices.list({ ...list, lookup_keys }))
  return data[0] ?? null
}

/** Why something under an overage's name is not to be used or changed: its metadata does not name it. Null: it does. */
export function overageConflict(
  { plan, meter }: OverageOf,
  found: Pick<Stripe.Price | Stripe.Product, 'id' | 'object' | 'metadata'>,
): string | null {
  const { [OVERAGE_PLAN_MARK]: ofPlan, [OVERAGE_METER_MARK]: ofMeter } = found.metadata
  if (ofPlan === plan && ofMeter === meter) return null
  const named =
    ofPlan === undefined ? 'names no plan in its metadata' : `belongs to ${ofPlan}, ${ofMeter}`
  return `the ${found.object} ${found.id} for ${overageLookupKey(plan, meter)} ${named}`
}

/** What one unit costs by the catalogue, by currency. */
export function declaredUnitPrices(
  { catalog }: Context,
  { plan, meter }: OverageOf,
): Record<string, string> {
  const declared = planOf(catalog, plan).overage[meter]
  if (declared === undefined) throw new Error(`The plan ${plan} sells no overage of ${meter}`)
  const prices = Object.entries(declared.price).map(([currency, price]) => {
    const exact = exactUnitPrice(price, declared.per)
    if (exact === null) throw new Error('The catalogue was checked when it was defined')
    return [currency, exact] as const
  })
  return Object.fromEntries(prices)
}

/** How a price at Stripe differs from what the catalogue says; null: it does not. */
export function overageDifference(
  price: Stripe.Price,
  { declared, meterId }: { declared: Record<string, string>; meterId: string | null },
): string | null {
  const { interval, interval_count: count, meter } = price.recurring ?? {}
  if (meter !== meterId) return 'is for another meter'
  if (interval !== 'month' || count !== 1) return 'is not monthly'
  for (const [currency, unitPrice] of Object.entries(declared)) {
    const found = unitPriceIn(price, currency)
    if (found !== unitPrice) return `is ${found ?? 'nothing'} ${currency} a unit, not ${unitPrice}`
  }
  return null
}
