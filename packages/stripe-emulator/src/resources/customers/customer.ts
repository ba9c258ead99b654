import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import { invoicePrefix, shortId } from '../../core/ids.ts'
import type { Customer } from '../../documents.ts'

/** A customer that is not deleted. Throws 404, or 400 where `param` names it. */
export function requireCustomer(ctx: Context, id: string, param?: string): Customer {
  const customer = ctx.store.get('customers', id)
  if (customer === undefined) throw noSuch('customer', id, param)
  return customer
}

/** A customer's default payment method, else the default (legacy) source, else null. */
export function defaultMethodOf(customer: Customer): string | null {
  return customer.invoice_settings.default_payment_method ?? customer.default_source ?? null
}

/** A new customer with the defaults of Stripe. */
export function newCustomer(ctx: Context, testClock: string | null): Customer {
  return {
    id: shortId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: ctx.timeOf(testClock),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: invoicePrefix(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: testClock,
  }
}
