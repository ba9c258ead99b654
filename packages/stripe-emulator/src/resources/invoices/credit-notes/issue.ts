import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { CreditNote, Invoice } from '../../../documents.ts'
import { changeBalanceOf } from '../../customers/balance.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { settleSubscription } from '../../subscriptions/settle.ts'
import { cancelPayment } from '../close.ts'
import { defaultPayment, invoiceIntent, markPaid } from '../finalize.ts'
import { requireInvoice } from '../invoice.ts'
import { draftCreditNote } from './credit-note.ts'
import type { CreditNoteParams } from './credit-note-params.ts'
import { linkedRefunds, refundForNote } from './refunds.ts'

/**
 * Issues a credit note. It first lowers what is still due; the rest is refunded, credited to the customer's balance, or
 * credited outside of Stripe, and these must add up to the rest (types of the `stripe` package). Throws 400.
 */
export function issueCreditNote(ctx: Context, params: CreditNoteParams): CreditNote {
  const invoice = requireInvoice(ctx, params.invoice, 'invoice')
  const draft = draftCreditNote(ctx, invoice, params)
  const linked = linkedRefunds(ctx, invoice, params.refunds)
  checkSum(draft, params, linked)
  const refund = params.refund_amount ?? 0
  const refunds = refund > 0 ? [...linked, refundForNote(ctx, invoice, refund)] : linked
  const transaction = credit(ctx, draft, params.credit_amount ?? 0)
  const note = ctx.store.put('credit_notes', {
    ...draft,
    customer_balance_transaction: transaction,
    refunds,
  })
  ctx.emit('credit_note.created', note)
  applyToInvoice(ctx, invoice, note)
  return note
}

function checkSum(note: CreditNote, params: CreditNoteParams, linked: CreditNote['refunds']): void {
  const existing = linked.reduce((sum, { amount_refunded: amount }) => sum + amount, 0)
  const { refund_amount: refund = 0, credit_amount: credited = 0 } = params
  const sum = refund + credited + (params.out_of_band_amount ?? 0) + existing
  if (sum === note.post_payment_amount) return
  const money = (amount: number) => formatMoney(amount, note.currency)
  throw invalidRequest(
    `The sum of refunds, credit amount, and out of band amount (${money(sum)}) must equal the credit note post_payment_amount (${money(note.post_payment_amount)}).`,
  )
}

/** Credits an amount to the customer's balance, and returns the id of the transaction. */
function credit(ctx: Context, note: CreditNote, amount: number): string | null {
  if (amount === 0) return null
  const customer = requireCustomer(ctx, note.customer, 'customer')
  const { currency, id, invoice } = note
  const change = { amount: 0 - amount, credit_note: id, currency, invoice }
  return changeBalanceOf(ctx, customer, { ...change, type: 'credit_note' }).id
}

function applyToInvoice(ctx: Context, invoice: Invoice, note: CreditNote): void {
  const { pre_payment_amount: pre, post_payment_amount: post } = note
  const after = ctx.patch('invoices', invoice.id, {
    amount_due: invoice.amount_due - pre,
    amount_remaining: invoice.amount_remaining - pre,
    post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + post,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + pre,
  })
  ctx.emit('invoice.updated', after, changesBetween(invoice, after))
  if (pre === 0) return
  if (after.amount_remaining > 0) {
    setRequested(ctx, after)
    return
  }
  cancelPayment(ctx, after)
  settleSubscription(ctx, { outcome: 'paid', invoice: markPaid(ctx, after) })
}

/** What is asked for follows what is due. */
function setRequested(ctx: Context, invoice: Invoice): void {
  const intent = invoiceIntent(ctx, invoice.id)
  const payment = defaultPayment(ctx, invoice.id)
  if (intent !== undefined) {
    ctx.patch('payment_intents', intent.id, { amount: invoice.amount_remaining })
  }
  if (payment !== undefined) {
    ctx.patch('invoice_payments', payment.id, { amount_requested: invoice.amount_remaining })
  }
}

/** Voids a credit note of an open invoice: what it took off is due again. Throws 400 for any other. */
export function voidCreditNote(ctx: Context, before: CreditNote): CreditNote {
  const invoice = requireInvoice(ctx, before.invoice)
  if (before.status === 'void') {
    throw invalidRequest('You cannot void a credit note that is already void.')
  }
  if (before.type !== 'pre_payment' || invoice.status !== 'open') {
    throw invalidRequest('You can only void credit notes that were issued for an open invoice.')
  }
  const note = ctx.patch('credit_notes', before.id, {
    status: 'void',
    voided_at: ctx.timeOf(invoice.test_clock),
  })
  const { pre_payment_amount: pre } = note
  const after = ctx.patch('invoices', invoice.id, {
    amount_due: invoice.amount_due + pre,
    amount_remaining: invoice.amount_remaining + pre,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount - pre,
  })
  ctx.emit('credit_note.voided', note)
  ctx.emit('invoice.updated', after, changesBetween(invoice, after))
  setRequested(ctx, after)
  return note
}
