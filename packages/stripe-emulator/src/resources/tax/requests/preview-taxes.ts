import { BLANK_ADDRESS, recipientOf } from '../../../core/address.ts'
import type { Context } from '../../../core/context.ts'
import type { Customer, Subscription, TaxRate } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { emptyable, oneOf, required, text } from '../../../http/params/param.ts'
import { listOf, shape } from '../../../http/params/shape.ts'
import { newCustomer, requireCustomer } from '../../customers/customer.ts'
import { addressParam, ipAddressParam } from '../../customers/customer-params.ts'
import type { AutomaticTaxChange } from '../automatic.ts'
import { automaticTax } from '../automatic.ts'
import { refuseRates } from '../behavior.ts'
import { addTaxId, removeTaxId, taxIdsOf } from '../ids/tax-id.ts'
import { taxIdParam } from '../ids/tax-id-params.ts'
import { readTaxRates } from '../rates/tax-rate.ts'

/** The customer of a preview, or what it changes of one. */
export const customerDetailsParam = shape({
  address: emptyable(addressParam),
  shipping: emptyable(
    shape({ address: required(addressParam), name: required(text), phone: text }),
  ),
  tax: shape({ ip_address: emptyable(ipAddressParam) }),
  tax_exempt: emptyable(oneOf('exempt', 'none', 'reverse')),
  tax_ids: listOf(taxIdParam),
})

type Details = ValueOf<typeof customerDetailsParam>

/**
 * The customer of a preview, changed for its time: the caller rolls everything back. Without a customer it is a new one.
 */
export function previewCustomer(
  ctx: Context,
  id: string | undefined,
  details: Details = {},
): Customer {
  const before = id === undefined ? newCustomer(ctx, null) : requireCustomer(ctx, id, 'customer')
  const { address, shipping, tax, tax_exempt: exempt, tax_ids: taxIds } = details
  const after = ctx.store.put('customers', {
    ...before,
    ...(address === undefined ? {} : { address: address && { ...BLANK_ADDRESS, ...address } }),
    ...(shipping === undefined ? {} : { shipping: shipping && recipientOf(shipping) }),
    ...(exempt === undefined ? {} : { tax_exempt: exempt ?? 'none' }),
  })
  const ip = tax?.ip_address
  if (ip !== undefined) {
    ctx.store.remove('customer_ip_addresses', after.id)
    if (ip !== null) ctx.store.put('customer_ip_addresses', { id: after.id, address: ip })
  }
  if (taxIds === undefined) return after
  for (const known of taxIdsOf(ctx, after.id)) removeTaxId(ctx, known)
  for (const one of taxIds) addTaxId(ctx, after, one)
  return after
}

/** The taxes of a previewed subscription. An unknown location is no error here: the preview's status says it. */
export function previewTaxes(
  ctx: Context,
  params: {
    automatic_tax?: AutomaticTaxChange
    subscription_details?: { default_tax_rates?: readonly string[] | null }
  },
): Partial<Subscription> {
  const ids = params.subscription_details?.default_tax_rates
  const rates = readTaxRates(ctx, ids, 'subscription_details[default_tax_rates]')
  const { automatic_tax: automatic } = params
  if (automatic?.enabled === true) {
    refuseRates(rates ?? [], 'subscription_details[default_tax_rates]')
  }
  return {
    ...(rates === undefined ? {} : { default_tax_rates: rates }),
    ...(automatic === undefined ? {} : { automatic_tax: automaticTax(automatic) }),
  }
}

/** The subscription of a preview, with the customer and the taxes that the request says; null: a new one. */
export function previewedSubscription(
  ctx: Context,
  params: Parameters<typeof previewTaxes>[1] & { customer_details?: Details },
  found: Subscription | null,
): Subscription | null {
  const taxes = previewTaxes(ctx, params)
  if (found === null) return null
  previewCustomer(ctx, found.customer, params.customer_details)
  return ctx.patch('subscriptions', found.id, taxes)
}

/** The own tax rates of an item of a previewed new subscription. */
export function itemRates(
  ctx: Context,
  ids: readonly string[] | null | undefined,
  index: number,
): TaxRate[] {
  return readTaxRates(ctx, ids, `subscription_details[items][${index}][tax_rates]`) ?? []
}
