import type Stripe from 'stripe'
import type { CatalogPrice } from '../../catalog/index.ts'
import { hasUnitAmount, otherAmounts } from './amount.ts'
import type { PlanPrice } from './price-store.ts'

/** A price at which a plan is sold, or why the price that Stripe has for it can't be. */
export type Offer = { price: PlanPrice } | { refused: string }

/**
 * Whether a price can be offered as what the catalogue says: so much a month or a year, in its currency, for one. Its
 * amount may differ from the catalogue's. `declared` is what the catalogue says of the plan at that interval.
 */
export function offerOf(
  plan: string,
  price: Stripe.Price,
  declared: Pick<CatalogPrice, 'interval' | 'currency'> | undefined,
): Offer {
  const refused = whyNot(price, declared)
  if (refused !== null) return { refused: `${price.id} ${refused}` }
  const planPrice = toPlanPrice(plan, price)
  return planPrice ? { price: planPrice } : { refused: `${price.id} has no amount for one` }
}

function whyNot(
  price: Stripe.Price,
  declared: Pick<CatalogPrice, 'interval' | 'currency'> | undefined,
): string | null {
  const { active, recurring, currency } = price
  if (!active) return 'is archived'
  if (!recurring) return 'is paid once'
  const { interval, interval_count: count, usage_type: usage } = recurring
  if (usage === 'metered') return 'is billed by use'
  if (!hasUnitAmount(price)) return 'has tiers or packages'
  if (price.unit_amount === null) return 'has no whole amount for one'
  if (count !== 1) return `is paid every ${count} ${interval}s`
  const wanted = declared?.interval ?? 'month'
  if (interval !== wanted) return `is paid by the ${interval}, and the plan by the ${wanted}`
  if (declared && currency !== declared.currency) {
    return `is in ${currency}, and the plan in ${declared.currency}`
  }
  return null
}

/** Null for a price that is not recurring, or has no amount for one. */
export function toPlanPrice(plan: string, price: Stripe.Price): PlanPrice | null {
  const interval = price.recurring?.interval
  if (price.unit_amount === null || !isInterval(interval)) return null
  const { id, currency, unit_amount: unitAmount } = price
  return { id, plan, currency, unitAmount, interval, otherAmounts: otherAmounts(price) }
}

function isInterval(interval: string | undefined): interval is PlanPrice['interval'] {
  return interval === 'day' || interval === 'week' || interval === 'month' || interval === 'year'
}
