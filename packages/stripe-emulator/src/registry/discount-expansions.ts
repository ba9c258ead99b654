import type { Expander, Expansions } from '../http/expand.ts'
import { currentCoupon, knownCoupon, termsOf } from '../resources/discounts/coupons/coupon.ts'
import { currentCode } from '../resources/discounts/coupons/promotion-code.ts'
import { customer, idOf } from './expanders.ts'

/** A coupon as it is now, also a deleted one. */
export const coupon: Expander = (ctx, id) => {
  const found = typeof id === 'string' ? knownCoupon(ctx, id) : undefined
  return found === undefined ? id : currentCoupon(ctx, found)
}

/** A promotion code as it is now. */
export const promotionCode: Expander = (ctx, id) => {
  const found = typeof id === 'string' ? ctx.store.get('promotion_codes', id) : undefined
  return found === undefined ? id : currentCode(ctx, found)
}

/** The products of a coupon; undefined: it applies to all. */
const appliesTo: Expander = (ctx, _value, owner) => {
  const { products } = termsOf(ctx, idOf(owner))
  return products === null ? undefined : { products }
}

/** The amounts off in each currency of a coupon, its own included. */
const couponCurrencies: Expander = (ctx, _value, owner) => {
  const { currency, amount_off: amount } = owner
  const own = typeof currency === 'string' ? { [currency]: Number(amount) } : {}
  const all = { ...own, ...termsOf(ctx, idOf(owner)).amounts }
  return byCurrency(all, (amount_off) => ({ amount_off }))
}

/** The minimum amounts in each currency of a promotion code, its own included. */
const codeCurrencies: Expander = (ctx, _value, owner) => {
  const { minimum_amount: minimum, minimum_amount_currency: currency } = Object(
    owner['restrictions'],
  )
  const own = typeof currency === 'string' ? { [currency]: Number(minimum) } : {}
  const all = { ...own, ...termsOf(ctx, idOf(owner)).amounts }
  return byCurrency(all, (minimum_amount) => ({ minimum_amount }))
}

function byCurrency(
  amounts: Record<string, number>,
  show: (amount: number) => object,
): Record<string, object> {
  return Object.fromEntries(
    Object.entries(amounts).map(([currency, amount]) => [currency, show(amount)]),
  )
}

/** The expandable fields of coupons, promotion codes and discounts. */
export const discountExpansions: Expansions = {
  coupon: { applies_to: appliesTo, currency_options: couponCurrencies },
  discount: { customer, promotion_code: promotionCode, 'source.coupon': coupon },
  promotion_code: {
    customer,
    'promotion.coupon': coupon,
    'restrictions.currency_options': codeCurrencies,
  },
}
