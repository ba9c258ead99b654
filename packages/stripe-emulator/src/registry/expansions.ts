import type { Context } from '../core/context.ts'
import type { CollectionName } from '../documents.ts'
import type { Expander, Expansions } from '../http/expand.ts'
import { lineItems } from '../resources/checkout/endpoints.ts'
import { invoiceIntent } from '../resources/invoices/finalize.ts'
import { sourceOf, sourcesOf } from '../resources/payment-methods/sources.ts'

const customer: Expander = (ctx, id) =>
  typeof id === 'string'
    ? (ctx.store.get('customers', id) ?? ctx.store.get('deleted_customers', id) ?? id)
    : id

/** A field of something that the emulator never has: it stays null, or an empty list. */
const never: Expander = (_ctx, value) => value

const confirmationSecret: Expander = (ctx, _value, owner) => {
  const intent = invoiceIntent(ctx, idOf(owner))
  if (intent === undefined || intent.client_secret === null) return null
  return { client_secret: intent.client_secret, type: 'payment_intent' }
}

const payments: Expander = (ctx, _value, owner) => ({
  object: 'list',
  data: ctx.store.find('invoice_payments', { index: 'invoice', key: idOf(owner) }),
  has_more: false,
  url: '/v1/invoices/payments',
})

const subscriptions: Expander = (ctx, _value, owner) => ({
  object: 'list',
  data: ctx.store
    .find('subscriptions', { index: 'customer', key: idOf(owner) })
    .filter((subscription) => subscription.status !== 'canceled'),
  has_more: false,
  url: `/v1/customers/${idOf(owner)}/subscriptions`,
})

const source: Expander = (ctx, id) => {
  const method = typeof id === 'string' ? ctx.store.get('payment_methods', id) : undefined
  return method === undefined ? id : sourceOf(method)
}

const sources: Expander = (ctx, _value, owner) => ({
  object: 'list',
  data: sourcesOf(ctx, idOf(owner)).map(sourceOf),
  has_more: false,
  url: `/v1/customers/${idOf(owner)}/sources`,
})

const refunds: Expander = (ctx, _value, owner) => {
  const data = ctx.store.newest('refunds').filter((refund) => refund.charge === idOf(owner))
  const url = `/v1/charges/${idOf(owner)}/refunds`
  return { object: 'list', data, has_more: false, total_count: data.length, url }
}

const tax: Expander = () => ({
  automatic_tax: 'unrecognized_location',
  ip_address: null,
  location: null,
  provider: 'stripe',
})

const emptyList = (url: (owner: Record<string, unknown>) => string): Expander => {
  return (_ctx, _value, owner) => ({ object: 'list', data: [], has_more: false, url: url(owner) })
}

const invoice: Record<string, Expander> = {
  account_tax_ids: never,
  application: never,
  confirmation_secret: confirmationSecret,
  customer,
  default_payment_method: to('payment_methods'),
  default_source: never,
  discounts: never,
  'issuer.account': never,
  latest_revision: never,
  on_behalf_of: never,
  'parent.subscription_details.subscription': to('subscriptions'),
  payments,
  test_clock: to('test_clocks'),
  total_discount_amounts: never,
}

/** Which fields of which objects can be expanded, and to what. */
export const expansions: Expansions = {
  balance_transaction: { source: to('charges') },
  'billing_portal.configuration': { application: never },
  'billing_portal.session': { configuration: to('portal_configurations') },
  charge: {
    application: never,
    balance_transaction: to('balance_transactions'),
    customer,
    payment_intent: to('payment_intents'),
    refunds,
    review: never,
  },
  'checkout.session': {
    customer,
    invoice: to('invoices'),
    line_items: (ctx, _value, owner) => lineItems(ctx, idOf(owner)),
    payment_intent: to('payment_intents'),
    payment_link: never,
    setup_intent: to('setup_intents'),
    subscription: to('subscriptions'),
  },
  customer: {
    cash_balance: never,
    default_source: source,
    'discount.source.coupon': never,
    'invoice_settings.default_payment_method': to('payment_methods'),
    invoice_credit_balance: () => ({}),
    sources,
    subscriptions,
    tax,
    tax_ids: emptyList((owner) => `/v1/customers/${idOf(owner)}/tax_ids`),
    test_clock: to('test_clocks'),
  },
  invoice,
  invoice_payment: {
    invoice: to('invoices'),
    'payment.charge': to('charges'),
    'payment.payment_intent': to('payment_intents'),
  },
  invoiceitem: {
    customer,
    discounts: never,
    invoice: to('invoices'),
    test_clock: to('test_clocks'),
  },
  line_item: {
    discounts: never,
    'pricing.price_details.price': to('prices'),
    subscription: to('subscriptions'),
  },
  payment_intent: {
    customer,
    latest_charge: to('charges'),
    payment_method: to('payment_methods'),
    review: never,
  },
  payment_method: { customer },
  plan: { product: to('products') },
  price: { currency_options: never, product: to('products'), tiers: never },
  product: { default_price: to('prices'), tax_code: never },
  refund: {
    balance_transaction: to('balance_transactions'),
    charge: to('charges'),
    payment_intent: to('payment_intents'),
  },
  setup_intent: {
    customer,
    latest_attempt: never,
    payment_method: to('payment_methods'),
  },
  subscription: {
    application: never,
    customer,
    default_payment_method: to('payment_methods'),
    default_source: never,
    discounts: never,
    latest_invoice: to('invoices'),
    on_behalf_of: never,
    pending_setup_intent: to('setup_intents'),
    schedule: to('subscription_schedules'),
    test_clock: to('test_clocks'),
  },
  subscription_item: { discounts: never },
  subscription_schedule: {
    customer,
    'default_settings.default_payment_method': to('payment_methods'),
    subscription: to('subscriptions'),
    test_clock: to('test_clocks'),
  },
}

/** A field that holds the id of a document, or a list of ids. */
function to(collection: CollectionName): Expander {
  const one = (ctx: Context, id: unknown) =>
    typeof id === 'string' ? (ctx.store.get(collection, id) ?? id) : id
  return (ctx, value) => (Array.isArray(value) ? value.map((id) => one(ctx, id)) : one(ctx, value))
}

function idOf(owner: Record<string, unknown>): string {
  return String(owner['id'])
}
