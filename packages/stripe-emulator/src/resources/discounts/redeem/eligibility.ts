import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Coupon, Customer, PromotionCode } from '../../../documents.ts'
import { requireFew } from '../../../http/params/limits.ts'
import { isExpired, isUsedUp, requireCoupon, termsOf, worthOf } from '../coupons/coupon.ts'
import { couponOf, isCouponSpent, isPast, isSpent, requireCode } from '../coupons/promotion-code.ts'
import type { DiscountParam } from './discount-params.ts'

/** What coupons and promotion codes are redeemed on. */
export interface Purchase {
  /** The name of the list of discounts: `discounts`, `items[0][discounts]`. */
  param: string
  customer: Customer | null
  /** The currency; null: not known yet. */
  currency: string | null
  /** What minimum amounts are compared with; null: the amount may still change. */
  amount: number | null
  /** The discounts of the object and of its ancestors, which may be named again. */
  reusable: readonly string[]
}

/** A discount that may be applied: an existing one, or a coupon to redeem. */
export type Eligible =
  | { discount: string }
  | { discount: null; coupon: Coupon; code: PromotionCode | null }

const MOST = 20

/** Looks up the discounts of a request. Throws Stripe's 400 for one that can not be applied. */
export function eligibleDiscounts(
  ctx: Context,
  params: readonly DiscountParam[],
  purchase: Purchase,
): Eligible[] {
  requireFew(params.length, MOST, purchase.param)
  const found = params.map((param, index) =>
    eligible(ctx, param, {
      ...purchase,
      // The customer's own discount is not in a list.
      param: purchase.param === '' ? '' : `${purchase.param}[${index}]`,
    }),
  )
  const keys = found.map((one) => one.discount ?? ('coupon' in one ? one.coupon.id : ''))
  const again = keys.findIndex((key, index) => keys.indexOf(key) !== index)
  if (again === -1) return found
  throw invalidRequest('Each entry of `discounts` must be unique.', {
    param: `${purchase.param}[${again}]`,
  })
}

function eligible(ctx: Context, entry: DiscountParam, purchase: Purchase): Eligible {
  const { param } = purchase
  const { coupon: couponId, discount, promotion_code: codeId } = entry
  const given = [couponId, discount, codeId].filter((id) => id !== undefined)
  if (given.length !== 1) {
    throw invalidRequest(
      given.length === 0
        ? 'You must specify one of these parameters: coupon, discount, promotion_code.'
        : 'You may only specify one of these parameters: coupon, discount, promotion_code.',
      { param },
    )
  }
  const named = (name: string) => (param === '' ? name : `${param}[${name}]`)
  if (discount !== undefined) {
    if (purchase.reusable.includes(discount)) return { discount }
    throw noSuch('discount', discount, named('discount'))
  }
  const code = codeId === undefined ? null : requireCode(ctx, codeId, named('promotion_code'))
  const at = named(code === null ? 'coupon' : 'promotion_code')
  if (code !== null) checkCode(ctx, code, { ...purchase, param: at })
  const coupon = requireCoupon(ctx, couponId ?? code?.promotion.coupon ?? '', at)
  checkCoupon(ctx, coupon, { ...purchase, param: at })
  return { discount: null, coupon, code }
}

/** Throws Stripe's 400 for a coupon that can not be redeemed on a purchase. */
function checkCoupon(ctx: Context, coupon: Coupon, { param, currency }: Purchase): void {
  if (isExpired(ctx, coupon)) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param })
  }
  if (isUsedUp(coupon)) {
    throw invalidRequest(`Coupon ${coupon.id} is used up and cannot be applied.`, { param })
  }
  if (currency === null) return
  const worth = worthOf(ctx, coupon, currency)
  if (!('amountOff' in worth) || worth.amountOff !== null) return
  const others = Object.keys(termsOf(ctx, coupon.id).amounts)
  const currencies = [coupon.currency ?? '', ...others].map((one) => `\`${one}\``)
  throw invalidRequest(
    `The coupon specified only supports ${currencies.join(', ')}. This doesn't match the expected currency: \`${currency}\`.`,
    { param },
  )
}

/** Throws Stripe's 400 for a promotion code that can not be redeemed on a purchase. */
export function checkCode(ctx: Context, code: PromotionCode, purchase: Purchase): void {
  const { param, customer } = purchase
  const refuse = (why: string): never => {
    throw invalidRequest(`This promotion code cannot be redeemed because ${why}.`, { param })
  }
  if (isPast(ctx, code)) {
    const coupon = couponOf(ctx, code)?.id ?? code.promotion.coupon
    throw invalidRequest(`Coupon expired: ${coupon}`, { code: 'coupon_expired', param })
  }
  if (isSpent(code) || isCouponSpent(ctx, code)) {
    refuse('it has been used the maximum number of times')
  }
  if (!code.active) throw invalidRequest('This promotion code is inactive.', { param })
  if (code.customer !== null && code.customer !== customer?.id) {
    refuse('it is restricted to another customer')
  }
  if (code.restrictions.first_time_transaction && customer !== null && hasPaid(ctx, customer)) {
    refuse('the associated customer has prior transactions')
  }
  checkMinimum(ctx, code, purchase)
}

/** Whether a customer has a successful payment or an invoice that was finalized and is not void. */
function hasPaid(ctx: Context, { id }: Customer): boolean {
  const invoices = ctx.store.find('invoices', { index: 'customer', key: id })
  return (
    invoices.some(({ status }) => status !== 'draft' && status !== 'void') ||
    ctx.store.newest('charges').some((one) => one.customer === id && one.status === 'succeeded')
  )
}

function checkMinimum(ctx: Context, code: PromotionCode, purchase: Purchase): void {
  const { minimum_amount: own, minimum_amount_currency: ownCurrency } = code.restrictions
  if (own === null) return
  const { param, amount, currency } = purchase
  if (amount === null) {
    throw invalidRequest(
      'This promotion code cannot be redeemed on a subscription update because it uses the `minimum_amount` restriction and the amount may change.',
      { param },
    )
  }
  const minimum = currency === ownCurrency ? own : termsOf(ctx, code.id).amounts[currency ?? '']
  if (minimum !== undefined && amount >= minimum) return
  throw invalidRequest(
    'This promotion code cannot be redeemed because the associated purchase does not meet the minimum amount requirement.',
    { param },
  )
}
