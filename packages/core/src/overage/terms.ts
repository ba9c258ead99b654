import type Stripe from 'stripe'
import type { AnyCatalog } from '../catalog/index.ts'
import { findPlan } from '../catalog/index.ts'
import { stepsAround } from '../quota/index.ts'
import { idOf, overageOf, unitPriceIn } from '../stripe/index.ts'

/** A row of `overage_terms` as the sync writes it: without its user, and without what reservations hold. */
export interface TermsRow {
  meter: string
  subscription_id: string
  item_id: string
  price_id: string
  currency: string
  /** Of one unit, in the currency's minor unit, as a decimal text. */
  unit_price: string
  period_start: Date
  period_end: Date
  anchor: Date
  item_since: Date
  selling: boolean
  sells_until: Date | null
  default_cap: number | null
}

/** The subscription that counts, and what decides whether it sells. */
export interface Selling {
  subscription: Stripe.Subscription
  /** The plan of its own item; null: an unknown price. */
  plan: string | null
  /** All invoices of the customer. */
  invoices: readonly Stripe.Invoice[]
  /** How many subscriptions of the customer have not ended: Stripe's meters count for all of them together. */
  running: number
  /** When its schedule's next phase begins, and the prices of that; null: there is none. */
  next: { startsAt: number; prices: readonly string[] } | null
}

/**
 * What a subscription sells beyond its plan, one row for each item of overage that it has: at the price, in the currency
 * and for the period of its own item. It sells only while it is active and collected, as the only one of its customer, by
 * items of its own plan that the catalogue still sells, and without an open invoice of overage alone.
 */
export function termsOf(selling: Selling, catalog: AnyCatalog): TermsRow[] {
  const { subscription, plan, running, invoices } = selling
  const { id, currency, status } = subscription
  const isSelling =
    status === 'active' &&
    !subscription.pause_collection &&
    running === 1 &&
    !invoices.some((invoice) => invoice.status === 'open' && isOverageAlone(invoice, subscription))
  const anchor = instant(subscription.billing_cycle_anchor)
  return subscription.items.data.flatMap((item): TermsRow[] => {
    const of = overageOf(item.price)
    const unitPrice = unitPriceIn(item.price, currency)
    if (of === null || unitPrice === null) return []
    const declared = plan === of.plan ? findPlan(catalog, of.plan)?.overage[of.meter] : undefined
    const end = instant(item.current_period_end)
    const row = {
      meter: of.meter,
      subscription_id: id,
      item_id: item.id,
      price_id: item.price.id,
      currency,
      unit_price: unitPrice,
      // Not the item's own start: an item that was added in mid-period shares its period with the one before it.
      period_start: stepsAround(anchor, new Date(end.getTime() - 1)).start,
      period_end: end,
      anchor,
      item_since: instant(item.created),
      selling: isSelling && declared !== undefined,
      sells_until: sellsUntil(selling, item.price.id),
      default_cap: capIn(declared?.defaultCap, currency),
    }
    return [row]
  })
}

/** What is not offered in a currency is not sold in it by itself: the payer has to choose a cap first. */
function capIn(caps: 'none' | Readonly<Record<string, number>> | undefined, currency: string) {
  return caps === 'none' ? null : (caps?.[currency] ?? 0)
}

/** How long before its end nothing is sold any more, so that Stripe has all of it by then. */
const SETTLE_SECONDS = 15 * 60

/** A while before the subscription's end, or before the next phase of its schedule where that has not this price. */
function sellsUntil({ subscription, next }: Selling, price: string): Date | null {
  const ends = [
    subscription.cancel_at,
    next !== null && !next.prices.includes(price) ? next.startsAt : null,
  ].filter((end) => typeof end === 'number')
  return ends.length === 0 ? null : instant(Math.min(...ends) - SETTLE_SECONDS)
}

/** Whether an invoice of this subscription bills nothing but what was sold beyond the plan. */
export function isOverageAlone(
  invoice: Stripe.Invoice,
  subscription: Stripe.Subscription,
): boolean {
  const { lines, parent } = invoice
  if (idOf(parent?.subscription_details?.subscription) !== subscription.id) return false
  const prices = subscription.items.data.flatMap(({ price }) => (overageOf(price) ? price.id : []))
  return (
    lines.data.length > 0 &&
    !lines.has_more &&
    lines.data.every(({ pricing }) => prices.includes(idOf(pricing?.price_details?.price) ?? ''))
  )
}

function instant(seconds: number): Date {
  return new Date(seconds * 1_000)
}
