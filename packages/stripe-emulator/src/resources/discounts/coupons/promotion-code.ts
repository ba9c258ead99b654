import type { Context } from '../../../core/context.ts'
import { noSuch } from '../../../core/errors.ts'
import type { PromotionCode } from '../../../documents.ts'
import { currentCoupon, isUsedUp, knownCoupon, notFound } from './coupon.ts'

/** A promotion code as it is now: `active` follows from what was set, the time, the redemptions and its coupon. */
export function currentCode(ctx: Context, code: PromotionCode): PromotionCode {
  return { ...code, active: code.active && isRedeemable(ctx, code) }
}

/** Whether nothing but `active` keeps a promotion code from being redeemed. */
export function isRedeemable(ctx: Context, code: PromotionCode): boolean {
  const coupon = couponOf(ctx, code)
  return (
    !isPast(ctx, code) && !isSpent(code) && coupon !== undefined && currentCoupon(ctx, coupon).valid
  )
}

/** The coupon of a promotion code. */
export function couponOf(ctx: Context, code: PromotionCode) {
  return knownCoupon(ctx, code.promotion.coupon ?? '')
}

/** Whether a promotion code has expired by its own date. */
export function isPast(ctx: Context, code: PromotionCode): boolean {
  return code.expires_at !== null && code.expires_at < ctx.now
}

/** Whether a promotion code, or its coupon, was redeemed as often as it may be. */
export function isSpent(code: PromotionCode): boolean {
  return code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions
}

/** Whether the coupon of a promotion code was redeemed as often as it may be. */
export function isCouponSpent(ctx: Context, code: PromotionCode): boolean {
  const coupon = couponOf(ctx, code)
  return coupon !== undefined && isUsedUp(coupon)
}

/** A promotion code. Throws 404, or 400 where `param` names it. */
export function requireCode(ctx: Context, id: string, param?: string): PromotionCode {
  const code = ctx.store.get('promotion_codes', id)
  if (code !== undefined) return code
  throw param === undefined ? notFound('promotion code', id) : noSuch('promotion code', id, param)
}

/** The active promotion code that a customer types, in any case; undefined: there is none for this customer. */
export function findCode(
  ctx: Context,
  typed: string,
  customer: string | null,
): PromotionCode | undefined {
  const all = ctx.store.find('promotion_codes', { index: 'code', key: typed.toLowerCase() })
  const usable = all.filter((code) => code.customer === null || code.customer === customer)
  return usable.find((code) => currentCode(ctx, code).active) ?? usable[0]
}
