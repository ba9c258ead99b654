import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import type { PaymentIntent } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange, listFields } from '../../http/params/list-params.ts'
import { inert, text, type ValueOf } from '../../http/params/param.ts'
import { shape } from '../../http/params/shape.ts'
import { concludeCollection } from '../invoices/collect.ts'
import { requireInvoice } from '../invoices/invoice.ts'
import { paymentError } from '../subscriptions/change/bill-change.ts'
import { settleSubscription } from '../subscriptions/settle.ts'
import { confirmPayment, finishAuthentication } from './confirm.ts'
import { requirePaymentIntent } from './payment-intent.ts'

const listParams = shape({ ...listFields, customer: text, payment_intent: text })

const confirmParams = shape({
  off_session: inert,
  payment_method: text,
  return_url: inert,
  use_stripe_sdk: inert,
})

/** What follows for the invoice and the subscription that a payment intent pays, if any. */
export function concludeIntent(ctx: Context, intent: PaymentIntent): PaymentIntent {
  const [payment] = ctx.store.find('invoice_payments', { index: 'payment_intent', key: intent.id })
  if (payment === undefined) return intent
  const invoice = requireInvoice(ctx, payment.invoice)
  settleSubscription(ctx, concludeCollection(ctx, invoice, intent))
  return intent
}

/** Ends the 3-D Secure step of a payment intent, with all that follows. */
export function authenticateIntent(ctx: Context, id: string, passed: boolean): PaymentIntent {
  const intent = requirePaymentIntent(ctx, id)
  if (intent.status !== 'requires_action') return intent
  return concludeIntent(ctx, finishAuthentication(ctx, intent, passed))
}

function confirm(ctx: Context, id: string, params: ValueOf<typeof confirmParams>): object {
  const intent = requirePaymentIntent(ctx, id)
  const method = params.payment_method ?? intent.payment_method
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has already ${intent.status} .`,
      { code: 'payment_intent_unexpected_state' },
    )
  }
  if (method === null) {
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method.",
      { code: 'payment_intent_unexpected_state' },
    )
  }
  const confirmed = concludeIntent(ctx, confirmPayment(ctx, intent, method))
  if (confirmed.last_payment_error === null) return confirmed
  const [payment] = ctx.store.find('invoice_payments', { index: 'payment_intent', key: id })
  const invoice = payment === undefined ? undefined : ctx.store.get('invoices', payment.invoice)
  if (invoice === undefined) return confirmed
  throw paymentError({ outcome: 'declined', invoice, intent: confirmed }, true)
}

function listIntents(ctx: Context, params: ValueOf<typeof listParams>): object {
  const found = ctx.store
    .newest('payment_intents')
    .filter(
      (doc) =>
        (params.customer === undefined || doc.customer === params.customer) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/payment_intents')
}

function listCharges(ctx: Context, params: ValueOf<typeof listParams>): object {
  const found = ctx.store
    .newest('charges')
    .filter(
      (doc) =>
        (params.customer === undefined || doc.customer === params.customer) &&
        (params.payment_intent === undefined || doc.payment_intent === params.payment_intent) &&
        inRange(doc.created, params.created),
    )
  return listPage(found, params, '/v1/charges')
}

function retrieveCharge(ctx: Context, id: string): object {
  const charge = ctx.store.get('charges', id)
  if (charge === undefined) throw noSuch('charge', id)
  return charge
}

export const paymentEndpoints = [
  endpoint('GET /v1/payment_intents', listParams, (ctx, { params }) => listIntents(ctx, params)),
  endpoint('GET /v1/payment_intents/:id', shape({ client_secret: inert }), (ctx, { id }) =>
    requirePaymentIntent(ctx, id),
  ),
  endpoint('POST /v1/payment_intents/:id/confirm', confirmParams, (ctx, { id, params }) =>
    confirm(ctx, id, params),
  ),
  endpoint('GET /v1/charges', listParams, (ctx, { params }) => listCharges(ctx, params)),
  endpoint('GET /v1/charges/:id', shape({}), (ctx, { id }) => retrieveCharge(ctx, id)),
]
