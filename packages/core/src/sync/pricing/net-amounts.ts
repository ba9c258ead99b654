import type Stripe from 'stripe'
import { amountIn, idOf } from '../../stripe/index.ts'
import type { Discount, Discounts } from './discounts.ts'

/** What a period costs until an instant (ISO 8601), in the minor unit; `until` null: for good. */
export interface NetAmount {
  until: string | null
  amount: number
}

/** Stripe applies the discounts of an item before those of its subscription. */
export function netAmountsOf(
  { id, currency }: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  discounts: Discounts,
): NetAmount[] | null {
  const unit = amountIn(item.price, currency)
  if (unit === null) return null
  const amount = unit * (item.quantity ?? 1)
  const all = [...(discounts.get(item.id) ?? []), ...(discounts.get(id) ?? [])]
  return netAmounts({ amount, currency, productId: idOf(item.price.product) }, all)
}

export interface Priced {
  /** For the whole quantity, without discounts. */
  amount: number
  currency: string
  productId: string | null
}

/**
 * What a period costs with discounts, applied in their order: those that are forever, and those that repeat until they
 * end. One that counts once is not in it: it says nothing of the months to come. Null where there is no discount.
 */
export function netAmounts(priced: Priced, discounts: readonly Discount[]): NetAmount[] | null {
  const lasting = discounts.filter(({ coupon }) => isLasting(coupon, priced))
  if (lasting.length === 0) return null
  const ends = [...new Set(lasting.flatMap(({ end }) => end ?? []))].toSorted((a, b) => a - b)
  return [...ends, null].map((end) => {
    const then = lasting.filter((each) => each.end === null || (end !== null && each.end >= end))
    const amount = then.reduce(
      (rest, { coupon }) => discounted(rest, coupon, priced),
      priced.amount,
    )
    return { until: end === null ? null : new Date(end * 1_000).toISOString(), amount }
  })
}

function isLasting({ duration, applies_to: only }: Stripe.Coupon, { productId }: Priced): boolean {
  if (duration === 'once') return false
  return only === undefined || (productId !== null && only.products.includes(productId))
}

function discounted(amount: number, coupon: Stripe.Coupon, { currency }: Priced): number {
  if (coupon.percent_off !== null) {
    return amount - Math.round((amount * coupon.percent_off) / 100)
  }
  const off =
    coupon.currency === currency
      ? coupon.amount_off
      : coupon.currency_options?.[currency]?.amount_off
  return Math.max(0, amount - (off ?? 0))
}
