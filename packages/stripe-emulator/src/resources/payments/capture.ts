import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Charge, PaymentIntent } from '../../documents.ts'
import { recordCharge } from './charges/charge.ts'
import { openDisputes } from './disputes/open-dispute.ts'
import { refundCharge } from './refunds/refund.ts'

function requireCapturable(intent: PaymentIntent): void {
  if (intent.status === 'requires_capture') return
  throw invalidRequest(
    intent.status === 'succeeded'
      ? 'The remaining amount on this PaymentIntent could not be captured because the remainder of the authorized amount has been released.'
      : `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    { code: 'payment_intent_unexpected_state', payment_intent: intent },
  )
}

function requireCaptureAmount(intent: PaymentIntent, amount: number): void {
  if (amount < 0) {
    throw invalidRequest('Invalid non-negative integer', {
      param: 'amount_to_capture',
      payment_intent: intent,
    })
  }
  if (amount === 0) {
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
      payment_intent: intent,
    })
  }
  if (amount <= intent.amount_capturable) return
  throw invalidRequest(
    'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.',
    { code: 'amount_too_large', payment_intent: intent },
  )
}

/** Captures an authorized payment in full or in part; the rest is released. Throws 400 for any other status. */
export function capturePayment(
  ctx: Context,
  intent: PaymentIntent,
  wanted: number | undefined,
): PaymentIntent {
  requireCapturable(intent)
  const amount = wanted ?? intent.amount_capturable
  requireCaptureAmount(intent, amount)
  const authorized = authorizedCharge(ctx, intent)
  const taken = { amount_captured: amount, captured: true }
  const captured = ctx.patch('charges', authorized.id, {
    ...taken,
    balance_transaction: recordCharge(ctx, { ...authorized, ...taken }).id,
  })
  ctx.emit('charge.captured', captured)
  openDisputes(ctx, captured)
  const after = ctx.patch('payment_intents', intent.id, {
    amount_capturable: 0,
    amount_received: amount,
    status: 'succeeded',
  })
  ctx.emit('payment_intent.succeeded', after)
  return after
}

function authorizedCharge(ctx: Context, intent: PaymentIntent): Charge {
  const charge = ctx.store.get('charges', intent.latest_charge ?? '')
  if (charge === undefined) throw new Error(`${intent.id} has no authorized charge`)
  return charge
}

/** Cancels a payment intent that is not paid; an authorized amount is released. */
export function cancelPaymentIntent(
  ctx: Context,
  intent: PaymentIntent,
  reason: PaymentIntent['cancellation_reason'],
): PaymentIntent {
  if (intent.status === 'requires_capture') {
    const charge = authorizedCharge(ctx, intent)
    refundCharge(ctx, charge, { amount: charge.amount, reason: null, metadata: {} })
  }
  const after = ctx.patch('payment_intents', intent.id, {
    amount_capturable: 0,
    canceled_at: ctx.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  })
  ctx.emit('payment_intent.canceled', after)
  return after
}
