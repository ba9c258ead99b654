import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { priceAmount } from '../../catalog/amount.ts'
import { discountSubscription, itemDiscounts } from '../../discounts/of/subscription.ts'
import { itemFields } from '../subscription.ts'
import type { SubscriptionOrder } from './order.ts'
import type { FirstItem } from './start.ts'

interface Placed {
  subscription: Subscription
  items: FirstItem[]
}

/** Redeems the discounts of a new subscription and of its items. Throws 400 for one that can not be redeemed. */
export function redeemDiscounts(ctx: Context, order: SubscriptionOrder, placed: Placed): Placed {
  const { currency } = placed.subscription
  const sum = order.items.reduce(
    (total, { price, quantity }) => total + priceAmount(ctx, price, { quantity, currency }),
    0,
  )
  // A minimum amount is compared with what is due now, which is nothing in a trial.
  const amount = order.trialEnd === null ? sum : 0
  const { discounts } = order
  const subscription = discountSubscription(ctx, placed.subscription, {
    discounts,
    param: 'discounts',
    amount,
  })
  const items = placed.items.map((first, index) => {
    const wanted = order.items[index]?.discounts
    const about = { subscription, param: `items[${index}][discounts]`, amount }
    const own = itemDiscounts(ctx, first.item, { ...about, discounts: wanted })
    return { ...first, item: { ...first.item, discounts: own } }
  })
  const all = itemFields(
    subscription.id,
    items.map(({ item }) => item),
  )
  return { subscription: ctx.patch('subscriptions', subscription.id, all), items }
}
