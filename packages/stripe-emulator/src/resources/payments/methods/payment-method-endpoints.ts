import type { Context } from '../../../core/context.ts'
import { notEmulated } from '../../../core/errors.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  emptyable,
  ignored,
  integer,
  oneOf,
  required,
  text,
  unsupported,
} from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { addressParam } from '../../customers/customer-params.ts'
import { changesBetween } from '../../events/changes.ts'
import { attachPaymentMethod, detachPaymentMethod } from './attach.ts'
import {
  checkCard,
  createCardMethod,
  requireOwnMethod,
  requirePaymentMethod,
} from './payment-method.ts'
import { createFromToken } from './source.ts'
import { unsupportedTypes } from './unsupported-types.ts'

const billingDetails = shape({
  address: emptyable(addressParam),
  email: emptyable(text),
  name: emptyable(text),
  phone: emptyable(text),
  tax_id: unsupported,
})

const createParams = shape({
  allow_redisplay: oneOf('always', 'limited', 'unspecified'),
  billing_details: billingDetails,
  card: shape({
    number: text,
    exp_month: integer(),
    exp_year: integer(),
    cvc: text,
    token: text,
    networks: ignored,
  }),
  metadata,
  type: required(text),
  ...unsupportedTypes,
})

const updateParams = shape({
  allow_redisplay: oneOf('always', 'limited', 'unspecified'),
  billing_details: billingDetails,
  card: shape({
    exp_month: integer({ min: 1, max: 12 }),
    exp_year: integer(),
    networks: unsupported,
  }),
  metadata,
  us_bank_account: unsupported,
})

const listParams = shape({
  ...paginationFields,
  customer_account: unsupported,
  customer: text,
  type: text,
  allow_redisplay: text,
})

export const paymentMethodEndpoints = [
  endpoint('POST /v1/payment_methods', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/payment_methods', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/payment_methods/:id', shape({}), (ctx, { id }) =>
    requirePaymentMethod(ctx, id),
  ),
  endpoint('POST /v1/payment_methods/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint(
    'POST /v1/payment_methods/:id/attach',
    shape({ customer_account: unsupported, customer: required(text) }),
    (ctx, { id, params }) =>
      attachPaymentMethod(ctx, id, requireCustomer(ctx, params.customer, 'customer').id),
  ),
  endpoint('POST /v1/payment_methods/:id/detach', shape({}), (ctx, { id }) =>
    detachPaymentMethod(ctx, id),
  ),
  endpoint(
    'GET /v1/customers/:id/payment_methods',
    shape({ ...paginationFields, type: text, allow_redisplay: text }),
    (ctx, { id, params }) =>
      list(ctx, { ...params, customer: id }, `/v1/customers/${id}/payment_methods`),
  ),
  endpoint(
    'GET /v1/customers/:id/payment_methods/:method',
    shape({ method: required(text) }),
    (ctx, { id, params }) => ofCustomer(ctx, id, params.method),
  ),
]

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  const { card } = params
  if (params.type !== 'card' || card === undefined)
    throw notEmulated(`a payment method of type '${params.type}'`, 'type')
  if (card.token !== undefined) {
    const { id } = createFromToken(ctx, { token: card.token, param: 'card[token]' })
    return updated(ctx, id, params)
  }
  const details = {
    number: (card.number ?? '').replaceAll(' ', ''),
    expMonth: card.exp_month ?? 0,
    expYear: card.exp_year ?? 0,
    cvc: card.cvc,
  }
  checkCard(ctx, details)
  const method = createCardMethod(ctx, details)
  return updated(ctx, method.id, params)
}

function updated(
  ctx: Context,
  id: string,
  params: Pick<ValueOf<typeof updateParams>, 'billing_details' | 'metadata' | 'allow_redisplay'>,
) {
  const before = requirePaymentMethod(ctx, id)
  const { address, ...billing } = params.billing_details ?? {}
  const details = before.billing_details
  const blank = {
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
  }
  return ctx.patch('payment_methods', id, {
    billing_details: {
      ...details,
      ...billing,
      ...(address === undefined ? {} : { address: { ...blank, ...address } }),
    },
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
    ...(params.allow_redisplay === undefined ? {} : { allow_redisplay: params.allow_redisplay }),
  })
}

function list(
  ctx: Context,
  params: ValueOf<typeof listParams>,
  url = '/v1/payment_methods',
): object {
  if (params.customer !== undefined) requireCustomer(ctx, params.customer, 'customer')
  const docs =
    params.customer === undefined
      ? []
      : ctx.store.find('payment_methods', { index: 'customer', key: params.customer })
  const fitting = docs.filter((doc) => params.type === undefined || doc.type === params.type)
  return listPage(fitting, params, url)
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requirePaymentMethod(ctx, id)
  let after = updated(ctx, id, params)
  if (after.card !== undefined && params.card !== undefined) {
    after = ctx.patch('payment_methods', id, { card: { ...after.card, ...params.card } })
  }
  ctx.emit('payment_method.updated', after, changesBetween(before, after))
  return after
}

function ofCustomer(ctx: Context, customer: string, id: string): object {
  return requireOwnMethod(ctx, { id, customer: requireCustomer(ctx, customer).id })
}
