import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch, StripeError } from '../../../core/errors.ts'
import type { Coupon } from '../../../documents.ts'
import type { DiscountTerms } from '../discount-documents.ts'

const FIVE_YEARS = 5 * 366 * 86_400

/** A coupon as it is now: `valid` follows from the time and the redemptions. */
export function currentCoupon(ctx: Context, coupon: Coupon): Coupon {
  return { ...coupon, valid: coupon.valid && !isExpired(ctx, coupon) && !isUsedUp(coupon) }
}

/** Whether the last time to redeem a coupon has passed. */
export function isExpired(ctx: Context, coupon: Coupon): boolean {
  return coupon.redeem_by !== null && coupon.redeem_by < ctx.now
}

/** Whether a coupon was redeemed as often as it may be. */
export function isUsedUp(coupon: Coupon): boolean {
  return coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions
}

/** A coupon that is not deleted. Throws 404, or 400 where `param` names it. */
export function requireCoupon(ctx: Context, id: string, param?: string): Coupon {
  const coupon = ctx.store.get('coupons', id)
  if (coupon !== undefined) return coupon
  throw param === undefined ? notFound('coupon', id) : noSuch('coupon', id, param)
}

/** The 404 for the object of the path, which names it as the parameter. */
export function notFound(noun: 'coupon' | 'promotion code', id: string): StripeError {
  return new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param: noun.replace(' ', '_'),
  })
}

/** A coupon, also a deleted one: discounts outlive their coupon. */
export function knownCoupon(ctx: Context, id: string): Coupon | undefined {
  return ctx.store.get('coupons', id) ?? ctx.store.get('deleted_coupons', id)
}

const NO_TERMS = { products: null, amounts: {} }

/** What a coupon or promotion code has beyond the fields that are always shown. */
export function termsOf(ctx: Context, id: string): DiscountTerms {
  return ctx.store.get('discount_terms', id) ?? { id, ...NO_TERMS }
}

/** What a coupon takes off in a currency: an amount, null where it has none, or a percentage. */
export type Worth = { percentOff: number } | { amountOff: number | null }

/** What a coupon takes off in a currency. */
export function worthOf(ctx: Context, coupon: Coupon, currency: string): Worth {
  if (coupon.percent_off !== null) return { percentOff: coupon.percent_off }
  if (coupon.currency === currency) return { amountOff: coupon.amount_off }
  return { amountOff: termsOf(ctx, coupon.id).amounts[currency] ?? null }
}

/** Throws 400 for a time that has passed, or that is more than five years ahead. */
export function checkFuture(ctx: Context, at: number | undefined, param: string): void {
  if (at === undefined) return
  if (at <= ctx.now) {
    throw invalidRequest(
      `The parameter \`${param}\` expects a unix timestamp representing a date and time in the future. You specified the value \`${at}\` which is in the past.`,
      { param },
    )
  }
  if (at > ctx.now + FIVE_YEARS) {
    throw invalidRequest('Invalid timestamp: can be no more than five years in the future.', {
      param,
    })
  }
}
