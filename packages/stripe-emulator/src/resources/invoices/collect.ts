import type { Context } from '../../core/context.ts'
import type { Invoice, PaymentIntent } from '../../documents.ts'
import { defaultMethodOf } from '../customers/customer.ts'
import { changesBetween } from '../events/changes.ts'
import { confirmPayment } from '../payments/confirm.ts'
import { defaultPayment, invoiceIntent, markPaid } from './finalize.ts'
import { subscriptionOf } from './invoice.ts'

/** The result of an attempt to collect an invoice. */
export type Collected =
  | { outcome: 'paid'; invoice: Invoice }
  | { outcome: 'declined' | 'requires_action'; invoice: Invoice; intent: PaymentIntent }
  | { outcome: 'no_payment_method'; invoice: Invoice }

/** The payment method of an invoice: its own, else its subscription's, else its customer's, else null. */
export function payingMethod(ctx: Context, invoice: Invoice): string | null {
  const subscription = ctx.store.get('subscriptions', subscriptionOf(invoice) ?? '')
  const customer = ctx.store.get('customers', invoice.customer ?? '')
  return (
    invoice.default_payment_method ??
    subscription?.default_payment_method ??
    subscription?.default_source ??
    (customer === undefined ? null : defaultMethodOf(customer))
  )
}

/**
 * Tries once to collect an open invoice, with `methodId` or its payment method. Records the attempt and its
 * events; `settleSubscription` updates the subscription.
 */
export function collectInvoice(ctx: Context, open: Invoice, methodId?: string): Collected {
  const intent = invoiceIntent(ctx, open.id)
  const method = methodId ?? payingMethod(ctx, open)
  const attempted = ctx.patch('invoices', open.id, {
    attempt_count: open.attempt_count + 1,
    attempted: true,
  })
  if (intent === undefined) return { outcome: 'paid', invoice: markPaid(ctx, attempted) }
  if (method === null) {
    setDelinquent(ctx, attempted, true)
    ctx.emit('invoice.updated', attempted, changesBetween(open, attempted))
    ctx.emit('invoice.payment_failed', attempted)
    return { outcome: 'no_payment_method', invoice: attempted }
  }
  const confirmed = confirmPayment(ctx, intent, { method })
  if (confirmed.status !== 'succeeded') {
    ctx.emit('invoice.updated', attempted, changesBetween(open, attempted))
  }
  return applyPaymentResult(ctx, attempted, confirmed)
}

function setDelinquent(ctx: Context, invoice: Invoice, delinquent: boolean): void {
  const customer = ctx.store.get('customers', invoice.customer ?? '')
  if (customer === undefined || customer.delinquent === delinquent) return
  const isFirst = invoice.billing_reason === 'subscription_create'
  if (delinquent && isFirst) return
  const after = ctx.patch('customers', customer.id, { delinquent })
  ctx.emit('customer.updated', after, { delinquent: customer.delinquent ?? null })
}

/** Updates an invoice after an attempt of its payment intent. */
export function applyPaymentResult(
  ctx: Context,
  invoice: Invoice,
  intent: PaymentIntent,
): Collected {
  if (intent.status === 'succeeded')
    return { outcome: 'paid', invoice: recordPayment(ctx, invoice) }
  setDelinquent(ctx, invoice, true)
  if (intent.status === 'requires_action') {
    ctx.emit('invoice.payment_action_required', invoice)
    ctx.emit('invoice.payment_failed', invoice)
    return { outcome: 'requires_action', invoice, intent }
  }
  ctx.emit('invoice.payment_failed', invoice)
  return { outcome: 'declined', invoice, intent }
}

function recordPayment(ctx: Context, invoice: Invoice): Invoice {
  const payment = defaultPayment(ctx, invoice.id)
  if (payment !== undefined) {
    const paid = ctx.patch('invoice_payments', payment.id, {
      amount_paid: payment.amount_requested,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: ctx.timeOf(invoice.test_clock) },
    })
    ctx.emit('invoice_payment.paid', paid)
  }
  setDelinquent(ctx, invoice, false)
  return markPaid(ctx, invoice)
}
