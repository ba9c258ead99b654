import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Invoice, InvoiceLine, Price, TaxRate } from '../../documents.ts'
import { ownTaxes } from './own-taxes.ts'
import { taxSettings } from './tax-settings.ts'

/** Whether the amount of a line includes its automatic tax: its price says so, else the tax settings. */
export function includesTax(ctx: Context, line: InvoiceLine): boolean {
  const behavior = ownTaxes(ctx, line.id).behavior ?? behaviorOf(ctx, priceOf(ctx, line))
  if (behavior !== 'inferred_by_currency') return behavior === 'inclusive'
  return line.currency !== 'usd' && line.currency !== 'cad'
}

/** Null: neither the price nor the tax settings say it. */
function behaviorOf(ctx: Context, price: Price | undefined) {
  const own = price?.tax_behavior ?? 'unspecified'
  return own === 'unspecified' ? taxSettings(ctx).defaults.tax_behavior : own
}

function priceOf(ctx: Context, line: InvoiceLine): Price | undefined {
  return ctx.store.get('prices', String(line.pricing?.price_details?.price ?? ''))
}

/** Throws 400 for tax rates beside automatic tax. */
export function refuseRates(rates: readonly unknown[], param: string): void {
  if (rates.length === 0) return
  throw invalidRequest(
    `You cannot specify both \`automatic_tax[enabled]=true\` and \`${param}\`.`,
    { param },
  )
}

/** What is to be taxed: a price, or (undefined) an amount; and its own tax rates. */
interface Taxed {
  price: Price | undefined
  rates: readonly TaxRate[]
  /** What was said about an amount without a price. */
  behavior?: 'exclusive' | 'inclusive' | null
}

/** How it is to be taxed. */
interface Taxation {
  automatic: boolean
  defaultRates: readonly TaxRate[]
}

/**
 * Throws 400 for a price without a tax behavior where automatic tax needs one, and for a price whose tax behavior is not
 * that of its rates. A renewal does not ask.
 */
export function checkBehavior(ctx: Context, taxed: Taxed, taxation: Taxation): void {
  const { behavior = null, price, rates } = taxed
  if (taxation.automatic) {
    refuseRates(rates, 'tax_rates')
    if ((behavior ?? behaviorOf(ctx, price)) === null) throw unspecifiedBehavior(price?.id)
    return
  }
  const own = price?.tax_behavior ?? 'unspecified'
  const applied = rates.length > 0 ? rates : taxation.defaultRates
  if (own === 'unspecified') return
  if (applied.every((rate) => rate.inclusive === (own === 'inclusive'))) return
  throw invalidRequest(
    'One or more prices has a `tax_behavior` that conflicts with the tax rates that apply to the corresponding line item.',
  )
}

/** `checkBehavior` of every line of an invoice. */
export function checkInvoiceBehaviors(ctx: Context, invoice: Invoice): void {
  for (const line of invoice.lines.data) {
    if (invoice.automatic_tax.enabled) refuseNegative(line)
    const taxed = { price: priceOf(ctx, line), ...ownTaxes(ctx, line.id) }
    checkBehavior(ctx, taxed, {
      automatic: invoice.automatic_tax.enabled,
      defaultRates: invoice.default_tax_rates,
    })
  }
}

/** Of negative amounts, automatic tax takes prorations only (types of the `stripe` package: `Invoice.automatic_tax`). */
function refuseNegative(line: InvoiceLine): void {
  const of = line.parent?.invoice_item_details ?? line.parent?.subscription_item_details
  if (line.amount >= 0 || of?.proration === true) return
  throw invalidRequest(
    'Invoice items with negative amounts cannot be added to invoices with automatic tax.',
    { param: 'amount' },
  )
}

function unspecifiedBehavior(price: string | undefined) {
  const what = price === undefined ? 'The invoice item' : `The price \`${price}\``
  return invalidRequest(
    `${what} does not have a \`tax_behavior\` set which is required for automatic tax computation. Please visit https://stripe.com/docs/tax/products-prices-tax-categories-tax-behavior#tax-behavior for more information.`,
  )
}
