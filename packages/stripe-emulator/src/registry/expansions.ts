import type { Context } from '../core/context.ts'
import type { Expander, Expansions } from '../http/expand.ts'
import { totalCount } from '../http/params/search-params.ts'
import { amountsIn, currenciesOf } from '../resources/catalog/amount.ts'
import { lineItems } from '../resources/checkout/order/line-items.ts'
import { invoiceIntent } from '../resources/invoices/finalize.ts'
import { sourceOf, sourcesOf } from '../resources/payments/methods/source.ts'
import { taxIdsOf } from '../resources/tax/ids/tax-id.ts'
import { customerTax } from '../resources/tax/location.ts'
import { coupon, discountExpansions, promotionCode } from './discount-expansions.ts'
import { customer, idOf, to } from './expanders.ts'

/** A field that is always null or an empty list in the emulator. */
const alwaysEmpty: Expander = (_ctx, value) => value

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
  const data = ctx.store
    .newest('refunds')
    .filter((refund) => refund.charge === idOf(owner))
    .toArray()
  const url = `/v1/charges/${idOf(owner)}/refunds`
  return { object: 'list', data, has_more: false, total_count: data.length, url }
}

/** The tiers of a price or a plan; a price without tiers has no such field, even on request. */
const tiers: Expander = (ctx, _value, price) =>
  ctx.store.get('price_options', idOf(price))?.tiers ?? undefined

/** The amounts of a price in each of its currencies, its own included. */
const currencyOptions: Expander = (ctx, _value, owner) => {
  const price = ctx.store.get('prices', idOf(owner))
  if (price === undefined) return undefined
  const amounts = currenciesOf(ctx, price).map(
    (currency) => [currency, amountsIn(ctx, price, currency)] as const,
  )
  return Object.fromEntries(amounts)
}

const tax: Expander = (ctx, _value, owner) => {
  const found = ctx.store.get('customers', idOf(owner))
  return found === undefined ? undefined : customerTax(ctx, found)
}

const taxIds: Expander = (ctx, _value, owner) => ({
  object: 'list',
  data: taxIdsOf(ctx, idOf(owner)).reverse(),
  has_more: false,
  url: `/v1/customers/${idOf(owner)}/tax_ids`,
})

/** The balance by currency; a customer has one. */
const creditBalance: Expander = (_ctx, _value, owner) => {
  const { balance, currency } = owner
  return typeof currency === 'string' ? { [currency]: balance } : {}
}

const invoice: Record<string, Expander> = {
  account_tax_ids: alwaysEmpty,
  application: alwaysEmpty,
  confirmation_secret: confirmationSecret,
  customer,
  default_payment_method: to('payment_methods'),
  default_source: alwaysEmpty,
  discounts: to('discounts'),
  'issuer.account': alwaysEmpty,
  latest_revision: alwaysEmpty,
  on_behalf_of: alwaysEmpty,
  'parent.subscription_details.subscription': to('subscriptions'),
  payments,
  test_clock: to('test_clocks'),
  total_discount_amounts: alwaysEmpty,
  'total_discount_amounts.discount': to('discounts'),
  'total_pretax_credit_amounts.discount': to('discounts'),
}

/** What each discount and each tax is of the totals of a Checkout session. */
const breakdown: Expander = (ctx, _value, session) =>
  ctx.store.get('checkout_orders', idOf(session))?.breakdown ?? { discounts: [], taxes: [] }

/** The expandable fields of each object. */
export const expansions: Expansions = {
  ...discountExpansions,
  balance_transaction: { source: movementSource },
  'billing_portal.configuration': { application: alwaysEmpty },
  'billing_portal.session': { configuration: to('portal_configurations') },
  charge: {
    application: alwaysEmpty,
    balance_transaction: to('balance_transactions'),
    customer,
    dispute: to('disputes'),
    payment_intent: to('payment_intents'),
    refunds,
    review: alwaysEmpty,
  },
  'checkout.session': {
    customer,
    'discounts.coupon': coupon,
    'discounts.promotion_code': promotionCode,
    invoice: to('invoices'),
    line_items: (ctx, _value, owner) => lineItems(ctx, idOf(owner)),
    payment_intent: to('payment_intents'),
    payment_link: alwaysEmpty,
    setup_intent: to('setup_intents'),
    subscription: to('subscriptions'),
    'total_details.breakdown': breakdown,
  },
  credit_note: {
    customer,
    customer_balance_transaction: to('customer_balance_transactions'),
    discount_amounts: alwaysEmpty,
    invoice: to('invoices'),
    pretax_credit_amounts: alwaysEmpty,
  },
  customer: {
    cash_balance: alwaysEmpty,
    default_source: source,
    'invoice_settings.default_payment_method': to('payment_methods'),
    invoice_credit_balance: creditBalance,
    sources,
    subscriptions,
    tax,
    tax_ids: taxIds,
    test_clock: to('test_clocks'),
  },
  customer_balance_transaction: {
    checkout_session: alwaysEmpty,
    credit_note: to('credit_notes'),
    customer,
    invoice: to('invoices'),
  },
  invoice,
  invoice_payment: {
    invoice: to('invoices'),
    'payment.charge': to('charges'),
    'payment.payment_intent': to('payment_intents'),
  },
  invoiceitem: {
    customer,
    discounts: to('discounts'),
    invoice: to('invoices'),
    test_clock: to('test_clocks'),
  },
  line_item: {
    'discount_amounts.discount': to('discounts'),
    'pretax_credit_amounts.discount': to('discounts'),
    discounts: to('discounts'),
    'pricing.price_details.price': to('prices'),
    subscription: to('subscriptions'),
  },
  dispute: { charge: to('charges'), payment_intent: to('payment_intents') },
  payment_intent: {
    customer,
    latest_charge: to('charges'),
    payment_method: to('payment_methods'),
    review: alwaysEmpty,
  },
  payment_method: { customer },
  plan: { product: to('products'), tiers },
  price: { currency_options: currencyOptions, product: to('products'), tiers },
  product: { default_price: to('prices'), tax_code: alwaysEmpty },
  refund: {
    balance_transaction: to('balance_transactions'),
    charge: to('charges'),
    payment_intent: to('payment_intents'),
  },
  search_result: { total_count: (_ctx, _value, result) => totalCount(result) },
  setup_intent: {
    customer,
    latest_attempt: alwaysEmpty,
    payment_method: to('payment_methods'),
  },
  subscription: {
    application: alwaysEmpty,
    customer,
    default_payment_method: to('payment_methods'),
    default_source: alwaysEmpty,
    discounts: to('discounts'),
    latest_invoice: to('invoices'),
    on_behalf_of: alwaysEmpty,
    pending_setup_intent: to('setup_intents'),
    schedule: to('subscription_schedules'),
    test_clock: to('test_clocks'),
  },
  subscription_item: { discounts: to('discounts') },
  subscription_schedule: {
    customer,
    'default_settings.default_payment_method': to('payment_methods'),
    subscription: to('subscriptions'),
    test_clock: to('test_clocks'),
  },
  tax_id: {
    customer,
    'owner.account': alwaysEmpty,
    'owner.application': alwaysEmpty,
    'owner.customer': customer,
  },
}

/** A charge, refund or dispute. */
function movementSource(ctx: Context, id: unknown): unknown {
  const key = String(id)
  return (
    ctx.store.get('charges', key) ??
    ctx.store.get('refunds', key) ??
    ctx.store.get('disputes', key) ??
    id
  )
}
