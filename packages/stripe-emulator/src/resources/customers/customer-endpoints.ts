import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import type { Customer } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { text } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { setCustomerDiscount } from '../discounts/of-customer.ts'
import { changesBetween } from '../events/changes.ts'
import { attachPaymentMethod } from '../payments/methods/attach.ts'
import { requireOwnMethod } from '../payments/methods/payment-method.ts'
import { addSource, requireSource } from '../payments/methods/source.ts'
import { cancelSubscription } from '../subscriptions/cancel.ts'
import { isEnded } from '../subscriptions/subscription.ts'
import {
  createCustomerParams,
  newCustomer,
  requireCustomer,
  updateCustomerParams,
} from './customer.ts'
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
    ...fields
  } = params
  if (clock !== undefined && ctx.store.get('test_clocks', clock) === undefined) {
    throw noSuch('test_clock', clock, 'test_clock')
  }
  const blank = newCustomer(ctx, clock ?? null)
  const customer = ctx.store.put('customers', changed(ctx, blank, fields))
  ctx.emit('customer.created', customer)
  const attached = method === undefined ? null : attachPaymentMethod(ctx, method, customer.id)
  const paying = withSource(ctx, withDiscount(ctx, customer, fields), fields.source)
  if (settings === undefined) return paying
  // `payment_method` and the default payment method may both be the same test id, such as `pm_card_visa`.
  const isSame = attached !== null && settings.default_payment_method === method
  const wanted = isSame ? { ...settings, default_payment_method: attached.id } : settings
  return ctx.store.put('customers', changed(ctx, paying, { invoice_settings: wanted }))
}

type CustomerChange = ValueOf<typeof updateCustomerParams>

function changed(ctx: Context, before: Customer, params: CustomerChange): Customer {
  const {
    metadata,
    invoice_settings: settings,
    address,
    business_name: business,
    individual_name: individual,
    source: _source,
    coupon: _coupon,
    promotion_code: _code,
    tax: _tax,
    validate: _validate,
    ...fields
  } = params
  const method = settings?.default_payment_method
  if (typeof method === 'string') {
    const param = 'invoice_settings[default_payment_method]'
    requireOwnMethod(ctx, { id: method, customer: before.id }, param)
  }
  const blank = {
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
  }
  return {
    ...before,
    ...fields,
    ...(business == null ? {} : { business_name: business }),
    ...(individual == null ? {} : { individual_name: individual }),
    ...(address === undefined
      ? {}
      : { address: address === null ? null : { ...blank, ...address } }),
    invoice_settings: { ...before.invoice_settings, ...settings },
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
  const updated = ctx.store.put('customers', changed(ctx, before, params))
  const after = withSource(ctx, withDiscount(ctx, updated, params), params.source)
  ctx.emit('customer.updated', after, changesBetween(before, after))
  return after
}

/** Deletes a customer: subscriptions end at once, invoices stay. */
function remove(ctx: Context, id: string): object {
  const customer = requireCustomer(ctx, id)
  stopEverything(ctx, id)
  ctx.store.remove('customers', id)
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
