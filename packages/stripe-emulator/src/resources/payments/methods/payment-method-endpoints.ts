import { BLANK_ADDRESS } from '../../../core/address.ts'
import type { Context } from '../../../core/context.ts'
import type { StripeError } from '../../../core/errors.ts'
import { invalidRequest, notEmulated } from '../../../core/errors.ts'
import type { PaymentMethod } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { email } from '../../../http/params/formats.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  connectOnly,
  emptyable,
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

export const billingDetails = shape({
  address: emptyable(addressParam),
  email: emptyable(email),
  name: emptyable(text),
  phone: emptyable(text),
  tax_id: text,
})

const allowRedisplay = oneOf('always', 'limited', 'unspecified')
const networks = shape({ preferred: emptyable(oneOf('cartes_bancaires', 'mastercard', 'visa')) })

/** The parameters of a new card; `payment_method_data` of an intent has the same. */
export const methodFields = {
  ...unsupportedTypes,
  allow_redisplay: allowRedisplay,
  billing_details: billingDetails,
  metadata,
}

const createParams = shape({
  ...methodFields,
  card: shape({
    number: text,
    exp_month: integer(),
    exp_year: integer(),
    cvc: text,
    token: text,
    networks,
  }),
  customer: text,
  payment_method: connectOnly,
  type: required(text),
})

const updateParams = shape({
  allow_redisplay: allowRedisplay,
  billing_details: billingDetails,
  card: shape({
    exp_month: integer({ min: 1, max: 12 }),
    exp_year: integer(),
    networks,
  }),
  metadata,
  us_bank_account: unsupported,
})

const listParams = shape({
  ...paginationFields,
  customer_account: unsupported,
  customer: text,
  type: text,
  allow_redisplay: allowRedisplay,
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
    shape({ customer_account: unsupported, customer: text }),
    (ctx, { id, params }) => attach(ctx, id, params.customer),
  ),
  endpoint('POST /v1/payment_methods/:id/detach', shape({}), (ctx, { id }) =>
    detachPaymentMethod(ctx, id),
  ),
  endpoint(
    'GET /v1/customers/:id/payment_methods',
    shape({ ...paginationFields, type: text, allow_redisplay: allowRedisplay }),
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
  if (params.customer !== undefined) {
    throw invalidRequest(
      'You cannot attach a PaymentMethod to a Customer during PaymentMethod creation. Please instead create the PaymentMethod and then attach it using the attachment method of the PaymentMethods API.',
    )
  }
  if (params.type !== 'card') throw notEmulated(`a payment method of type '${params.type}'`, 'type')
  return updated(ctx, newCard(ctx, params.card).id, params)
}

function newCard(ctx: Context, card: ValueOf<typeof createParams>['card']): PaymentMethod {
  if (card === undefined) throw missingParam('card')
  const { token, number, exp_month: expMonth, exp_year: expYear, cvc } = card
  if (token !== undefined) return createFromToken(ctx, { token, param: 'card[token]' })
  if (number === undefined) throw missingParam('card[number]')
  if (expMonth === undefined) throw missingParam('card[exp_month]')
  if (expYear === undefined) throw missingParam('card[exp_year]')
  const details = { number: number.replaceAll(/[ -]/g, ''), expMonth, expYear, cvc }
  checkCard(ctx, details)
  return createCardMethod(ctx, details)
}

function missingParam(param: string): StripeError {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

function attach(ctx: Context, id: string, customer: string | undefined): PaymentMethod {
  if (customer === undefined) {
    throw invalidRequest('Must provide customer or customer_account.', {
      code: 'parameter_missing',
    })
  }
  return attachPaymentMethod(ctx, id, requireCustomer(ctx, customer, 'customer').id)
}

/** Changes the details of a payment method that are not the card's own. */
export function updated(
  ctx: Context,
  id: string,
  params: {
    billing_details?: ValueOf<typeof billingDetails> | undefined
    metadata?: ValueOf<typeof metadata> | undefined
    allow_redisplay?: ValueOf<typeof allowRedisplay> | undefined
    card?: { networks?: ValueOf<typeof networks> | undefined } | undefined
  },
): PaymentMethod {
  const before = requirePaymentMethod(ctx, id)
  const { address, ...billing } = params.billing_details ?? {}
  const details = before.billing_details
  return ctx.patch('payment_methods', id, {
    billing_details: {
      ...details,
      ...billing,
      ...(address === undefined ? {} : { address: { ...BLANK_ADDRESS, ...address } }),
    },
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
    ...(params.allow_redisplay === undefined ? {} : { allow_redisplay: params.allow_redisplay }),
    ...preferring(before, params.card?.networks?.preferred),
  })
}

/** The card with a preferred network. Throws 400 for a network that it does not have. */
function preferring(
  { card }: PaymentMethod,
  preferred: string | null | undefined,
): Partial<PaymentMethod> {
  if (preferred === undefined || card?.networks == null) return {}
  const { networks } = card
  if (preferred !== null && !networks.available.includes(preferred)) {
    throw invalidRequest(`This card cannot be used with the network ${preferred}.`, {
      param: 'card[networks][preferred]',
    })
  }
  return { card: { ...card, networks: { ...networks, preferred } } }
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
  const { type, allow_redisplay: redisplay } = params
  const fitting = docs.filter(
    (doc) =>
      (type === undefined || doc.type === type) &&
      (redisplay === undefined || doc.allow_redisplay === redisplay),
  )
  return listPage(fitting, params, url)
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  const before = requirePaymentMethod(ctx, id)
  if (before.customer === null) {
    throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.')
  }
  let after = updated(ctx, id, params)
  if (after.card !== undefined && params.card !== undefined) {
    const { networks: _networks, ...dates } = params.card
    after = ctx.patch('payment_methods', id, { card: { ...after.card, ...dates } })
  }
  ctx.emit('payment_method.updated', after, changesBetween(before, after))
  return after
}

function ofCustomer(ctx: Context, customer: string, id: string): object {
  return requireOwnMethod(ctx, { id, customer: requireCustomer(ctx, customer).id })
}
