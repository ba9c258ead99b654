import type { Context } from '../../core/context.ts'
import type { Invoice, InvoiceLine } from '../../documents.ts'
import { knownCoupon, termsOf, worthOf } from './coupons/coupon.ts'
import type { SpreadDiscount } from './spread.ts'
import { spreadDiscounts } from './spread.ts'

/**
 * The lines of an invoice, each with what its discounts take off: those of the line first, then those of the
 * invoice. Computed anew from the lines, so that a repeat is safe.
 */
export function discountedLines(
  ctx: Context,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
): InvoiceLine[] {
  const ofLines = new Set(lines.flatMap(({ discounts }) => discounts))
  const discounts = [
    ...[...ofLines].flatMap((id) => spreadable(ctx, id, { ...invoice, ofLines: true })),
    ...invoice.discounts.flatMap((id) => spreadable(ctx, id, { ...invoice, ofLines: false })),
  ]
  const amounts = spreadDiscounts(
    lines.map((line) => ({
      amount: line.subtotal,
      product: line.pricing?.price_details?.product ?? null,
      discountable: line.discountable,
      discounts: line.discounts,
    })),
    discounts,
  )
  return lines.map((line, index) => {
    const own = amounts[index] ?? []
    return {
      ...line,
      discount_amounts: own,
      pretax_credit_amounts: own.map((amount) => ({ ...amount, type: 'discount' as const })),
    }
  })
}

/** A discount as it is spread over lines in a currency; none where it is unknown. */
export function spreadable(
  ctx: Context,
  id: string,
  about: { currency: string; ofLines: boolean },
): SpreadDiscount[] {
  const coupon = knownCoupon(ctx, ctx.store.get('discounts', id)?.source.coupon ?? '')
  if (coupon === undefined) return []
  const worth = worthOf(ctx, coupon, about.currency)
  return [{ id, worth, products: termsOf(ctx, coupon.id).products, ofLines: about.ofLines }]
}

/** What the discounts of lines take off: their part of what discounts take off. */
export function lineLevelDiscount(line: InvoiceLine): number {
  return (line.discount_amounts ?? [])
    .filter(({ discount }) => line.discounts.includes(discount))
    .reduce((total, { amount }) => total + amount, 0)
}
