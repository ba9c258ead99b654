import type { Context } from '../../../core/context.ts'
import type { CheckoutBreakdown, InvoiceLine } from '../../../documents.ts'

const NOTHING: CheckoutBreakdown = { discounts: [], taxes: [] }

type Taxes = CheckoutBreakdown['taxes']

/** What each discount takes off the lines of an order, and what each tax rate adds to or is included in them. */
export function breakdownOf(ctx: Context, lines: readonly InvoiceLine[]): CheckoutBreakdown {
  return lines.reduce(
    ({ discounts, taxes }, line) => ({
      discounts: (line.discount_amounts ?? []).reduce(
        (sums, off) => withDiscount(ctx, sums, off),
        discounts,
      ),
      taxes: (line.taxes ?? []).reduce((sums, tax) => withTax(ctx, sums, tax), taxes),
    }),
    NOTHING,
  )
}

function withDiscount(
  ctx: Context,
  sums: CheckoutBreakdown['discounts'],
  { amount, discount: id }: NonNullable<InvoiceLine['discount_amounts']>[number],
): CheckoutBreakdown['discounts'] {
  const discount = ctx.store.get('discounts', String(id))
  if (discount === undefined) return sums
  const known = sums.find((one) => one.discount.id === discount.id)
  if (known === undefined) return [...sums, { amount, discount }]
  return sums.map((one) => (one === known ? { ...one, amount: one.amount + amount } : one))
}

function withTax(
  ctx: Context,
  sums: Taxes,
  { amount, tax_rate_details: details, ...tax }: NonNullable<InvoiceLine['taxes']>[number],
): Taxes {
  const rate = ctx.store.get('tax_rates', details?.tax_rate ?? '')
  if (rate === undefined) return sums
  const { taxable_amount: taxable } = tax
  const reason = tax.taxability_reason === 'not_available' ? null : tax.taxability_reason
  const known = sums.find((one) => one.rate.id === rate.id && one.taxability_reason === reason)
  if (known === undefined) {
    return [...sums, { amount, rate, taxability_reason: reason, taxable_amount: taxable }]
  }
  const more = {
    amount: known.amount + amount,
    taxable_amount: (known.taxable_amount ?? 0) + (taxable ?? 0),
  }
  return sums.map((one) => (one === known ? { ...one, ...more } : one))
}
