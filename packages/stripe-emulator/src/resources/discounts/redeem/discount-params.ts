import type { ValueOf } from '../../../http/params/param.ts'
import { emptyable, text } from '../../../http/params/param.ts'
import { listOf, shape } from '../../../http/params/shape.ts'

/** One discount of an object: a coupon or a promotion code to redeem, or a discount that there is already. */
export const discountParam = shape({ coupon: text, discount: text, promotion_code: text })

/** The discounts of an object; an empty string is none. */
export const discountsParam = emptyable(listOf(discountParam))

export type DiscountParam = ValueOf<typeof discountParam>
