import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Charge, PaymentIntent } from '../../documents.ts'
import { createBalanceTransaction } from './charges/charge.ts'
import { refundCharge } from './refunds/refund.ts'

/** Captures an authorized payment in full or in part; the rest is released. Throws 400 for any other status. */
export function capturePayment(
  ctx: Context,
  intent: PaymentIntent,
  wanted: number | undefined,
): PaymentIntent {
  if (intent.status !== 'requires_capture') {
    throw invalidRequest(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { code: 'payment_intent_unexpected_state' },
    )
  }
  const amount = wanted ?? intent.amount_capturable
  if (amount > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture (${amount}) is greater than the amount that can be captured (${intent.amount_capturable}).`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    )
  }
  const authorized = authorizedCharge(ctx, intent)
  const captured = ctx.patch('charges', authorized.id, {
    amount_captured: amount,
    balance_transaction: createBalanceTransaction(ctx, authorized.id, { ...intent, amount }).id,
    captured: true,
  })
  ctx.emit('charge.captured', captured)
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
