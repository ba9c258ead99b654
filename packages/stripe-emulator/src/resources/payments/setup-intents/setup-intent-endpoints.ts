import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { SetupIntent } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  ignored,
  oneOf,
  required,
  text,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { methodFor, requireCardType } from '../open-intent.ts'
import {
  confirmSetup,
  createSetupIntent,
  declinedSetup,
  requireSetupIntent,
} from './setup-intent.ts'

const shared = {
  allowed_payment_method_types: listOf(text),
  attach_to_self: unsupported,
  customer: text,
  customer_account: unsupported,
  description: text,
  excluded_payment_method_types: ignored,
  flow_directions: unsupported,
  metadata,
  payment_method: text,
  payment_method_configuration: ignored,
  payment_method_data: unsupported,
  payment_method_options: ignored,
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
}

const createParams = shape({
  ...shared,
  automatic_payment_methods: shape({
    allow_redirects: oneOf('always', 'never'),
    enabled: required(boolean),
  }),
  confirm: boolean,
  confirmation_token: unsupported,
  mandate_data: unsupported,
  on_behalf_of: unsupported,
  return_url: text,
  single_use: unsupported,
  usage: oneOf('off_session', 'on_session'),
  use_stripe_sdk: boolean,
})

const updateParams = shape(shared)

const confirmParams = shape({
  allowed_payment_method_types: shared.allowed_payment_method_types,
  confirmation_token: unsupported,
  mandate_data: unsupported,
  payment_method: text,
  payment_method_data: unsupported,
  payment_method_options: ignored,
  return_url: text,
  use_stripe_sdk: boolean,
})

const cancelParams = shape({
  cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer'),
})

const listParams = shape({
  ...listFields,
  ...unsupportedParams('attach_to_self', 'customer_account'),
  customer: text,
  payment_method: text,
})

export const setupIntentEndpoints = [
  endpoint('POST /v1/setup_intents', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/setup_intents', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/setup_intents/:id', shape({ client_secret: ignored }), (ctx, { id }) =>
    requireSetupIntent(ctx, id),
  ),
  endpoint('POST /v1/setup_intents/:id', updateParams, (ctx, { id, params }) =>
    update(ctx, id, params),
  ),
  endpoint('POST /v1/setup_intents/:id/confirm', confirmParams, (ctx, { id, params }) =>
    confirm(ctx, id, params),
  ),
  endpoint('POST /v1/setup_intents/:id/cancel', cancelParams, (ctx, { id, params }) =>
    cancel(ctx, id, params),
  ),
]

/** Stripe chooses the payment methods, unless they are named (recorded). */
function automaticOf(
  params: ValueOf<typeof createParams>,
): SetupIntent['automatic_payment_methods'] {
  const given = params.automatic_payment_methods
  if (given !== undefined) return { allow_redirects: 'always', ...given }
  const named = params.allowed_payment_method_types ?? params.payment_method_types
  return named === undefined ? { allow_redirects: 'always', enabled: true } : null
}

function create(ctx: Context, params: ValueOf<typeof createParams>): SetupIntent {
  requireCardTypes(params)
  const { customer } = params
  const intent = createSetupIntent(ctx, {
    customer: customer === undefined ? null : requireCustomer(ctx, customer, 'customer').id,
    description: params.description ?? null,
    metadata: changeMetadata({}, params.metadata),
    automatic: automaticOf(params),
    paymentMethod: params.payment_method ?? null,
    usage: params.usage ?? 'off_session',
  })
  const { payment_method: _method, ...confirmation } = params
  return params.confirm === true ? confirm(ctx, intent.id, confirmation) : intent
}

function requireCardTypes(params: ValueOf<typeof updateParams>): void {
  requireCardType(params.allowed_payment_method_types, 'allowed_payment_method_types')
  requireCardType(params.payment_method_types, 'payment_method_types')
}

function confirm(ctx: Context, id: string, params: ValueOf<typeof confirmParams>): SetupIntent {
  const returnUrl = params.use_stripe_sdk === true ? null : (params.return_url ?? null)
  const method = params.payment_method ?? null
  const confirmed = confirmSetup(ctx, id, { method, returnUrl })
  const refusal = declinedSetup(confirmed)
  if (refusal !== null) throw refusal
  return confirmed
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  const found = ctx.store
    .newest('setup_intents')
    .filter(
      (doc) =>
        (params.customer === undefined || doc.customer === params.customer) &&
        (params.payment_method === undefined || doc.payment_method === params.payment_method) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/setup_intents')
}

function update(ctx: Context, id: string, params: ValueOf<typeof updateParams>): object {
  requireCardTypes(params)
  const before = requireSetupIntent(ctx, id)
  requireOpen(before, 'update')
  const { customer: wanted, description, payment_method: methodId } = params
  const customer =
    wanted === undefined ? before.customer : requireCustomer(ctx, wanted, 'customer').id
  const method = methodId === undefined ? null : methodFor(ctx, methodId, customer)
  return ctx.patch('setup_intents', id, {
    ...(description === undefined ? {} : { description }),
    ...(method === null ? {} : { payment_method: method.id, status: 'requires_confirmation' }),
    customer,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
}

function requireOpen(intent: SetupIntent, what: 'cancel' | 'update'): void {
  if (intent.status !== 'succeeded' && intent.status !== 'canceled') return
  throw invalidRequest(
    `You cannot ${what} this SetupIntent because it has a status of ${intent.status}.`,
    { code: 'setup_intent_unexpected_state' },
  )
}

function cancel(
  ctx: Context,
  id: string,
  { cancellation_reason: reason }: ValueOf<typeof cancelParams>,
): object {
  requireOpen(requireSetupIntent(ctx, id), 'cancel')
  const after = ctx.patch('setup_intents', id, {
    cancellation_reason: reason ?? null,
    next_action: null,
    status: 'canceled',
  })
  ctx.emit('setup_intent.canceled', after)
  return after
}
