import type { Context } from '../../core/context.ts'
import type {
  Customer,
  Discount,
  Invoice,
  Subscription,
  SubscriptionItem,
} from '../../documents.ts'
import { knownCoupon } from './coupons/coupon.ts'
import { isLasting } from './redeem/redeem.ts'

/** The discounts of a list that still take something off at a time: not ended, and not used up. */
export function activeDiscounts(ctx: Context, ids: readonly string[], at: number): string[] {
  return ids.filter((id) => {
    const discount = ctx.store.get('discounts', id)
    return discount !== undefined && isActive(ctx, discount, at)
  })
}

function isActive(ctx: Context, discount: Discount, at: number): boolean {
  return (discount.end === null || at < discount.end) && !isUsed(ctx, discount)
}

/** Items without the discounts for one invoice that an invoice has used up. */
export function withoutUsedDiscounts(
  ctx: Context,
  items: readonly SubscriptionItem[],
): SubscriptionItem[] {
  const isLeft = (id: string) => {
    const discount = ctx.store.get('discounts', id)
    return discount !== undefined && !isUsed(ctx, discount)
  }
  return items.map((item) => ({ ...item, discounts: item.discounts.filter(isLeft) }))
}

/** Whether a discount for one invoice has taken something off an invoice. */
function isUsed(ctx: Context, discount: Discount): boolean {
  if (!isLasting(discount) || !isOnce(ctx, discount)) return false
  return ctx.store
    .find('invoices', { index: 'customer', key: discount.customer ?? '' })
    .some((invoice) => takesOff(invoice, discount.id))
}

/** Whether the coupon of a discount is for one invoice. */
export function isOnce(ctx: Context, discount: Discount): boolean {
  return knownCoupon(ctx, discount.source.coupon ?? '')?.duration === 'once'
}

/** Whether a discount takes something off an invoice. */
export function takesOff(invoice: Invoice, discount: string): boolean {
  return (invoice.total_discount_amounts ?? []).some(
    (one) => one.discount === discount && one.amount > 0,
  )
}

/**
 * The discounts of a new invoice of a subscription: those of the subscription, else the customer's (JSDoc of
 * `SubscriptionCreateParams.discounts`). `at`: when the invoice begins, in seconds.
 */
export function subscriptionDiscounts(
  ctx: Context,
  { subscription, customer }: { subscription: Subscription; customer: Customer },
  at: number,
): string[] {
  const own = activeDiscounts(ctx, subscription.discounts, at)
  if (own.length > 0 || refusesInheritance(ctx, subscription, at)) return own
  return customerDiscounts(ctx, customer, at)
}

/** The discount of a customer, where there is one that has not ended. */
export function customerDiscounts(ctx: Context, customer: Customer, at: number): string[] {
  return activeDiscounts(ctx, customer.discount ? [customer.discount.id] : [], at)
}

/** Whether the phase of a subscription's schedule has an empty `discounts`, which keeps the customer's out. */
function refusesInheritance(ctx: Context, { schedule }: Subscription, at: number): boolean {
  const doc = ctx.store.get('subscription_schedules', schedule ?? '')
  const phase = doc?.phases.findLast(({ start_date }) => start_date <= at)
  return (
    phase !== undefined &&
    ctx.store.get('undiscounted_phases', `${doc?.id}/${phase.start_date}`) !== undefined
  )
}
