import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { longId, token } from '../../core/ids.ts'
import type { SetupIntent } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import { boolean, gap, inert, oneOf, text, type ValueOf } from '../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { attachPaymentMethod } from '../payment-methods/attach.ts'
import { createFromTestId, requirePaymentMethod } from '../payment-methods/payment-method.ts'
import { authenticationUrl, needsAuthentication } from './confirm.ts'

const createParams = shape({
  automatic_payment_methods: inert,
  confirm: boolean,
  customer: text,
  description: text,
  metadata,
  payment_method: text,
  payment_method_data: gap,
  payment_method_options: inert,
  payment_method_types: inert,
  return_url: inert,
  usage: oneOf('off_session', 'on_session'),
})

const listParams = shape({ ...listFields, customer: text, payment_method: text })

function requireSetupIntent(ctx: Context, id: string): SetupIntent {
  const intent = ctx.store.get('setup_intents', id)
  if (intent === undefined) throw noSuch('setupintent', id)
  return intent
}

function succeed(ctx: Context, intent: SetupIntent): SetupIntent {
  const { payment_method: method, customer } = intent
  if (method !== null && customer !== null) attachPaymentMethod(ctx, method, customer)
  const after = ctx.patch('setup_intents', intent.id, { next_action: null, status: 'succeeded' })
  ctx.emit('setup_intent.succeeded', after)
  return after
}

function confirm(ctx: Context, id: string, methodId: string | null): SetupIntent {
  const before = requireSetupIntent(ctx, id)
  const wanted = methodId ?? before.payment_method
  if (wanted === null || before.status === 'succeeded' || before.status === 'canceled') {
    throw invalidRequest(`You cannot confirm this SetupIntent because it is ${before.status}.`, {
      code: 'setup_intent_unexpected_state',
    })
  }
  const method =
    createFromTestId(ctx, wanted) ?? requirePaymentMethod(ctx, wanted, 'payment_method')
  const intent = ctx.patch('setup_intents', id, { payment_method: method.id })
  if (!needsAuthentication(ctx, method)) return succeed(ctx, intent)
  const waiting = ctx.patch('setup_intents', id, {
    next_action: {
      type: 'use_stripe_sdk',
      use_stripe_sdk: {
        type: 'three_d_secure_redirect',
        stripe_js: authenticationUrl(ctx, intent),
      },
    },
    status: 'requires_action',
  })
  ctx.emit('setup_intent.requires_action', waiting)
  return waiting
}

/** Ends the 3-D Secure step of a setup intent. */
export function authenticateSetup(ctx: Context, id: string, passed: boolean): SetupIntent {
  const intent = requireSetupIntent(ctx, id)
  if (intent.status !== 'requires_action' || intent.payment_method === null) return intent
  if (passed) {
    ctx.patch('cards', intent.payment_method, { authenticated: true })
    return succeed(ctx, intent)
  }
  const failed = ctx.patch('setup_intents', id, {
    last_setup_error: {
      code: 'setup_intent_authentication_failure',
      message:
        'The latest attempt to set up the payment method has failed because authentication failed.',
      type: 'invalid_request_error',
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  })
  ctx.emit('setup_intent.setup_failed', failed)
  return failed
}

function create(ctx: Context, params: ValueOf<typeof createParams>): object {
  if (params.customer !== undefined) requireCustomer(ctx, params.customer, 'customer')
  const id = longId('seti')
  const intent = ctx.store.put('setup_intents', {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${token(24)}`,
    created: ctx.now,
    customer: params.customer ?? null,
    customer_account: null,
    description: params.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: changeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: params.payment_method ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status:
      params.payment_method === undefined ? 'requires_payment_method' : 'requires_confirmation',
    usage: params.usage ?? 'off_session',
  })
  ctx.emit('setup_intent.created', intent)
  return params.confirm === true ? confirm(ctx, id, null) : intent
}

function cancel(ctx: Context, id: string): object {
  const before = requireSetupIntent(ctx, id)
  if (before.status === 'succeeded' || before.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this SetupIntent because it has a status of ${before.status}.`,
      { code: 'setup_intent_unexpected_state' },
    )
  }
  const after = ctx.patch('setup_intents', id, { next_action: null, status: 'canceled' })
  ctx.emit('setup_intent.canceled', after)
  return after
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

const confirmParams = shape({ payment_method: text, return_url: inert, use_stripe_sdk: inert })

export const setupIntentEndpoints = [
  endpoint('POST /v1/setup_intents', createParams, (ctx, { params }) => create(ctx, params)),
  endpoint('GET /v1/setup_intents', listParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/setup_intents/:id', shape({ client_secret: inert }), (ctx, { id }) =>
    requireSetupIntent(ctx, id),
  ),
  endpoint('POST /v1/setup_intents/:id/confirm', confirmParams, (ctx, { id, params }) =>
    confirm(ctx, id, params.payment_method ?? null),
  ),
  endpoint('POST /v1/setup_intents/:id/cancel', shape({}), (ctx, { id }) => cancel(ctx, id)),
]
