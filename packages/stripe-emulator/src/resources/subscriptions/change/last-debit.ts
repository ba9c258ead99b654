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
  /** The lines of the charge, as a credit names it; null: it is still pending. */
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
    const lines = invoice.lines.data.filter(
      (candidate) =>
        candidate.parent?.subscription_item_details?.subscription_item === item.id &&
        candidate.amount >= 0 &&
        candidate.period.end > at,
    )
    const last = lines.at(-1)
    if (last === undefined) continue
    const charged = isProration(last) ? [last] : lines.filter((line) => isTogether(line, last))
    const ids = charged.map(({ id }) => id)
    const sums = charged.map(charge)
    return {
      ...charge(last),
      amount: sumOf(sums.map(({ amount }) => amount)),
      gross: sumOf(sums.map(({ gross }) => gross)),
      quantity: sumOf(sums.map(({ quantity }) => quantity ?? 0)),
      credited: { invoice: invoice.id, invoice_line_items: ids },
    }
  }
  return null
}

function isProration(line: InvoiceLine): boolean {
  return line.parent?.subscription_item_details?.proration === true
}

/** Whether two lines charge the same item for the same time: a tiered price has a line for each tier. */
function isTogether(line: InvoiceLine, last: InvoiceLine): boolean {
  return (
    !isProration(line) &&
    line.period.start === last.period.start &&
    line.period.end === last.period.end
  )
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

function charge(charged: InvoiceItem | InvoiceLine) {
  const { amount: gross, period, pricing, quantity } = charged
  const price = pricing?.price_details?.price ?? null
  const taken = 'discount_amounts' in charged ? (charged.discount_amounts ?? []) : []
  const amount = taken.reduce((left, discount) => left - discount.amount, gross)
  return { amount, gross, period, price, quantity }
}
