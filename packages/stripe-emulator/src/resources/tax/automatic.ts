import type { Context } from '../../core/context.ts'
import type { Customer, Invoice, InvoiceLine, Subscription, TaxRate } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, oneOfWorking, required, unsupported } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { includesTax } from './behavior.ts'
import type { TaxLocation } from './location.ts'
import { locationOf, unknownLocation } from './location.ts'
import { createTaxRate } from './rates/tax-rate.ts'
import { requireActiveTax } from './tax-settings.ts'

const liability = shape({
  account: unsupported,
  type: required(oneOfWorking({ working: ['self'], gaps: ['account'] })),
})

/** `automatic_tax` of a subscription, an invoice, a schedule, a Checkout session or a preview. */
export const automaticTaxParam = shape({ enabled: required(boolean), liability })

export type AutomaticTaxChange = ValueOf<typeof automaticTaxParam>

/** `automatic_tax` of a new object, or of a change. */
export function automaticTax({
  enabled,
  liability: of,
}: AutomaticTaxChange): Subscription['automatic_tax'] {
  const type = of?.type ?? 'self'
  return { disabled_reason: null, enabled, liability: enabled ? { type } : null }
}

/** Throws 400 where automatic tax cannot be switched on for a customer. A preview says so by its status. */
export function requireTaxable(ctx: Context, customer: Customer): void {
  requireActiveTax(ctx)
  if (!ctx.previewing && locationOf(ctx, customer) === null) throw unknownLocation()
}

/** The state of automatic tax for a customer. */
export function automaticTaxStatus(
  ctx: Context,
  customer: string | null,
): 'complete' | 'requires_location_inputs' {
  return customerLocation(ctx, customer) === null ? 'requires_location_inputs' : 'complete'
}

function customerLocation(ctx: Context, id: string | null): TaxLocation | null {
  const customer = ctx.store.get('customers', id ?? '')
  return customer === undefined ? null : locationOf(ctx, customer)
}

/** The rate of automatic tax for a line: one rate by the country of the customer, none without a location. */
export function automaticRates(ctx: Context, invoice: Invoice, line: InvoiceLine): TaxRate[] {
  const location = customerLocation(ctx, invoice.customer)
  if (location === null) return []
  const { byCountry, percentage } = ctx.settings.tax
  const rate = byCountry[location.country] ?? percentage
  return [automaticRate(ctx, { location, percentage: rate, inclusive: includesTax(ctx, line) })]
}

/** Finds or creates the rate; automatic tax keeps its rates archived. */
function automaticRate(
  ctx: Context,
  of: { location: TaxLocation; percentage: number; inclusive: boolean },
): TaxRate {
  const { inclusive, percentage } = of
  const { country } = of.location
  const key = `automatic/${country}/${percentage}/${inclusive}`
  const known = ctx.store.get('automatic_tax_rates', key)
  const rate = known === undefined ? undefined : ctx.store.get('tax_rates', known.rate)
  if (rate !== undefined) return rate
  const isSalesTax = country === 'US'
  const created = createTaxRate(ctx, {
    active: false,
    country,
    display_name: isSalesTax ? 'Sales Tax' : 'VAT',
    effective_percentage: percentage,
    inclusive,
    jurisdiction: country,
    jurisdiction_level: 'country',
    percentage,
    rate_type: 'percentage',
    tax_type: isSalesTax ? 'sales_tax' : 'vat',
  })
  ctx.store.put('automatic_tax_rates', { id: key, rate: created.id })
  return created
}
