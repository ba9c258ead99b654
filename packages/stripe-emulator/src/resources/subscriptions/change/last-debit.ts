import type { Context } from '../../../core/context.ts'
import type { InvoiceItem, InvoiceLine, SubscriptionItem } from '../../../documents.ts'
import type { Period } from '../../invoices/line.ts'

/** What was charged for an item: by a line of an invoice, or by an invoice item that is still pending. */
export interface Debit {
  /** After its discounts. */
  amount: number
  /** Before its discounts. */
  gross: number
  price: string | null
  quantity: number | null
  period: Period
  /** The line of the charge, as a credit names it; null: it is still pending. */
  credited: { invoice: string; invoice_line_items: string[] } | null
}

/** The last charge for the time of an item after an instant; null: there was none. */
export function lastDebit(ctx: Context, item: SubscriptionItem, at: number): Debit | null {
  return pendingDebit(ctx, item, at) ?? invoicedDebit(ctx, item, at)
}

function pendingDebit(ctx: Context, item: SubscriptionItem, at: number): Debit | null {
  const customer = ctx.store.get('subscriptions', item.subscription)?.customer ?? ''
  const found = ctx.store
    .find('invoice_items', { index: 'pending', key: customer })
    .find(
      (candidate) =>
        candidate.parent?.subscription_details?.subscription_item === item.id &&
        candidate.amount >= 0 &&
        candidate.period.end > at,
    )
  return found === undefined ? null : { ...charge(found), credited: null }
}

function invoicedDebit(ctx: Context, item: SubscriptionItem, at: number): Debit | null {
  const invoices = ctx.store.find('invoices', { index: 'subscription', key: item.subscription })
  for (const invoice of invoices) {
    if (invoice.status === 'void') continue
    const line = invoice.lines.data.findLast(
      (candidate) =>
        candidate.parent?.subscription_item_details?.subscription_item === item.id &&
        candidate.amount >= 0 &&
        candidate.period.end > at,
    )
    if (line === undefined) continue
    return { ...charge(line), credited: { invoice: invoice.id, invoice_line_items: [line.id] } }
  }
  return null
}

function charge(charged: InvoiceItem | InvoiceLine) {
  const { amount: gross, period, pricing, quantity } = charged
  const price = pricing?.price_details?.price ?? null
  const taken = 'discount_amounts' in charged ? (charged.discount_amounts ?? []) : []
  const amount = taken.reduce((left, discount) => left - discount.amount, gross)
  return { amount, gross, period, price, quantity }
}
