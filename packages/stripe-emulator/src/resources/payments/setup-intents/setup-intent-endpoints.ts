import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { SetupIntent } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { inRange, listFields } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import {
  boolean,
  connectOnly,
  oneOf,
  required,
  text,
  unsupported,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { changeMetadata, listOf, metadata, shape } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { unsupportedTypes } from '../methods/unsupported-types.ts'
import { automaticMethods, methodFor, requireCardType, requireReturnUrl } from '../open-intent.ts'
import { threeDSecure } from '../payment-intent-params.ts'
import {
  confirmSetup,
  createSetupIntent,
  declinedSetup,
  requireSetupIntent,
} from './setup-intent.ts'

const paymentMethodOptions = shape({
  ...unsupportedTypes,
  card_present: unsupported,
  card: shape({
    ...unsupportedParams(
      'mandate_options',
      'moto',
      'network',
      'setup_credential_usage',
      'three_d_secure',
    ),
    request_three_d_secure: threeDSecure,
  }),
})

const shared = {
  ...unsupportedParams(
    'attach_to_self',
    'customer_account',
    'excluded_payment_method_types',
    'flow_directions',
    'payment_method_configuration',
    'payment_method_data',
  ),
  allowed_payment_method_types: listOf(text),
  customer: text,
  description: text,
  metadata,
  payment_method: text,
  payment_method_options: paymentMethodOptions,
  // Named so before 2026-09-30; Stripe's command line still sends it.
  payment_method_types: listOf(text),
}

const createParams = shape({
  ...shared,
  ...unsupportedParams('confirmation_token', 'mandate_data', 'single_use'),
  automatic_payment_methods: shape({
    allow_redirects: oneOf('always', 'never'),
    enabled: required(boolean),
  }),
  confirm: boolean,
  on_behalf_of: connectOnly,
  return_url: text,
  usage: oneOf('off_session', 'on_session'),
  use_stripe_sdk: boolean,
})

const updateParams = shape(shared)

const confirmParams = shape({
  ...unsupportedParams('confirmation_token', 'mandate_data', 'payment_method_data'),
  allowed_payment_method_types: shared.allowed_payment_method_types,
  payment_method: text,
  payment_method_options: paymentMethodOptions,
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
  endpoint('GET /v1/setup_intents/:id', shape({ client_secret: text }), (ctx, { id, params }) =>
    retrieve(ctx, id, params.client_secret),
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

type Automatic = ValueOf<typeof createParams>['automatic_payment_methods']

/**
 * What was asked for. By default it stays null: Stripe's command line confirms such intents without a return URL.
 */
function automaticOf(given: Automatic, named: readonly string[] | undefined) {
  return given === undefined ? null : automaticMethods(given, named)
}

/** Throws 400 for the client secret of another intent. */
function retrieve(ctx: Context, id: string, secret: string | undefined): SetupIntent {
  const intent = requireSetupIntent(ctx, id)
  if (secret === undefined || secret === intent.client_secret) return intent
  throw invalidRequest(
    'The client_secret provided does not match any associated SetupIntent on this account. Ensure the publishable key used belongs to the same account that created the SetupIntent.',
    { param: 'client_secret' },
  )
}

function create(ctx: Context, params: ValueOf<typeof createParams>): SetupIntent {
  requireCardTypes(params)
  if (params.return_url !== undefined && params.confirm !== true) {
    throw invalidRequest(
      'The parameter `return_url` cannot be passed when creating a SetupIntent unless `confirm` is set to true.',
      { param: 'return_url' },
    )
  }
  const { customer, allowed_payment_method_types: allowed, payment_method_types: types } = params
  const intent = createSetupIntent(ctx, {
    customer: customer === undefined ? null : requireCustomer(ctx, customer, 'customer').id,
    description: params.description ?? null,
    metadata: changeMetadata({}, params.metadata),
    paymentMethod: params.payment_method ?? null,
    usage: params.usage ?? 'off_session',
    automatic: automaticOf(params.automatic_payment_methods, allowed ?? types),
  })
  const { payment_method: _method, ...confirmation } = params
  return params.confirm === true ? confirm(ctx, intent.id, confirmation) : intent
}

function requireCardTypes(params: ValueOf<typeof updateParams>): void {
  requireCardType(params.allowed_payment_method_types, 'allowed_payment_method_types')
  requireCardType(params.payment_method_types, 'payment_method_types')
}

function confirm(ctx: Context, id: string, params: ValueOf<typeof confirmParams>): SetupIntent {
  const before = requireSetupIntent(ctx, id)
  requireConfirmable(before, params.payment_method)
  requireReturnUrl(before, params, { setup_intent: before })
  const returnUrl = params.use_stripe_sdk === true ? null : (params.return_url ?? null)
  const method = params.payment_method ?? null
  const confirmed = confirmSetup(ctx, id, { method, returnUrl })
  const refusal = declinedSetup(confirmed)
  if (refusal !== null) throw refusal
  return confirmed
}

/** Throws 400 for an intent without a payment method, or that has ended. */
function requireConfirmable(intent: SetupIntent, method: string | undefined): void {
  const message =
    intent.payment_method === null && method === undefined
      ? "it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
      : ENDED[intent.status]
  if (message === undefined) return
  throw invalidRequest(`You cannot confirm this SetupIntent because ${message}`, {
    code: 'setup_intent_unexpected_state',
    setup_intent: intent,
  })
}

const ENDED: Readonly<Record<string, string>> = {
  canceled: 'it has been canceled.',
  succeeded: 'it has already succeeded.',
}

function list(ctx: Context, params: ValueOf<typeof listParams>): object {
  if (params.customer !== undefined) requireCustomer(ctx, params.customer, 'customer')
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
  const ended = ENDED[before.status]
  const isFinal = before.status === 'canceled' || params.payment_method !== undefined
  if (ended !== undefined && isFinal) {
    const about = { code: 'setup_intent_unexpected_state', setup_intent: before }
    throw invalidRequest(`You cannot update this SetupIntent because ${ended}`, about)
  }
  const { customer: wanted, description, payment_method: methodId } = params
  const customer =
    wanted === undefined ? before.customer : requireCustomer(ctx, wanted, 'customer').id
  const method =
    methodId === undefined ? null : methodFor(ctx, { id: methodId, customer, kind: 'SetupIntent' })
  return ctx.patch('setup_intents', id, {
    ...(description === undefined ? {} : { description }),
    ...(method === null ? {} : { payment_method: method.id, status: 'requires_confirmation' }),
    customer,
    metadata: changeMetadata(before.metadata ?? {}, params.metadata),
  })
}

/** Throws 400 for an intent that has ended. */
function requireCancelable(intent: SetupIntent): void {
  if (ENDED[intent.status] === undefined) return
  const reason =
    intent.status === 'canceled'
      ? 'it is already canceled.'
      : `it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be canceled: \`requires_payment_method\`, \`requires_confirmation\`, or \`requires_action\`.`
  throw invalidRequest(`You cannot cancel this SetupIntent because ${reason}`, {
    code: 'setup_intent_unexpected_state',
    setup_intent: intent,
  })
}

function cancel(
  ctx: Context,
  id: string,
  { cancellation_reason: reason }: ValueOf<typeof cancelParams>,
): object {
  requireCancelable(requireSetupIntent(ctx, id))
  const after = ctx.patch('setup_intents', id, {
    cancellation_reason: reason ?? null,
    next_action: null,
    status: 'canceled',
  })
  ctx.emit('setup_intent.canceled', after)
  return after
}
