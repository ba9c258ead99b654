import { isIP } from 'node:net'
import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import type { StripeError } from '../../core/errors.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Customer } from '../../documents.ts'

/** Where a customer is, for automatic tax. */
export interface TaxLocation {
  country: string
  state: string | null
  source: 'billing_address' | 'ip_address' | 'payment_method' | 'shipping_destination'
}

interface Address {
  country?: string | null
  postal_code?: string | null
  state?: string | null
}

/**
 * The location of a customer: the shipping address, else the billing address, else that of the default payment method,
 * else the IP address. Null: there is none, or the first of these is not precise enough (docs.stripe.com/tax/customer-locations).
 * A public IP address counts as one in the country of the account (assumed: the emulator knows no map of addresses).
 */
export function locationOf(ctx: Context, customer: Customer): TaxLocation | null {
  const shipping = customer.shipping?.address
  if (isFilled(shipping)) return located(shipping, 'shipping_destination')
  if (isFilled(customer.address)) return located(customer.address, 'billing_address')
  const method = customer.invoice_settings.default_payment_method ?? ''
  const billing = ctx.store.get('payment_methods', method)?.billing_details.address
  const paying = isFilled(billing) ? located(billing, 'payment_method') : null
  if (paying !== null) return paying
  const address = ctx.store.get('customer_ip_addresses', customer.id)?.address
  if (address === undefined || isPrivate(address)) return null
  return { country: ACCOUNT.country, state: null, source: 'ip_address' }
}

function isFilled(address: Address | null | undefined): address is Address {
  return address != null && Object.values(address).some((part) => part !== null && part !== '')
}

/** The postal code is needed in the United States, it or the province in Canada; elsewhere the country is enough. */
function located(address: Address, source: TaxLocation['source']): TaxLocation | null {
  const { country, postal_code: code, state } = address
  if (country == null || !/^[A-Z]{2}$/.test(country)) return null
  if (country === 'US' && !/^\d{5}(-\d{4})?$/.test(code ?? '')) return null
  if (country === 'CA' && !code && !state) return null
  return { country, state: state ?? null, source }
}

function isPrivate(address: string): boolean {
  if (isIP(address) === 0) return true
  return /^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.|::1?$|f[cd]|fe80)/i.test(
    address,
  )
}

/** The 400 for a customer without a usable location. */
export function unknownLocation(): StripeError {
  return invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    { code: 'customer_tax_location_invalid' },
  )
}

/** What `expand[]=tax` shows of a customer. */
export function customerTax(ctx: Context, customer: Customer): NonNullable<Customer['tax']> {
  const location = locationOf(ctx, customer)
  const supported =
    ctx.settings.tax.percentage > 0 || Object.keys(ctx.settings.tax.byCountry).length > 0
  const state = supported ? 'supported' : 'not_collecting'
  return {
    automatic_tax: location === null ? 'unrecognized_location' : state,
    ip_address: ctx.store.get('customer_ip_addresses', customer.id)?.address ?? null,
    location,
    provider: 'stripe',
  }
}
