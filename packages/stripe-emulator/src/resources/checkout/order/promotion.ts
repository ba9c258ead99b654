import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { CheckoutSession } from '../../../documents.ts'
import { requireCoupon } from '../../discounts/coupons/coupon.ts'
import { findCode } from '../../discounts/coupons/promotion-code.ts'
import { requireLeastAmount } from '../checks/least-amount.ts'
import { openSession, requireOrder } from '../session.ts'
import { requireApplicable } from './session-discounts.ts'
import { withTotals } from './totals.ts'

/**
 * Applies the promotion code that the buyer typed, instead of one that was applied before. Throws 400 with the text
 * for the page where the session takes no codes, there is no such code, or it can not be redeemed on this order.
 */
export function applyPromotionCode(ctx: Context, id: string, typed: string): CheckoutSession {
  const session = openSession(ctx, id)
  requireBox(session)
  const code = findCode(ctx, typed.trim(), session.customer)
  if (code === undefined) throw invalidRequest('This code is invalid.')
  requireCoupon(ctx, code.promotion.coupon ?? '')
  return withDiscounts(ctx, id, [{ coupon: null, promotion_code: code.id }])
}

/** Takes the promotion code of the buyer off. A repeat changes nothing. */
export function removePromotionCode(ctx: Context, id: string): CheckoutSession {
  requireBox(openSession(ctx, id))
  return withDiscounts(ctx, id, [])
}

function requireBox({ allow_promotion_codes: takesCodes }: CheckoutSession): void {
  if (takesCodes !== true) throw invalidRequest('This checkout takes no promotion codes.')
}

function withDiscounts(
  ctx: Context,
  id: string,
  discounts: NonNullable<CheckoutSession['discounts']>,
): CheckoutSession {
  const changed = ctx.patch('checkout_sessions', id, { discounts })
  requireApplicable(ctx, changed, requireOrder(ctx, id))
  const session = withTotals(ctx, id)
  requireLeastAmount(session)
  return session
}
