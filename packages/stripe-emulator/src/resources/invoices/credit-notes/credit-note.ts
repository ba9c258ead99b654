import type { Context } from '../../../core/context.ts'
import { invalidRequest, StripeError } from '../../../core/errors.ts'
import { longId, token } from '../../../core/ids.ts'
import { formatMoney } from '../../../core/money.ts'
import type { CreditNote, CreditNoteLine, Invoice } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { sumTaxes } from '../totals.ts'
import type { CreditNoteParams } from './credit-note-params.ts'
import { amountLine, creditNoteLine } from './lines.ts'
import { invoiceRefunds } from './refunds.ts'

/** A credit note. Throws 404. */
export function requireCreditNote(ctx: Context, id: string): CreditNote {
  const found = ctx.store.get('credit_notes', id)
  if (found !== undefined) return found
  throw new StripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such credit_note: '${id}'`,
    param: 'id',
  })
}

/**
 * A credit note before its effects: its lines and totals, and how much of it lowers what is still due (`pre_payment`).
 * Throws 400 for an invoice that cannot be credited, and for more than can be credited.
 */
export function draftCreditNote(
  ctx: Context,
  invoice: Invoice,
  params: CreditNoteParams,
): CreditNote {
  requireCreditable(invoice)
  const id = longId('cn')
  const lines = linesOf(ctx, invoice, params)
  const totals = totalsOf(lines)
  checkAmount(ctx, { invoice, params, total: totals.total })
  const pre = Math.min(totals.total, dueOf(invoice))
  const created = ctx.timeOf(invoice.test_clock)
  const post = totals.total - pre
  return {
    id,
    object: 'credit_note',
    ...totals,
    amount: totals.total,
    amount_shipping: 0,
    created,
    currency: invoice.currency,
    customer: invoice.customer ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    effective_at: params.effective_at ?? created,
    invoice: invoice.id,
    lines: {
      object: 'list',
      data: lines,
      has_more: false,
      url: `/v1/credit_notes/${id}/lines`,
    },
    livemode: false,
    memo: params.memo ?? null,
    metadata: changeMetadata({}, params.metadata),
    number: `${invoice.number}-CN-${String(countOf(ctx, invoice) + 1).padStart(2, '0')}`,
    out_of_band_amount: params.out_of_band_amount ?? null,
    pdf: `${ctx.settings.baseUrl}/credit_notes/test_${token(40)}/pdf`,
    post_payment_amount: post,
    pre_payment_amount: pre,
    reason: params.reason ?? null,
    refunds: [],
    shipping_cost: null,
    status: 'issued',
    type: pre > 0 && post > 0 ? 'mixed' : post > 0 ? 'post_payment' : 'pre_payment',
    voided_at: null,
  }
}

/** What is still to be paid of an invoice. */
export function dueOf(invoice: Invoice): number {
  return invoice.status === 'paid' ? 0 : invoice.amount_remaining
}

function countOf(ctx: Context, invoice: Invoice): number {
  return ctx.store.find('credit_notes', { index: 'invoice', key: invoice.id }).length
}

function requireCreditable({ status }: Invoice): void {
  if (status !== 'draft' && status !== 'void') return
  throw invalidRequest(`You cannot create a credit note for a ${status} invoice.`, {
    param: 'invoice',
  })
}

function linesOf(ctx: Context, invoice: Invoice, params: CreditNoteParams): CreditNoteLine[] {
  if (params.lines !== undefined && params.lines.length > 0) {
    return params.lines.map((param, index) =>
      creditNoteLine(ctx, { invoice, param, name: `lines[${index}]` }),
    )
  }
  if (params.amount !== undefined) return [amountLine(params.amount)]
  throw invalidRequest('One of `amount`, `lines`, or `shipping_cost` must be provided.')
}

function totalsOf(lines: readonly CreditNoteLine[]) {
  const sum = (of: (line: CreditNoteLine) => number) =>
    lines.reduce((total, line) => total + of(line), 0)
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  const taxSum = (behavior: string) =>
    taxes.filter((tax) => tax.tax_behavior === behavior).reduce((all, tax) => all + tax.amount, 0)
  const subtotal = sum((line) => line.amount)
  const discount = sum((line) => line.discount_amount)
  const total = subtotal - discount + taxSum('exclusive')
  return {
    discount_amount: discount,
    discount_amounts: discountSums(lines),
    pretax_credit_amounts: discountSums(lines).map((one) => ({
      ...one,
      type: 'discount' as const,
    })),
    subtotal,
    subtotal_excluding_tax: subtotal - taxSum('inclusive'),
    total,
    total_excluding_tax: total - taxSum('exclusive') - taxSum('inclusive'),
    total_taxes: sumTaxes(taxes),
  }
}

function discountSums(lines: readonly CreditNoteLine[]): CreditNote['discount_amounts'] {
  const sums = new Map<string, number>()
  for (const { amount, discount } of lines.flatMap((line) => line.discount_amounts)) {
    sums.set(discount, (sums.get(discount) ?? 0) + amount)
  }
  return [...sums].map(([discount, amount]) => ({ amount, discount }))
}

function checkAmount(
  ctx: Context,
  note: { invoice: Invoice; params: CreditNoteParams; total: number },
): void {
  const { invoice, params, total } = note
  const money = (amount: number) => formatMoney(amount, invoice.currency)
  if (total <= 0) {
    throw invalidRequest('The credit note amount must be greater than 0.', { param: 'amount' })
  }
  if (params.amount !== undefined && params.amount !== total) {
    throw invalidRequest(
      `The credit note amount (${money(params.amount)}) must equal the sum of its lines (${money(total)}).`,
      { param: 'amount' },
    )
  }
  const linked = (params.refunds ?? []).flatMap(({ refund }) => refund ?? [])
  const refunded = invoiceRefunds(ctx, invoice)
    .filter(({ id, isCredited }) => !isCredited && !linked.includes(id))
    .reduce((sum, { amount }) => sum + amount, 0)
  const most =
    invoice.total -
    invoice.pre_payment_credit_notes_amount -
    invoice.post_payment_credit_notes_amount -
    refunded
  if (total <= most) return
  throw invalidRequest(
    `Credit note amount (${money(total)}) is greater than the maximum creditable amount (${money(most)}).`,
    { param: params.amount === undefined ? 'lines' : 'amount' },
  )
}
