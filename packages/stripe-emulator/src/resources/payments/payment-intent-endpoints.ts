import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { PaymentIntent } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { ignored } from '../../http/params/param.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { cancelPaymentIntent, capturePayment } from './capture.ts'
import { confirmPayment } from './confirm.ts'
import { openIntent, updateIntent } from './open-intent.ts'
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
  endpoint('GET /v1/payment_intents/:id', shape({ client_secret: ignored }), (ctx, { id }) =>
    requirePaymentIntent(ctx, id),
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

function create(ctx: Context, params: ValueOf<typeof createIntentParams>): PaymentIntent {
  const intent = openIntent(ctx, params)
  const { payment_method: _method, ...confirmation } = params
  return params.confirm === true ? confirm(ctx, intent.id, confirmation) : intent
}

type ConfirmParams = ValueOf<typeof confirmIntentParams>

function confirm(ctx: Context, id: string, params: ConfirmParams): PaymentIntent {
  const before = requirePaymentIntent(ctx, id)
  const { payment_method: methodId = before.payment_method } = params
  requireConfirmable(before)
  if (methodId === null) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: 'payment_intent_unexpected_state' },
    )
  }
  const intent = updateIntent(ctx, before, { ...changesOf(params), payment_method: methodId })
  const confirmed = confirmPayment(ctx, intent, {
    method: intent.payment_method ?? '',
    refuseAuthentication: params.off_session === true || params.error_on_requires_action === true,
    returnUrl: params.use_stripe_sdk === true ? undefined : params.return_url,
  })
  const settled = applyIntentResult(ctx, confirmed)
  const refusal = declinedPayment(settled)
  if (refusal !== null) throw refusal
  return settled
}

function requireConfirmable(intent: PaymentIntent): void {
  if (!['succeeded', 'canceled', 'requires_capture'].includes(intent.status)) return
  throw invalidRequest(
    `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action, requires_payment_method.`,
    { code: 'payment_intent_unexpected_state' },
  )
}

/** The fields of an intent that a confirmation changes. */
function changesOf(params: ConfirmParams) {
  const names = ['capture_method', 'receipt_email', 'setup_future_usage', 'shipping'] as const
  const given = names.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]]))
  return Object.fromEntries(given)
}

function list(ctx: Context, params: ValueOf<typeof listIntentsParams>): object {
  const found = ctx.store
    .newest('payment_intents')
    .filter(
      (doc) =>
        (params.customer === undefined || doc.customer === params.customer) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/payment_intents')
}

function capture(ctx: Context, id: string, params: ValueOf<typeof captureIntentParams>): object {
  const intent = requirePaymentIntent(ctx, id)
  const metadata = changeMetadata(intent.metadata, params.metadata)
  return capturePayment(
    ctx,
    ctx.patch('payment_intents', id, { metadata }),
    params.amount_to_capture,
  )
}

function cancel(ctx: Context, id: string, reason: PaymentIntent['cancellation_reason']): object {
  const intent = requirePaymentIntent(ctx, id)
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
      { code: 'payment_intent_unexpected_state' },
    )
  }
  return cancelPaymentIntent(ctx, intent, reason)
}
