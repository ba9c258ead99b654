import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import { invoicePrefix, shortId } from '../../core/ids.ts'
import type { Customer } from '../../documents.ts'
import { emptyable, ignored, integer, oneOf, text, unsupported } from '../../http/params/param.ts'
import { listOf, metadata, shape } from '../../http/params/shape.ts'

export const addressParam = shape({
  city: emptyable(text),
  country: emptyable(text),
  line1: emptyable(text),
  line2: emptyable(text),
  postal_code: emptyable(text),
  state: emptyable(text),
})

const customerFields = {
  address: emptyable(addressParam),
  balance: integer(),
  business_name: emptyable(text),
  cash_balance: unsupported,
  // These two only before 2025-03-31 (http/versions/removed-params.ts).
  coupon: emptyable(text),
  promotion_code: emptyable(text),
  description: emptyable(text),
  email: emptyable(text),
  individual_name: emptyable(text),
  invoice_prefix: text,
  invoice_settings: shape({
    custom_fields: unsupported,
    default_payment_method: emptyable(text),
    footer: emptyable(text),
    rendering_options: unsupported,
  }),
  metadata,
  name: emptyable(text),
  next_invoice_sequence: integer({ min: 1 }),
  phone: emptyable(text),
  preferred_locales: listOf(text),
  shipping: unsupported,
  source: text,
  tax: ignored,
  tax_exempt: emptyable(oneOf('exempt', 'none', 'reverse')),
  validate: ignored,
}

export const createCustomerParams = shape({
  ...customerFields,
  payment_method: text,
  tax_id_data: unsupported,
  test_clock: text,
})

export const updateCustomerParams = shape({ ...customerFields, default_source: text })

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
