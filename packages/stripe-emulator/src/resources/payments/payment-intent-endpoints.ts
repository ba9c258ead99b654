import type { Context } from '../../core/context.ts'
import type { StripeError } from '../../core/errors.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { PaymentIntent } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { text } from '../../http/params/param.ts'
import { searchPage, searchParams } from '../../http/params/search-params.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { cancelPaymentIntent, capturePayment } from './capture.ts'
import { searchableIntents } from './charges/search.ts'
import { confirmPayment } from './confirm.ts'
import { openIntent, requireChangeable, requireReturnUrl, updateIntent } from './open-intent.ts'
import { requirePaymentIntent } from './payment-intent.ts'
import {
  cancelIntentParams,
  captureIntentParams,
  confirmIntentParams,
  createIntentParams,
  listIntentsParams,
  updateIntentParams,
} from './payment-intent-params.ts'
import { applyIntentResult, declinedPayment } from './payment-outcome.ts'

export const paymentIntentEndpoints = [
  endpoint('POST /v1/payment_intents', createIntentParams, (ctx, { params }) =>
    create(ctx, params),
  ),
  endpoint('GET /v1/payment_intents', listIntentsParams, (ctx, { params }) => list(ctx, params)),
  endpoint('GET /v1/payment_intents/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('payment_intents'), params, searchableIntents),
  ),
  endpoint('GET /v1/payment_intents/:id', shape({ client_secret: text }), (ctx, { id, params }) =>
    retrieve(ctx, id, params.client_secret),
  ),
  endpoint('POST /v1/payment_intents/:id', updateIntentParams, (ctx, { id, params }) =>
    updateIntent(ctx, requirePaymentIntent(ctx, id), params),
  ),
  endpoint('POST /v1/payment_intents/:id/confirm', confirmIntentParams, (ctx, { id, params }) =>
    confirm(ctx, id, params),
  ),
  endpoint('POST /v1/payment_intents/:id/capture', captureIntentParams, (ctx, { id, params }) =>
    capture(ctx, id, params),
  ),
  endpoint('POST /v1/payment_intents/:id/cancel', cancelIntentParams, (ctx, { id, params }) =>
    cancel(ctx, id, params.cancellation_reason ?? null),
  ),
]

/** Throws 400 for the client secret of another intent. */
function retrieve(ctx: Context, id: string, secret: string | undefined): PaymentIntent {
  const intent = requirePaymentIntent(ctx, id)
  if (secret === undefined || secret === intent.client_secret) return intent
  throw invalidRequest(
    'The client_secret provided does not match any associated PaymentIntent on this account. Ensure the publishable key used belongs to the same account that created the PaymentIntent.',
    { param: 'client_secret' },
  )
}

function create(ctx: Context, params: ValueOf<typeof createIntentParams>): PaymentIntent {
  requireCardDescriptor(params.statement_descriptor)
  const intent = openIntent(ctx, params)
  const { payment_method: _method, ...confirmation } = params
  return params.confirm === true ? confirm(ctx, intent.id, confirmation) : intent
}

type ConfirmParams = ValueOf<typeof confirmIntentParams>

function confirm(ctx: Context, id: string, params: ConfirmParams): PaymentIntent {
  const before = requirePaymentIntent(ctx, id)
  const { payment_method: given = before.payment_method } = params
  // A confirmation of a canceled intent that names a payment method is refused for the method (sighted).
  if (before.status === 'canceled' && params.payment_method !== undefined) {
    requireChangeable(before, { payment_method: params.payment_method })
  }
  requireConfirmable(before)
  const methodId = given ?? defaultSourceOf(ctx, before)
  if (methodId === null) throw methodMissing(before)
  requireReturnUrl(before, params, { payment_intent: before })
  const intent = updateIntent(ctx, before, { ...changesOf(params), payment_method: methodId })
  requireCardDescriptor(intent.statement_descriptor, { payment_intent: intent })
  const isOffSession = params.off_session !== undefined && params.off_session !== false
  const confirmed = confirmPayment(ctx, intent, {
    method: intent.payment_method ?? '',
    onSession: !isOffSession,
    refuseAuthentication: isOffSession || params.error_on_requires_action === true,
    returnUrl: params.use_stripe_sdk === true ? undefined : params.return_url,
  })
  const settled = applyIntentResult(ctx, confirmed)
  const refusal = declinedPayment(settled)
  if (refusal !== null) throw refusal
  return settled
}

/** The legacy default source of the customer, which pays where no payment method is named. */
function defaultSourceOf(ctx: Context, { customer }: PaymentIntent): string | null {
  const source = ctx.store.get('customers', customer ?? '')?.default_source
  return typeof source === 'string' ? source : null
}

function methodMissing(intent: PaymentIntent): StripeError {
  const remedy =
    intent.customer === null
      ? 'You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.'
      : `To confirm the PaymentIntent with ${intent.customer}, specify a payment method attached to this customer along with the customer ID.`
  return invalidRequest(
    `You cannot confirm this PaymentIntent because it's missing a payment method. ${remedy}`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

/** Throws 400 for the whole descriptor of a card payment: only its suffix can be set (sighted). */
function requireCardDescriptor(
  descriptor: string | null | undefined,
  about: { payment_intent?: PaymentIntent } = {},
): void {
  if (descriptor === null || descriptor === undefined) return
  throw invalidRequest(
    'The statement_descriptor parameter is not supported for the payment_method_type `card`. Please pass in `statement_descriptor_suffix` instead.',
    { param: 'statement_descriptor', ...about },
  )
}

function requireConfirmable(intent: PaymentIntent): void {
  if (!['succeeded', 'canceled', 'requires_capture'].includes(intent.status)) return
  throw invalidRequest(
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action, requires_payment_method.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

/** The fields of an intent that a confirmation changes. */
function changesOf(params: ConfirmParams) {
  const names = [
    'capture_method',
    'payment_details',
    'receipt_email',
    'setup_future_usage',
    'shipping',
  ] as const
  const given = names.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]]))
  return Object.fromEntries(given)
}

function list(ctx: Context, params: ValueOf<typeof listIntentsParams>): object {
  const { customer } = params
  if (customer !== undefined) requireCustomer(ctx, customer, 'customer')
  const found = ctx.store
    .newest('payment_intents')
    .filter(
      (doc) =>
        (customer === undefined || doc.customer === customer) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/payment_intents')
}

function capture(ctx: Context, id: string, params: ValueOf<typeof captureIntentParams>): object {
  const intent = requirePaymentIntent(ctx, id)
  const { statement_descriptor_suffix: suffix, payment_details: details } = params
  const before = ctx.patch('payment_intents', id, {
    metadata: changeMetadata(intent.metadata, params.metadata),
    ...(suffix === undefined ? {} : { statement_descriptor_suffix: suffix }),
  })
  requireCardDescriptor(params.statement_descriptor, { payment_intent: before })
  const changed =
    details === undefined ? before : updateIntent(ctx, before, { payment_details: details })
  return capturePayment(ctx, changed, params.amount_to_capture)
}

function cancel(ctx: Context, id: string, reason: PaymentIntent['cancellation_reason']): object {
  const intent = requirePaymentIntent(ctx, id)
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, requires_action, expired, processing.`,
      { code: 'payment_intent_unexpected_state', payment_intent: intent },
    )
  }
  return cancelPaymentIntent(ctx, intent, reason)
}
