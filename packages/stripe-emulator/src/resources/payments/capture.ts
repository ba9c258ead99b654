import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Charge, PaymentIntent } from '../../documents.ts'
import { createBalanceTransaction } from './charge.ts'
import { refundCharge } from './refunds.ts'

/** Takes the money that a payment intent has reserved, or a part of it; the rest is let go. */
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
  const reserved = reservedCharge(ctx, intent)
  const captured = ctx.patch('charges', reserved.id, {
    amount_captured: amount,
    balance_transaction: createBalanceTransaction(ctx, reserved.id, { ...intent, amount }).id,
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

function reservedCharge(ctx: Context, intent: PaymentIntent): Charge {
  const charge = ctx.store.get('charges', intent.latest_charge ?? '')
  if (charge === undefined) throw new Error(`${intent.id} has reserved nothing`)
  return charge
}

/** Gives up a payment intent that is not paid; what it has reserved goes back. */
export function cancelPaymentIntent(
  ctx: Context,
  intent: PaymentIntent,
  reason: PaymentIntent['cancellation_reason'],
): PaymentIntent {
  if (intent.status === 'requires_capture') {
    const charge = reservedCharge(ctx, intent)
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
