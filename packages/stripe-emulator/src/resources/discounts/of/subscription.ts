import type { Context } from '../../../core/context.ts'
import type { Customer, Subscription, SubscriptionItem } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import type { DiscountParam } from '../redeem/discount-params.ts'
import type { DiscountOwner } from '../redeem/redeem.ts'
import { redeemAll } from '../redeem/redeem.ts'

/** The discounts that a request names; null: none; undefined: it does not say. */
type Wanted = readonly DiscountParam[] | null | undefined

/** The name of the parameter, and what minimum amounts are compared with; null: the amount may still change. */
interface About {
  param: string
  amount: number | null
}

/**
 * Gives a subscription the discounts of a request, which replace those that it has; an empty list leaves them
 * (JSDoc of `SubscriptionUpdateParams.discounts`). Sends the events of the discounts, not of the subscription.
 */
export function discountSubscription(
  ctx: Context,
  before: Subscription,
  change: { discounts: Wanted } & About,
): Subscription {
  const { discounts: wanted } = change
  if (wanted === undefined || wanted?.length === 0) return before
  const discounts = replace(ctx, before.discounts, {
    ...change,
    wanted,
    subscription: before,
    owner: { subscription: before.id },
  })
  return ctx.patch('subscriptions', before.id, { discounts })
}

/** The discounts of an item of a subscription after a request, whose events are sent. */
export function itemDiscounts(
  ctx: Context,
  item: SubscriptionItem,
  change: { discounts: Wanted; subscription: Subscription } & About,
): string[] {
  const { discounts: wanted, subscription } = change
  if (wanted === undefined || wanted?.length === 0) return item.discounts
  return replace(ctx, item.discounts, {
    ...change,
    wanted,
    owner: { subscription: subscription.id, subscription_item: item.id },
  })
}

function replace(
  ctx: Context,
  before: readonly string[],
  change: {
    wanted: readonly DiscountParam[] | null
    subscription: Subscription
    owner: DiscountOwner
  } & About,
): string[] {
  const { subscription, wanted } = change
  const customer = requireCustomer(ctx, subscription.customer)
  const after = redeemAll(ctx, wanted ?? [], {
    ...change,
    customer,
    currency: subscription.currency,
    reusable: reusableOn(subscription, customer),
  })
  announce(ctx, before, after)
  return after
}

/** The discounts of a subscription and of its customer, which a request may name again. */
export function reusableOn(subscription: Subscription, customer: Customer): string[] {
  const ofItems = subscription.items.data.flatMap(({ discounts }) => discounts)
  const ofCustomer = customer.discount ? [customer.discount.id] : []
  return [...subscription.discounts, ...ofItems, ...ofCustomer]
}

function announce(ctx: Context, before: readonly string[], after: readonly string[]): void {
  for (const id of after.filter((one) => !before.includes(one))) {
    const discount = ctx.store.get('discounts', id)
    if (discount !== undefined) ctx.emit('customer.discount.created', discount)
  }
  for (const id of before.filter((one) => !after.includes(one))) {
    const discount = ctx.store.get('discounts', id)
    if (discount !== undefined) ctx.emit('customer.discount.deleted', discount)
  }
}
