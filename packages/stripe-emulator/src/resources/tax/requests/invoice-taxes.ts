import type { Context } from '../../../core/context.ts'
import type { Invoice, TaxRate } from '../../../documents.ts'
import type { AutomaticTaxChange } from '../automatic.ts'
import { automaticTax } from '../automatic.ts'
import { checkInvoiceBehaviors, refuseRates } from '../behavior.ts'
import { readTaxRates } from '../rates/tax-rate.ts'
import { requireActiveTax } from '../tax-settings.ts'

interface TaxParams {
  automatic_tax?: AutomaticTaxChange
  default_tax_rates?: readonly string[] | null
}

/** The taxes that a request gives a new invoice; what it leaves out comes from the subscription. */
export function newInvoiceTaxes(
  ctx: Context,
  params: TaxParams,
): { rates?: TaxRate[] | undefined; automatic?: AutomaticTaxChange | undefined } {
  const rates = readTaxRates(ctx, params.default_tax_rates, 'default_tax_rates')
  const automatic = params.automatic_tax
  if (automatic?.enabled === true) {
    requireActiveTax(ctx)
    refuseRates(rates ?? [], 'default_tax_rates')
  }
  return { rates, automatic }
}

/** A draft with the taxes of a request, before its totals. Throws 400 for what cannot be taxed so. */
export function withTaxes(ctx: Context, draft: Invoice, params: TaxParams): Invoice {
  const { rates, automatic } = newInvoiceTaxes(ctx, params)
  if (rates === undefined && automatic === undefined) return draft
  const after: Invoice = {
    ...draft,
    ...(rates === undefined ? {} : { default_tax_rates: rates }),
    ...(automatic === undefined ? {} : { automatic_tax: invoiceTax(automatic) }),
  }
  if (after.automatic_tax.enabled) refuseRates(after.default_tax_rates, 'default_tax_rates')
  checkInvoiceBehaviors(ctx, after)
  return after
}

/** `automatic_tax` of an invoice, before its first calculation. */
export function invoiceTax(change: AutomaticTaxChange): Invoice['automatic_tax'] {
  const provider = change.enabled ? 'stripe' : null
  return { ...automaticTax(change), provider, status: null }
}
