import type { Context } from '../../core/context.ts'
import type { Invoice, InvoiceLine, TaxRate } from '../../documents.ts'
import { lineLevelDiscount } from '../discounts/apply.ts'
import { automaticRates, automaticTaxStatus } from './automatic.ts'
import { ownTaxes } from './own-taxes.ts'
import { taxAmounts } from './rates/compute.ts'

type Tax = NonNullable<InvoiceLine['taxes']>[number]

/** The lines of an invoice, each with its taxes; they are on what is left after its discounts. */
export function taxedLines(
  ctx: Context,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
): InvoiceLine[] {
  return lines.map((line) => {
    const discounts = line.discount_amounts ?? []
    const left = discounts.reduce((rest, { amount }) => rest - amount, line.subtotal)
    return { ...line, taxes: taxesOn(ctx, left, { invoice, line }) }
  })
}

/** The subtotal of an invoice without the taxes that its prices include; after the discounts of its lines alone. */
export function subtotalExcludingTax(
  ctx: Context,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
): number {
  const excluding = (line: InvoiceLine) => {
    const subtotal = line.subtotal - lineLevelDiscount(line)
    return taxesOn(ctx, subtotal, { invoice, line })
      .filter((tax) => tax.tax_behavior === 'inclusive')
      .reduce((rest, { amount }) => rest - amount, subtotal)
  }
  return lines.reduce((sum, line) => sum + excluding(line), 0)
}

/** The state of the automatic tax of an invoice, as of now. */
export function withTaxStatus(ctx: Context, invoice: Invoice): Invoice['automatic_tax'] {
  const { automatic_tax: tax } = invoice
  return tax.enabled ? { ...tax, status: automaticTaxStatus(ctx, invoice.customer) } : tax
}

function taxesOn(ctx: Context, amount: number, of: { invoice: Invoice; line: InvoiceLine }): Tax[] {
  const { invoice } = of
  const rates = ratesOf(ctx, of)
  const exemption = exemptionOf(invoice)
  const amounts = taxAmounts(amount, exemption === null ? rates : [])
  return rates.map((rate, index) => {
    const tax = amounts[index] ?? { amount: 0, taxable: 0 }
    const idle = rate.rate_type !== null && rate.percentage === 0
    return {
      amount: tax.amount,
      tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rate.id },
      taxability_reason: exemption ?? reasonOf(rate),
      taxable_amount: idle ? 0 : tax.taxable,
      type: 'tax_rate_details',
    }
  })
}

/** Automatic tax, else the rates of the line, else those of the invoice (types of the `stripe` package). */
function ratesOf(
  ctx: Context,
  { invoice, line }: { invoice: Invoice; line: InvoiceLine },
): TaxRate[] {
  if (invoice.automatic_tax.enabled) return automaticRates(ctx, invoice, line)
  const { rates } = ownTaxes(ctx, line.id)
  return rates.length > 0 ? rates : invoice.default_tax_rates
}

function exemptionOf(invoice: Invoice): 'customer_exempt' | 'reverse_charge' | null {
  if (invoice.customer_tax_exempt === 'exempt') return 'customer_exempt'
  return invoice.customer_tax_exempt === 'reverse' ? 'reverse_charge' : null
}

/** Rates that were set by hand have no reason; those of automatic tax have. */
function reasonOf(rate: TaxRate): Tax['taxability_reason'] {
  if (rate.rate_type === null) return 'not_available'
  return rate.percentage === 0 ? 'not_collecting' : 'standard_rated'
}
