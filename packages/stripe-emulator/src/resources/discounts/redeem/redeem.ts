import type { Context } from '../../../core/context.ts'
import { longId } from '../../../core/ids.ts'
import { afterIntervals } from '../../../core/periods.ts'
import type { Coupon, Customer, Discount, PromotionCode } from '../../../documents.ts'
import { scheduleDiscountEnd } from '../../events/reminders.ts'
import { currentCoupon } from '../coupons/coupon.ts'
import { currentCode } from '../coupons/promotion-code.ts'
import type { DiscountParam } from './discount-params.ts'
import type { Purchase } from './eligibility.ts'
import { eligibleDiscounts } from './eligibility.ts'

/** The object that a discount belongs to; none: the customer. */
export type DiscountOwner = Partial<
  Pick<
    Discount,
    'checkout_session' | 'invoice' | 'invoice_item' | 'subscription' | 'subscription_item'
  >
>

/** A coupon, or a promotion code with its coupon. */
export interface Redeemed {
  coupon: Coupon
  code: PromotionCode | null
}

/**
 * Redeems coupons and promotion codes for an object, and returns the ids of its discounts. Throws Stripe's 400 for
 * one that can not be redeemed. A repeat redeems again.
 */
export function redeemAll(
  ctx: Context,
  params: readonly DiscountParam[],
  purchase: Purchase & { owner: DiscountOwner },
): string[] {
  return eligibleDiscounts(ctx, params, purchase).map((one) =>
    one.discount === null ? createDiscount(ctx, one, purchase).id : one.discount,
  )
}

/** Redeems a coupon: creates the discount and counts the redemption. */
export function createDiscount(
  ctx: Context,
  { coupon, code }: Redeemed,
  about: { customer: Customer | null; owner: DiscountOwner },
): Discount {
  const { customer, owner } = about
  const testClock = customer?.test_clock ?? null
  const start = ctx.timeOf(testClock)
  const discount = ctx.store.put('discounts', {
    id: longId('di'),
    object: 'discount',
    checkout_session: null,
    customer: customer?.id ?? null,
    customer_account: null,
    end: endOf(coupon, start),
    invoice: null,
    invoice_item: null,
    promotion_code: code?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start,
    subscription: null,
    subscription_item: null,
    ...owner,
  })
  countRedemption(ctx, { coupon, code })
  if (isLasting(discount)) scheduleDiscountEnd(ctx, discount, testClock)
  return discount
}

function endOf(coupon: Coupon, start: number): number | null {
  if (coupon.duration !== 'repeating') return null
  const months = coupon.duration_in_months ?? 0
  return afterIntervals(start, { interval: 'month', interval_count: 1 }, months)
}

/** Whether a discount is of a customer, a subscription or its item, and not of one invoice or session. */
export function isLasting({ checkout_session, invoice, invoice_item }: Discount): boolean {
  return checkout_session === null && invoice === null && invoice_item === null
}

/** Counts a redemption; where it was the last one, the events say that the coupon and the code are spent. */
function countRedemption(ctx: Context, { coupon, code }: Redeemed): void {
  const codes = ctx.store.find('promotion_codes', { index: 'coupon', key: coupon.id })
  const before = codes.map((one) => currentCode(ctx, one))
  const counted = ctx.patch('coupons', coupon.id, { times_redeemed: coupon.times_redeemed + 1 })
  const current = currentCoupon(ctx, counted)
  if (!current.valid) ctx.emit('coupon.updated', current, { valid: true })
  if (code !== null) {
    ctx.patch('promotion_codes', code.id, { times_redeemed: code.times_redeemed + 1 })
  }
  for (const { id, active } of before) {
    const after = ctx.store.get('promotion_codes', id)
    if (!active || after === undefined || currentCode(ctx, after).active) continue
    ctx.emit('promotion_code.updated', currentCode(ctx, after), { active: true })
  }
}
