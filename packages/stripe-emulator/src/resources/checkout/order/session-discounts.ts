import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { CheckoutOrder, CheckoutSession, Customer } from '../../../documents.ts'
import { requirePrice } from '../../catalog/price.ts'
import { termsOf } from '../../discounts/coupons/coupon.ts'
import { requireCode } from '../../discounts/coupons/promotion-code.ts'
import type { DiscountParam } from '../../discounts/redeem/discount-params.ts'
import { redeemAll } from '../../discounts/redeem/redeem.ts'
import type { SessionParams } from '../params/session-params.ts'

type Discounts = NonNullable<CheckoutSession['discounts']>

/** The discounts of a new session: each a coupon, or a promotion code whose coupon is not named. */
export function discountsOf({ discounts }: Pick<SessionParams, 'discounts'>): Discounts {
  return (discounts ?? []).map((given, index) => {
    const { coupon = null, promotion_code = null } = given
    if ((coupon === null) !== (promotion_code === null)) return { coupon, promotion_code }
    const verb = coupon === null ? 'must specify one' : 'may only specify one'
    throw invalidRequest(`You ${verb} of these parameters: coupon, promotion_code.`, {
      param: `discounts[${index}]`,
    })
  })
}

/** The discounts of a session, to be redeemed. */
export function redeemable({ discounts }: CheckoutSession): DiscountParam[] {
  return (discounts ?? []).map(({ coupon, promotion_code }) =>
    promotion_code === null
      ? { coupon: String(coupon) }
      : { promotion_code: String(promotion_code) },
  )
}

/** Redeems the discounts of a one-time payment; returns their ids. Throws 400 for one that can not be redeemed. */
export function redeemForPayment(
  ctx: Context,
  session: CheckoutSession,
  about: { customer: Customer | null; subtotal: number },
): string[] {
  return redeemAll(ctx, redeemable(session), {
    param: 'discounts',
    customer: about.customer,
    currency: session.currency,
    amount: about.subtotal,
    owner: { checkout_session: session.id },
    reusable: [],
  })
}

/** Throws 400 for a coupon of certain products where the order has none of them. */
export function requireApplicable(
  ctx: Context,
  session: CheckoutSession,
  order: CheckoutOrder,
): void {
  const bought = order.items.map(({ price }) => requirePrice(ctx, price).product)
  for (const { coupon, promotion_code: code } of session.discounts ?? []) {
    const id = code === null ? String(coupon) : couponOf(ctx, String(code))
    const { products } = termsOf(ctx, id)
    if (products === null || products.some((product) => bought.includes(product))) continue
    throw invalidRequest(
      'This coupon cannot be redeemed because it does not apply to anything in this order.',
      { code: 'coupon_applies_to_nothing' },
    )
  }
}

function couponOf(ctx: Context, code: string): string {
  return requireCode(ctx, code).promotion.coupon ?? ''
}
