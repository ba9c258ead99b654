import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Customer, Invoice, InvoiceLine, Subscription, TaxRate } from '../../documents.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { boolean, oneOfWorking, required, unsupported } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import type { TaxLocation } from './location.ts'
import { locationOf, unknownLocation } from './location.ts'
import { createTaxRate } from './tax-rate.ts'
import { requireActiveTax, taxSettings } from './tax-settings.ts'

const liability = shape({
  account: unsupported,
  type: required(oneOfWorking({ working: ['self'], gaps: ['account'] })),
})

/** `automatic_tax` of a subscription, an invoice, a schedule, a Checkout session or a preview. */
export const automaticTaxParam = shape({ enabled: required(boolean), liability })

export type AutomaticTaxChange = ValueOf<typeof automaticTaxParam>

/** `automatic_tax` of a new object, or of a change. */
export function automaticTax(enabled: boolean): Subscription['automatic_tax'] {
  return { disabled_reason: null, enabled, liability: enabled ? { type: 'self' } : null }
}

/**
 * `automatic_tax` of a subscription after a request. Throws 400 where it is switched on for a customer without a usable
 * location, or beside default tax rates.
 */
export function readAutomaticTax(
  ctx: Context,
  change: AutomaticTaxChange | undefined,
  about: { customer: Customer; rates: readonly TaxRate[] },
): Subscription['automatic_tax'] | undefined {
  if (change === undefined) return undefined
  if (change.enabled) {
    requireActiveTax(ctx)
    refuseRates(about.rates, 'default_tax_rates')
    if (locationOf(ctx, about.customer) === null) throw unknownLocation()
  }
  return automaticTax(change.enabled)
}

/** Throws 400 for tax rates beside automatic tax. */
export function refuseRates(rates: readonly unknown[], param: string): void {
  if (rates.length === 0) return
  throw invalidRequest(
    `You cannot specify both \`automatic_tax[enabled]=true\` and \`${param}\`.`,
    { param },
  )
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

/** Whether the amount of a line includes its tax: its price says so, else the tax settings. */
function includesTax(ctx: Context, line: InvoiceLine): boolean {
  const behavior = behaviorOf(ctx, line)
  if (behavior !== 'inferred_by_currency') return behavior === 'inclusive'
  return line.currency !== 'usd' && line.currency !== 'cad'
}

function behaviorOf(ctx: Context, line: InvoiceLine) {
  const own = priceOf(ctx, line)?.tax_behavior ?? 'unspecified'
  const given = ctx.store.get('line_taxes', line.id)?.behavior ?? null
  if (given !== null) return given
  return own === 'unspecified' ? taxSettings(ctx).defaults.tax_behavior : own
}

function priceOf(ctx: Context, line: InvoiceLine) {
  return ctx.store.get('prices', String(line.pricing?.price_details?.price ?? ''))
}

/**
 * Checks the lines of an invoice that a request causes. Throws 400 for a price without a tax behavior where automatic
 * tax needs one, and for a price whose tax behavior is not that of the rates of its line.
 */
export function checkTaxBehaviors(
  ctx: Context,
  invoice: Invoice,
  ratesOf: (line: InvoiceLine) => readonly TaxRate[],
): void {
  for (const line of invoice.lines.data) {
    const price = priceOf(ctx, line)
    if (invoice.automatic_tax.enabled) {
      refuseRates(ratesOf(line), 'tax_rates')
      if (behaviorOf(ctx, line) === null) throw unspecifiedBehavior(price?.id)
      continue
    }
    const behavior = price?.tax_behavior ?? 'unspecified'
    const own = ratesOf(line)
    const rates = own.length > 0 ? own : invoice.default_tax_rates
    if (behavior === 'unspecified') continue
    if (rates.some((rate) => rate.inclusive !== (behavior === 'inclusive'))) {
      throw invalidRequest(
        'One or more prices has a `tax_behavior` that conflicts with the tax rates that apply to the corresponding line item.',
      )
    }
  }
}

function unspecifiedBehavior(price: string | undefined) {
  const what = price === undefined ? 'The invoice item' : `The price \`${price}\``
  return invalidRequest(
    `${what} does not have a \`tax_behavior\` set which is required for automatic tax computation. Please visit https://stripe.com/docs/tax/products-prices-tax-categories-tax-behavior#tax-behavior for more information.`,
  )
}
