import type { Context } from '../../core/context.ts'
import type { Invoice, InvoiceLine } from '../../documents.ts'
import { discountedLines, lineLevelDiscount } from '../discounts/apply.ts'
import { leastCharge } from '../payments/charges/amount-limits.ts'
import { subtotalExcludingTax, taxedLines, withTaxStatus } from '../tax/apply.ts'

type Totals = Pick<
  Invoice,
  | 'amount_due'
  | 'amount_remaining'
  | 'subtotal'
  | 'subtotal_excluding_tax'
  | 'total'
  | 'total_discount_amounts'
  | 'total_excluding_tax'
  | 'total_pretax_credit_amounts'
  | 'total_taxes'
>

type Tax = NonNullable<InvoiceLine['taxes']>[number]

/** A draft before its totals are computed. */
export const NO_TOTALS: Totals = {
  amount_due: 0,
  amount_remaining: 0,
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
}

/**
 * An invoice with everything that follows from its lines: the discounts and the taxes of each line, and the totals.
 * Called for every change of a draft, so that no total can differ from its lines.
 */
export function withTotals(ctx: Context, invoice: Invoice): Invoice {
  const discounted = discountedLines(ctx, invoice, invoice.lines.data)
  const lines = taxedLines(ctx, invoice, discounted)
  return {
    ...invoice,
    ...totalsOf(invoice, lines),
    automatic_tax: withTaxStatus(ctx, invoice),
    subtotal_excluding_tax: subtotalExcludingTax(ctx, invoice, lines),
    lines: { ...invoice.lines, data: lines },
  }
}

function totalsOf(
  invoice: Invoice,
  lines: readonly InvoiceLine[],
): Omit<Totals, 'subtotal_excluding_tax'> {
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  const discounts = sumDiscounts(lines)
  const gross = sum(lines, (line) => line.subtotal)
  const discount = sum(discounts, ({ amount }) => amount)
  // The subtotal is after the discounts of lines and before those of the invoice (JSDoc of `Invoice.subtotal`).
  const subtotal = gross - sum(lines, lineLevelDiscount)
  const exclusive = taxes.filter((tax) => tax.tax_behavior === 'exclusive')
  const total = gross - discount + sum(exclusive, ({ amount }) => amount)
  // Less than the smallest charge is not collected: it goes to the customer's balance (JSDoc of `amount_due`).
  const open = total + invoice.starting_balance
  const due = open < leastCharge(invoice.currency) ? 0 : open
  return {
    amount_due: due,
    amount_remaining: due,
    subtotal,
    total,
    total_discount_amounts: discounts,
    total_excluding_tax: total - sum(taxes, ({ amount }) => amount),
    total_pretax_credit_amounts: discounts.map((one) => ({ ...one, type: 'discount' as const })),
    total_taxes: sumTaxes(taxes),
  }
}

function sum<T>(list: readonly T[], amountOf: (one: T) => number): number {
  return list.reduce((total, one) => total + amountOf(one), 0)
}

function sumDiscounts(lines: readonly InvoiceLine[]): { amount: number; discount: string }[] {
  const sums = new Map<string, number>()
  for (const { amount, discount } of lines.flatMap((line) => line.discount_amounts ?? [])) {
    sums.set(discount, (sums.get(discount) ?? 0) + amount)
  }
  return [...sums]
    .filter(([, amount]) => amount > 0)
    .map(([discount, amount]) => ({ amount, discount }))
}

/** The taxes of all lines: one entry for each rate, behavior and reason. */
export function sumTaxes(taxes: readonly Tax[]): Tax[] {
  const sums = new Map<string, Tax>()
  for (const tax of taxes) {
    const key = JSON.stringify({ ...tax, amount: 0, taxable_amount: 0 })
    const before = sums.get(key)
    sums.set(key, {
      ...tax,
      amount: (before?.amount ?? 0) + tax.amount,
      taxable_amount: (before?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0),
    })
  }
  return [...sums.values()]
}
