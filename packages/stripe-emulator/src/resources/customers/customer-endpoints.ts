import { ACCOUNT } from '../../core/account.ts'
import { BLANK_ADDRESS, recipientOf } from '../../core/address.ts'
import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { Customer, Subscription } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { text } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { setCustomerDiscount } from '../discounts/of/customer.ts'
import { changesBetween } from '../events/changes.ts'
import { attachPaymentMethod } from '../payments/methods/attach.ts'
import { requireOwnMethod } from '../payments/methods/payment-method.ts'
import { addSource, requireSource } from '../payments/methods/source.ts'
import { cancelSubscription } from '../subscriptions/cancel.ts'
import { isEnded } from '../subscriptions/subscription.ts'
import { addTaxId, checkTaxId, taxIdsOf } from '../tax/ids/tax-id.ts'
import { locationOf, unknownLocation } from '../tax/location.ts'
import { changeBalance } from './balance.ts'
import { newCustomer, requireCustomer } from './customer.ts'
import { createCustomerParams, updateCustomerParams } from './customer-params.ts'
import { refreshDrafts } from './drafts.ts'
import { searchableCustomers } from './search.ts'

const listParams = shape({ ...listFields, email: text, test_clock: text })

export const customerEndpoints = [
  endpoint('POST /v1/customers', createCustomerParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/customers', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/customers/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('customers'), params, searchableCustomers),
  ),
  endpoint('GET /v1/customers/:id', shape({}), (ctx, { id }) => retrieve(ctx, id)),
  endpoint('POST /v1/customers/:id', updateCustomerParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('DELETE /v1/customers/:id', shape({}), (ctx, { id }) => remove(ctx, id)),
]

function create(ctx: Context, params: ValueOf<typeof createCustomerParams>): object {
  const {
    payment_method: method,
    test_clock: clock,
    invoice_settings: settings,
    tax_id_data: taxIds = [],
    ...fields
  } = params
  if (clock !== undefined && ctx.store.get('test_clocks', clock) === undefined) {
    throw noSuch('test_clock', clock, 'test_clock')
  }
  for (const [index, id] of taxIds.entries()) checkTaxId(id, `tax_id_data[${index}][value]`)
  const { default_payment_method: _method, ...texts } = settings ?? {}
  const blank = ctx.store.put('customers', newCustomer(ctx, clock ?? null))
  const customer = changed(ctx, blank, { ...fields, invoice_settings: texts })
  ctx.emit('customer.created', customer)
  const attached = method === undefined ? null : attachPaymentMethod(ctx, method, customer.id)
  for (const id of taxIds) addTaxId(ctx, customer, id)
  const paying = withSource(ctx, withDiscount(ctx, customer, fields), fields.source)
  if (settings === undefined) return paying
  // `payment_method` and the default payment method may both be the same test id, such as `pm_card_visa`.
  const isSame = attached !== null && settings.default_payment_method === method
  const wanted = isSame ? { ...settings, default_payment_method: attached.id } : settings
  return changed(ctx, paying, { invoice_settings: wanted })
}

type CustomerChange = ValueOf<typeof updateCustomerParams>

/** Changes the fields of a customer, the balance by a transaction. Throws 400 where the new location cannot be taxed. */
function changed(ctx: Context, before: Customer, params: CustomerChange): Customer {
  const { balance, tax } = params
  refuseTaken(ctx, before, params.invoice_prefix)
  const plain = ctx.store.put('customers', { ...before, ...changedFields(ctx, before, params) })
  const address = tax?.ip_address
  if (address === null) ctx.store.remove('customer_ip_addresses', before.id)
  else if (address !== undefined) ctx.store.put('customer_ip_addresses', { id: before.id, address })
  const checked = tax?.validate_location
  const must = checked === 'immediately' || (checked === 'auto' && isTaxed(ctx, before))
  if (must && locationOf(ctx, plain) === null) throw unknownLocation()
  if (balance === undefined || balance === plain.balance) return plain
  return changeBalance(ctx, plain, { amount: balance - plain.balance, type: 'adjustment' }).customer
}

/** Throws 400 for the invoice prefix of another customer. */
function refuseTaken(ctx: Context, before: Customer, prefix: string | undefined): void {
  if (prefix === undefined || prefix === before.invoice_prefix) return
  const isTaken = ctx.store.newest('customers').some((one) => one.invoice_prefix === prefix)
  if (!isTaken) return
  throw invalidRequest(`The invoice prefix \`${prefix}\` is already in use by another customer.`, {
    param: 'invoice_prefix',
  })
}

/** Whether a subscription of a customer is taxed automatically. */
function isTaxed(ctx: Context, customer: Customer): boolean {
  const taxed = (one: Subscription) => one.automatic_tax.enabled && !isEnded(one)
  return ctx.store.find('subscriptions', { index: 'customer', key: customer.id }).some(taxed)
}

function changedFields(ctx: Context, before: Customer, params: CustomerChange): Partial<Customer> {
  const {
    metadata,
    invoice_settings: settings,
    address,
    balance: _balance,
    business_name: business,
    individual_name: individual,
    shipping,
    source: _source,
    coupon: _coupon,
    promotion_code: _code,
    tax: _tax,
    tax_exempt: exempt,
    validate: _validate,
    ...fields
  } = params
  const method = settings?.default_payment_method
  if (typeof method === 'string') {
    const param = 'invoice_settings[default_payment_method]'
    requireOwnMethod(ctx, { id: method, customer: before.id }, param)
  }
  return {
    ...fields,
    ...(business == null ? {} : { business_name: business }),
    ...(individual == null ? {} : { individual_name: individual }),
    // A balance is in the currency of the account (recorded).
    currency: before.currency ?? (params.balance ? ACCOUNT.currency : null),
    ...(address === undefined ? {} : { address: address && { ...BLANK_ADDRESS, ...address } }),
    ...(exempt === undefined ? {} : { tax_exempt: exempt ?? 'none' }),
    ...(shipping === undefined ? {} : { shipping: shipping && recipientOf(shipping) }),
    invoice_settings: { ...before.invoice_settings, ...printed(settings) },
    metadata: changeMetadata(before.metadata, metadata),
  }
}

/** Gives a customer the discount of a request, or takes it off where the request empties it. */
function withDiscount(
  ctx: Context,
  customer: Customer,
  { coupon, promotion_code: code }: Pick<CustomerChange, 'coupon' | 'promotion_code'>,
): Customer {
  if (coupon === undefined && code === undefined) return customer
  if (coupon == null && code == null) return setCustomerDiscount(ctx, customer, null)
  return setCustomerDiscount(ctx, customer, {
    ...(coupon == null ? {} : { coupon }),
    ...(code == null ? {} : { promotion_code: code }),
  })
}

function printed(
  settings: CustomerChange['invoice_settings'] = {},
): Partial<Customer['invoice_settings']> {
  const { rendering_options: rendering, ...texts } = settings
  if (rendering === undefined) return texts
  const { amount_tax_display: display = null } = rendering ?? {}
  return {
    ...texts,
    rendering_options: rendering && { amount_tax_display: display, template: null },
  }
}

/** Adds the card of a token to a customer, as the default source. */
function withSource(ctx: Context, customer: Customer, token: string | undefined): Customer {
  if (token === undefined) return customer
  const source = addSource(ctx, customer, token)
  return ctx.patch('customers', customer.id, { default_source: source.id })
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const docs = ctx.store
    .newest('customers')
    .filter(
      (customer) =>
        (params.email === undefined || customer.email === params.email) &&
        (params.test_clock ?? null) === (customer.test_clock ?? null) &&
        inRange(customer.created, params.created),
    )
  return listPage(docs, params, '/v1/customers')
}

function retrieve(ctx: Context, id: string): object {
  return ctx.store.get('deleted_customers', id) ?? requireCustomer(ctx, id)
}

function update(ctx: Context, id: string, params: CustomerChange): object {
  const before = requireCustomer(ctx, id)
  const { default_source: source } = params
  if (source !== undefined) requireSource(ctx, id, source)
  const updated = withDiscount(ctx, changed(ctx, before, params), params)
  const after = withSource(ctx, updated, params.source)
  ctx.emit('customer.updated', after, changesBetween(before, after))
  refreshDrafts(ctx, after)
  return after
}

/** Deletes a customer: subscriptions end at once, invoices stay. */
function remove(ctx: Context, id: string): object {
  const customer = requireCustomer(ctx, id)
  stopEverything(ctx, id)
  ctx.store.remove('customers', id)
  for (const taxId of taxIdsOf(ctx, id)) ctx.store.remove('tax_ids', taxId.id)
  ctx.emit('customer.deleted', customer)
  return ctx.store.put('deleted_customers', { id, object: 'customer', deleted: true })
}

/** Stops everything that would still happen to a deleted customer. */
function stopEverything(ctx: Context, id: string): void {
  for (const subscription of ctx.store.find('subscriptions', { index: 'customer', key: id })) {
    if (!isEnded(subscription)) cancelSubscription(ctx, subscription)
  }
  for (const invoice of ctx.store.find('invoices', { index: 'customer', key: id })) {
    const idle = { automatically_finalizes_at: null, next_payment_attempt: null }
    ctx.patch('invoices', invoice.id, { ...idle, auto_advance: false })
  }
  for (const schedule of ctx.store.newest('subscription_schedules')) {
    if (schedule.customer !== id || schedule.status !== 'not_started') continue
    ctx.patch('subscription_schedules', schedule.id, { status: 'canceled', canceled_at: ctx.now })
  }
}
