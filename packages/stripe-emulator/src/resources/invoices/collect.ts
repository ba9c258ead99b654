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

/** An attempt to collect an invoice: by which payment method, and whether a person made it. */
export interface Attempt {
  method?: string | undefined
  manual?: true
}

/** Counts an attempt: the first one of any kind, then the automatic ones (types of the `stripe` package). */
function countAttempt(ctx: Context, invoice: Invoice, { manual = false }: { manual?: boolean }) {
  const before = invoice.attempt_count
  const attempt_count = manual ? Math.max(1, before) : before + 1
  return ctx.patch('invoices', invoice.id, { attempt_count, attempted: true })
}

/**
 * Tries once to collect an open invoice, with a given payment method or its own. Records the attempt and its
 * events; `settleSubscription` updates the subscription.
 */
export function collectInvoice(ctx: Context, open: Invoice, by: Attempt = {}): Collected {
  const intent = invoiceIntent(ctx, open.id)
  const method = by.method ?? payingMethod(ctx, open)
  const attempted = countAttempt(ctx, open, by)
  if (intent === undefined) return { outcome: 'paid', invoice: markPaid(ctx, attempted) }
  if (method === null) {
    setDelinquent(ctx, attempted, true)
    ctx.emit('invoice.updated', attempted, changesBetween(open, attempted))
    ctx.emit('invoice.payment_failed', attempted)
    return { outcome: 'no_payment_method', invoice: attempted }
  }
  const confirmed = confirmPayment(ctx, intent, { method })
  if (confirmed.status === 'succeeded') return applyPaymentResult(ctx, attempted, confirmed)
  // An attempt that waits for 3-D Secure is not counted yet (recorded).
  const { attempt_count } = confirmed.status === 'requires_action' ? open : attempted
  const unpaid = ctx.patch('invoices', open.id, { attempt_count })
  ctx.emit('invoice.updated', unpaid, changesBetween(open, unpaid))
  return applyPaymentResult(ctx, unpaid, confirmed)
}

function setDelinquent(ctx: Context, invoice: Invoice, delinquent: boolean): void {
  const customer = ctx.store.get('customers', invoice.customer ?? '')
  if (customer === undefined || customer.delinquent === delinquent) return
  const isFirst = invoice.billing_reason === 'subscription_create'
  if (delinquent && isFirst) return
  const after = ctx.patch('customers', customer.id, { delinquent })
  ctx.emit('customer.updated', after, { delinquent: customer.delinquent ?? null })
}

/** Updates an invoice after its payment intent was confirmed directly, or its 3-D Secure step has ended. */
export function applyIntentAttempt(
  ctx: Context,
  invoice: Invoice,
  intent: PaymentIntent,
): Collected {
  const waits = intent.status === 'requires_action'
  const counted = waits ? invoice : countAttempt(ctx, invoice, { manual: true })
  return applyPaymentResult(ctx, counted, intent)
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
