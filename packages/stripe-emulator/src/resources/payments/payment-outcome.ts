import type { Context } from '../../core/context.ts'
import type { StripeError } from '../../core/errors.ts'
import { cardDeclined } from '../../core/errors.ts'
import type { PaymentIntent } from '../../documents.ts'
import { applyIntentAttempt } from '../invoices/collect.ts'
import { requireInvoice } from '../invoices/invoice.ts'
import { settleSubscription } from '../subscriptions/settle.ts'
import { finishAuthentication } from './confirm.ts'
import { requirePaymentIntent } from './payment-intent.ts'

/** Updates the invoice and the subscription of a payment intent after an attempt, if it has any. */
export function applyIntentResult(ctx: Context, intent: PaymentIntent): PaymentIntent {
  const [payment] = ctx.store.find('invoice_payments', { index: 'payment_intent', key: intent.id })
  if (payment === undefined) return intent
  const invoice = requireInvoice(ctx, payment.invoice)
  settleSubscription(ctx, applyIntentAttempt(ctx, invoice, intent))
  return intent
}

/** Completes the 3-D Secure step of a payment intent, and updates its invoice and subscription. */
export function authenticateIntent(ctx: Context, id: string, passed: boolean): PaymentIntent {
  const intent = requirePaymentIntent(ctx, id)
  if (intent.status !== 'requires_action') return intent
  return applyIntentResult(ctx, finishAuthentication(ctx, intent, passed))
}

/** The 402 of a declined payment; the attempt stays on record. Null: it was not declined. */
export function declinedPayment(intent: PaymentIntent): StripeError | null {
  const error = intent.last_payment_error
  if (error === null || intent.status !== 'requires_payment_method') return null
  return cardDeclined(error, { payment_intent: intent })
}
