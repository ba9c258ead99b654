import type { Coupon, Discount, PromotionCode } from '../../documents.ts'

/** What a coupon or promotion code has beyond the fields that are always shown; the API returns it where it is expanded. */
export interface DiscountTerms {
  /** The id of the coupon or promotion code. */
  id: string
  /** The products that a coupon applies to; null: all. */
  products: string[] | null
  /** The amount off, or the minimum amount, in other currencies. */
  amounts: Record<string, number>
}

/** The documents of coupons, promotion codes and discounts, by collection. */
export interface DiscountDocuments {
  coupons: Coupon
  /** Deleted coupons, which discounts still refer to. */
  deleted_coupons: Coupon
  promotion_codes: PromotionCode
  discount_terms: DiscountTerms
  discounts: Discount
  /** Phases of schedules with an empty list of discounts, by schedule and start. */
  undiscounted_phases: { id: string; schedule: string }
}
