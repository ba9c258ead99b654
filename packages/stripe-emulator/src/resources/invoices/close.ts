import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Invoice } from '../../documents.ts'
import { changeBalanceOf } from '../customers/balance.ts'
import { removeResumption } from '../events/reminders.ts'
import { cancelPaymentIntent } from '../payments/capture.ts'
import { dropPendingUpdate } from '../subscriptions/change/drop-pending-update.ts'
import { defaultPayment, invoiceIntent } from './finalize.ts'

/** Voids an open invoice. Throws 400 for any other, also an uncollectible one (docs/stripe.md, fact 31). */
export function voidInvoice(ctx: Context, invoice: Invoice): Invoice {
  if (invoice.status === 'paid') {
    throw invalidRequest('Invoices with `paid` payments cannot be voided.')
  }
  requireOpen(invoice)
  cancelPayment(ctx, invoice)
  returnBalance(ctx, invoice)
  const voided = ctx.patch('invoices', invoice.id, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: {
      ...invoice.status_transitions,
      voided_at: ctx.timeOf(invoice.test_clock),
    },
  })
  ctx.emit('invoice.voided', voided)
  removeResumption(ctx, voided.id)
  dropPendingUpdate(ctx, voided)
  return voided
}

/** Gives back what the customer's balance had paid. */
function returnBalance(ctx: Context, invoice: Invoice): void {
  const applied = (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance
  const customer = ctx.store.get('customers', invoice.customer ?? '')
  if (applied === 0 || customer === undefined) return
  const { currency, id } = invoice
  const back = { amount: 0 - applied, currency, invoice: id }
  changeBalanceOf(ctx, customer, { ...back, type: 'unapplied_from_invoice' })
}

/** Cancels the payment of an invoice that is not made. */
export function cancelPayment(ctx: Context, invoice: Invoice): void {
  const intent = invoiceIntent(ctx, invoice.id)
  const payment = defaultPayment(ctx, invoice.id)
  if (intent !== undefined && intent.status !== 'succeeded' && intent.status !== 'canceled') {
    cancelPaymentIntent(ctx, intent, 'void_invoice')
  }
  if (payment?.status !== 'open') return
  ctx.patch('invoice_payments', payment.id, {
    status: 'canceled',
    status_transitions: { canceled_at: ctx.timeOf(invoice.test_clock), paid_at: null },
  })
}

function requireOpen(invoice: Invoice): void {
  if (invoice.status === 'open') return
  throw invalidRequest("You can only pass in open invoices. This invoice isn't open.")
}

/** Marks an open invoice as uncollectible; it can still be paid. Throws 400 for any other. */
export function markUncollectible(ctx: Context, invoice: Invoice): Invoice {
  if (invoice.status === 'uncollectible') {
    throw invalidRequest('This invoice has already been marked uncollectible.')
  }
  requireOpen(invoice)
  const marked = ctx.patch('invoices', invoice.id, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: {
      ...invoice.status_transitions,
      marked_uncollectible_at: ctx.timeOf(invoice.test_clock),
    },
  })
  ctx.emit('invoice.marked_uncollectible', marked)
  return marked
}
