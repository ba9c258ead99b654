import type { Context } from '../../core/context.ts'
import type { Customer, Subscription, SubscriptionItem } from '../../documents.ts'
import { priceAmount } from '../catalog/amount.ts'
import { activeDiscounts, subscriptionDiscounts } from './active.ts'
import { spreadable } from './apply.ts'
import { spreadDiscounts } from './spread.ts'

/** What an item costs for a whole period, and the discounts that are already taken off it. */
export interface NetAmount {
  amount: number
  discounts: string[]
}

/**
 * What each item of a subscription costs for a whole period after its discounts, by the id of the item. Prorations
 * are parts of this: with `proration_discounts: included` their amounts contain the discounts, and no discount is
 * taken off them again (docs.stripe.com, "Set eligible products" in coupons).
 */
export function netAmounts(
  ctx: Context,
  of: { subscription: Subscription; customer: Customer; items: readonly SubscriptionItem[] },
  at: number,
): Map<string, NetAmount> {
  const { subscription, items } = of
  const { currency } = subscription
  const lines = items.map((item) => ({
    amount: priceAmount(ctx, item.price, { quantity: item.quantity ?? 1, currency }),
    product: item.price.product,
    discountable: true,
    discounts: activeDiscounts(ctx, item.discounts, at),
  }))
  const own = new Set(lines.flatMap(({ discounts }) => discounts))
  const amounts = spreadDiscounts(lines, [
    ...[...own].flatMap((id) => spreadable(ctx, id, { currency, ofLines: true })),
    ...subscriptionDiscounts(ctx, of, at).flatMap((id) =>
      spreadable(ctx, id, { currency, ofLines: false }),
    ),
  ])
  return new Map(
    items.map((item, index) => [item.id, net(lines[index]?.amount ?? 0, amounts[index] ?? [])]),
  )
}

function net(gross: number, taken: readonly { amount: number; discount: string }[]): NetAmount {
  return {
    amount: gross - taken.reduce((sum, { amount }) => sum + amount, 0),
    discounts: taken.map(({ discount }) => discount),
  }
}
