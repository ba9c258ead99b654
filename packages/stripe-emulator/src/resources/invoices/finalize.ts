import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import { longId, token } from '../../core/ids.ts'
import type { Invoice, InvoicePayment, PaymentIntent } from '../../documents.ts'
import { changeBalanceOf } from '../customers/balance.ts'
import { requireCustomer } from '../customers/customer.ts'
import { changesBetween } from '../events/changes.ts'
import { scheduleOverdueCheck } from '../events/reminders.ts'
import { withLatestUsage } from '../meters/metered-items.ts'
import { createPaymentIntent } from '../payments/payment-intent.ts'
import { withLocation } from '../tax/finalize.ts'
import { subscriptionOf } from './invoice.ts'
import { withTotals } from './totals.ts'

const PAYMENT_TEXT: Record<string, string> = {
  subscription_create: 'Subscription creation',
  subscription_update: 'Subscription update',
  subscription_cycle: 'Subscription update',
}

/** The payment of an invoice; undefined where nothing is due. */
export function defaultPayment(ctx: Context, invoice: string): InvoicePayment | undefined {
  return ctx.store
    .find('invoice_payments', { index: 'invoice', key: invoice })
    .find((payment) => payment.is_default && payment.status !== 'canceled')
}

/** The payment intent of an invoice; undefined where nothing is due. */
export function invoiceIntent(ctx: Context, invoice: string): PaymentIntent | undefined {
  const id = defaultPayment(ctx, invoice)?.payment.payment_intent
  return typeof id === 'string' ? ctx.store.get('payment_intents', id) : undefined
}

/**
 * Finalizes a draft: number, amount due, hosted pages, and a payment where something is due. Where nothing is
 * due it is paid at once. `advance` says whether it is collected automatically from now on. Throws 400 for any other
 * status.
 */
export function finalizeInvoice(ctx: Context, draft: Invoice, advance?: boolean): Invoice {
  const { balance } = requireCustomer(ctx, draft.customer ?? '')
  const open = finalized(ctx, draft, { balance, advance })
  if (open.amount_due === 0) return markPaid(ctx, open)
  openPayment(ctx, open)
  if (open.collection_method === 'send_invoice') scheduleOverdueCheck(ctx, open)
  return open
}

/**
 * Finalizes the draft of something that is paid already, by `intent` (null: nothing was due). The customer's balance
 * stays as it is.
 */
export function finalizePaidInvoice(
  ctx: Context,
  draft: Invoice,
  intent: PaymentIntent | null,
): Invoice {
  const open = finalized(ctx, draft, { balance: 0 })
  if (intent !== null) {
    const paid = ctx.store.put('invoice_payments', {
      ...paymentOf(ctx, open, intent),
      amount_paid: open.amount_due,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: ctx.timeOf(open.test_clock) },
    })
    ctx.emit('invoice_payment.paid', paid)
  }
  return markPaid(ctx, open)
}

function finalized(
  ctx: Context,
  draft: Invoice,
  { balance, advance }: { balance: number; advance?: boolean | undefined },
): Invoice {
  if (draft.status !== 'draft') {
    throw invalidRequest(
      "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
    )
  }
  const located = withLocation(ctx, withLatestUsage(ctx, draft))
  const now = ctx.timeOf(draft.test_clock)
  const number = draft.number ?? takeNumber(ctx, draft)
  const final = withTotals(ctx, { ...located, starting_balance: balance })
  const page = `${ctx.settings.baseUrl}/i/test_${token(40)}`
  const open = ctx.patch('invoices', draft.id, {
    ...final,
    auto_advance: advance ?? draft.collection_method === 'charge_automatically',
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? now,
    ending_balance: applyBalance(ctx, final),
    hosted_invoice_url: page,
    invoice_pdf: `${page}/pdf`,
    number,
    rendering: withPageSize(draft.rendering),
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  })
  ctx.emitWithFinalState('invoice.finalized', open)
  return open
}

/** The size of the page is decided when the invoice is finalized: that of the account's country (recorded). */
function withPageSize(rendering: Invoice['rendering']): Invoice['rendering'] {
  if (rendering?.pdf?.page_size !== 'auto') return rendering
  return { ...rendering, pdf: { ...rendering.pdf, page_size: 'letter' } }
}

function takeNumber(ctx: Context, invoice: Invoice): string {
  const customer = requireCustomer(ctx, invoice.customer ?? '')
  const sequence = customer.next_invoice_sequence ?? 1
  ctx.patch('customers', customer.id, {
    next_invoice_sequence: sequence + 1,
    currency: customer.currency ?? invoice.currency,
  })
  return `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`
}

/** Applies the customer's balance, and returns the new balance. */
function applyBalance(ctx: Context, invoice: Invoice): number {
  const remaining = invoice.starting_balance + invoice.total - invoice.amount_due
  if (remaining === invoice.starting_balance) return remaining
  changeBalanceOf(ctx, requireCustomer(ctx, invoice.customer ?? ''), {
    amount: remaining - invoice.starting_balance,
    currency: invoice.currency,
    invoice: invoice.id,
    type: 'applied_to_invoice',
  })
  return remaining
}

function openPayment(ctx: Context, invoice: Invoice): void {
  const intent = createPaymentIntent(ctx, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: invoice.customer,
    description: PAYMENT_TEXT[invoice.billing_reason ?? ''] ?? `Payment for Invoice`,
    invoice: invoice.id,
    setupFutureUsage: subscriptionOf(invoice) === null ? null : 'off_session',
    metadata: {},
  })
  ctx.store.put('invoice_payments', paymentOf(ctx, invoice, intent))
}

/** The payment of an invoice by an intent, still open. */
function paymentOf(ctx: Context, invoice: Invoice, intent: PaymentIntent): InvoicePayment {
  return {
    id: longId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: ctx.timeOf(invoice.test_clock),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

/** Marks an invoice as paid in full. Where it was paid outside Stripe, no payment was attempted. */
export function markPaid(
  ctx: Context,
  invoice: Invoice,
  { outOfBand = false }: { outOfBand?: boolean } = {},
): Invoice {
  const now = ctx.timeOf(invoice.test_clock)
  const paid = ctx.patch('invoices', invoice.id, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: outOfBand ? invoice.attempted : true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  })
  if (paid.amount_due > 0) ctx.emit('invoice.updated', paid, changesBetween(invoice, paid))
  ctx.emit('invoice.paid', paid)
  ctx.emit('invoice.payment_succeeded', paid)
  return paid
}
