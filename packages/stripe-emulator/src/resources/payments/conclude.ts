import type { Context } from '../../core/context.ts'
import type { StripeError } from '../../core/errors.ts'
import { cardRefusal } from '../../core/errors.ts'
import type { PaymentIntent } from '../../documents.ts'
import { concludeCollection } from '../invoices/collect.ts'
import { requireInvoice } from '../invoices/invoice.ts'
import { settleSubscription } from '../subscriptions/settle.ts'
import { finishAuthentication } from './confirm.ts'
import { requirePaymentIntent } from './payment-intent.ts'

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

/** The 402 of a payment that was refused; what was tried stays on record. */
export function paymentRefusal(intent: PaymentIntent): StripeError | null {
  const error = intent.last_payment_error
  if (error === null || intent.status !== 'requires_payment_method') return null
  return cardRefusal(error, { payment_intent: intent })
}
