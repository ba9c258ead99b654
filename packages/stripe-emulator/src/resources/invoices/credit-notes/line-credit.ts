import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { CreditNoteLine, InvoiceLine } from '../../../documents.ts'
import { share } from '../../tax/rates/compute.ts'

type Tax = NonNullable<CreditNoteLine['taxes']>[number]
type Discount = CreditNoteLine['discount_amounts'][number]

/** What was credited of a line so far. */
interface Credited {
  amount: number
  discounts: Map<string, number>
  taxes: Map<string, { amount: number; taxable: number }>
}

/**
 * The discounts and taxes that go with an amount of an invoice line: the share of those of the line that is credited
 * once this is, less what was credited before. So the credits of a line add up to the line, whatever they are rounded to.
 * Throws 400 for more than is left of the line.
 */
export function creditOf(
  ctx: Context,
  line: InvoiceLine,
  amount: number,
): { discounts: Discount[]; taxes: Tax[] } {
  const before = creditedOf(ctx, line)
  const upTo = before.amount + amount
  if (upTo > line.amount) {
    const left = formatMoney(line.amount - before.amount, line.currency)
    throw invalidRequest(
      `The amount to credit for the invoice line item (${formatMoney(amount, line.currency)}) is greater than what is left of it (${left}).`,
      { param: 'lines' },
    )
  }
  const part = (whole: number) =>
    line.amount === 0 ? 0 : share(whole, BigInt(upTo), BigInt(line.amount))
  const discounts = (line.discount_amounts ?? []).map((one) => ({
    amount: part(one.amount) - (before.discounts.get(String(one.discount)) ?? 0),
    discount: one.discount,
  }))
  const taxes = (line.taxes ?? []).map((tax) => {
    const known = before.taxes.get(rateOf(tax))
    return {
      ...tax,
      amount: part(tax.amount) - (known?.amount ?? 0),
      taxable_amount: part(tax.taxable_amount ?? 0) - (known?.taxable ?? 0),
    }
  })
  return { discounts, taxes }
}

function rateOf(tax: Tax): string {
  return String(tax.tax_rate_details?.tax_rate ?? '')
}

function creditedOf(ctx: Context, line: InvoiceLine): Credited {
  const credited: Credited = { amount: 0, discounts: new Map(), taxes: new Map() }
  const notes = ctx.store.find('credit_notes', { index: 'invoice', key: line.invoice ?? '' })
  for (const note of notes.filter(({ status }) => status === 'issued')) {
    for (const one of note.lines.data.filter((each) => each.invoice_line_item === line.id)) {
      add(credited, one)
    }
  }
  return credited
}

function add(credited: Credited, line: CreditNoteLine): void {
  credited.amount += line.amount
  for (const { amount, discount } of line.discount_amounts) {
    credited.discounts.set(discount, (credited.discounts.get(discount) ?? 0) + amount)
  }
  for (const tax of line.taxes ?? []) {
    const known = credited.taxes.get(rateOf(tax))
    credited.taxes.set(rateOf(tax), {
      amount: (known?.amount ?? 0) + tax.amount,
      taxable: (known?.taxable ?? 0) + (tax.taxable_amount ?? 0),
    })
  }
}
