import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { formatMoney } from '../../../core/money.ts'
import type { Charge, CreditNote, Invoice, Refund } from '../../../documents.ts'
import { refundCharge } from '../../payments/refunds/refund.ts'
import type { CreditNoteParams } from './credit-note-params.ts'

/** The charge that paid an invoice; null: it was not paid by a charge. */
function chargeOf(ctx: Context, invoice: Invoice): Charge | null {
  for (const payment of ctx.store.find('invoice_payments', { index: 'invoice', key: invoice.id })) {
    const intent = ctx.store.get('payment_intents', payment.payment.payment_intent ?? '')
    const charge = ctx.store.get('charges', intent?.latest_charge ?? '')
    if (charge?.paid === true) return charge
  }
  return null
}

/** The refunds of the charge of an invoice, and whether a credit note names each. */
export function invoiceRefunds(
  ctx: Context,
  invoice: Invoice,
): (Refund & { isCredited: boolean })[] {
  const charge = chargeOf(ctx, invoice)
  const notes = ctx.store.find('credit_notes', { index: 'invoice', key: invoice.id })
  const credited = new Set(notes.flatMap((note) => note.refunds.map(({ refund }) => refund)))
  if (charge === null) return []
  const refunds = [...ctx.store.newest('refunds').filter((refund) => refund.charge === charge.id)]
  return refunds.map((refund) => ({ ...refund, isCredited: credited.has(refund.id) }))
}

type Linked = CreditNote['refunds'][number]

/** The existing refunds that a request links to a credit note. Throws 400 for any that is not of its invoice, or taken. */
export function linkedRefunds(
  ctx: Context,
  invoice: Invoice,
  params: CreditNoteParams['refunds'] = [],
): Linked[] {
  const known = invoiceRefunds(ctx, invoice)
  return params.map(({ refund: id = '', amount_refunded: amount, type = 'refund' }, index) => {
    const found = known.find((refund) => refund.id === id)
    if (found === undefined) {
      throw invalidRequest(`No such refund: '${id}'`, {
        code: 'resource_missing',
        param: `refunds[${index}][refund]`,
      })
    }
    if (found.isCredited || (amount ?? 0) > found.amount) {
      throw invalidRequest(`The refund ${id} cannot be linked to this credit note.`, {
        param: `refunds[${index}][refund]`,
      })
    }
    const part = amount ?? found.amount
    return { amount_refunded: part, payment_record_refund: null, refund: id, type }
  })
}

/** Refunds an amount of the charge of an invoice, for a credit note. Throws 400 where it cannot be. */
export function refundForNote(ctx: Context, invoice: Invoice, amount: number): Linked {
  const charge = chargeOf(ctx, invoice)
  if (charge === null) {
    throw invalidRequest('This invoice has no charge that can be refunded.', {
      param: 'refund_amount',
    })
  }
  const left = charge.amount_captured - charge.amount_refunded
  if (amount > left) {
    const money = (value: number) => formatMoney(value, charge.currency)
    throw invalidRequest(
      `Refund amount (${money(amount)}) is greater than unrefunded amount on charge (${money(left)})`,
      { param: 'refund_amount' },
    )
  }
  const refund = refundCharge(ctx, charge, { amount, reason: null, metadata: {} })
  return {
    amount_refunded: amount,
    payment_record_refund: null,
    refund: refund.id,
    type: 'refund',
  }
}
