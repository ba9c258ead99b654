import type { Context } from '../../../core/context.ts'
import type { Customer, Subscription } from '../../../documents.ts'
import type { AutomaticTaxChange } from '../automatic.ts'
import { automaticTax, requireTaxable } from '../automatic.ts'
import { checkBehavior, refuseRates } from '../behavior.ts'
import { readTaxRates } from '../rates/tax-rate.ts'

interface TaxParams {
  automatic_tax?: AutomaticTaxChange
  default_tax_rates?: readonly string[] | null
}

type TaxFields = Pick<Subscription, 'automatic_tax' | 'default_tax_rates'>

/** The taxes of a subscription after a request. Throws 400 for what cannot be taxed so. */
export function subscriptionTaxes(
  ctx: Context,
  params: TaxParams,
  about: { customer: Customer; before: Subscription | null },
): Partial<TaxFields> {
  const { customer, before } = about
  const rates = readTaxRates(ctx, params.default_tax_rates, 'default_tax_rates')
  const enabled = params.automatic_tax?.enabled
  if (enabled === true) requireTaxable(ctx, customer)
  const automatic = enabled ?? before?.automatic_tax.enabled ?? false
  const defaultRates = rates ?? before?.default_tax_rates ?? []
  if (automatic) refuseRates(defaultRates, 'default_tax_rates')
  if (enabled !== undefined || rates !== undefined) {
    for (const { price, tax_rates: own } of before?.items.data ?? []) {
      checkBehavior(ctx, { price, rates: own ?? [] }, { automatic, defaultRates })
    }
  }
  return {
    ...(params.automatic_tax === undefined
      ? {}
      : { automatic_tax: automaticTax(params.automatic_tax) }),
    ...(rates === undefined ? {} : { default_tax_rates: rates }),
  }
}
