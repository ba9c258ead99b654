import { fromSeconds } from '../../../core/clock.ts'
import type { Context } from '../../../core/context.ts'
import { formatDay, proratedAmount } from '../../../core/money.ts'
import type { InvoiceItem, Subscription, SubscriptionItem } from '../../../documents.ts'
import { priceAmount } from '../../catalog/amount.ts'
import { createInvoiceItem } from '../../invoices/items/invoice-item.ts'
import { priceText } from '../../invoices/line.ts'

/** An item before and after a change; null: it was added or removed. */
export interface ItemChange {
  before: SubscriptionItem | null
  after: SubscriptionItem | null
}

/** The changes that are prorated: another price, quantity or period. */
export function itemChanges(
  before: Subscription,
  after: readonly SubscriptionItem[],
): ItemChange[] {
  const ids = new Set([...before.items.data, ...after].map((item) => item.id))
  return [...ids]
    .map((id) => ({
      before: before.items.data.find((item) => item.id === id) ?? null,
      after: after.find((item) => item.id === id) ?? null,
    }))
    .filter(
      (change) =>
        change.before?.price.id !== change.after?.price.id ||
        change.before?.quantity !== change.after?.quantity ||
        change.before?.current_period_end !== change.after?.current_period_end,
    )
}

/**
 * Creates the pending invoice items of a change: first the credits for the unused time of the old items, then
 * the charges for the remaining time of the new ones. To the second.
 */
export function prorate(
  ctx: Context,
  subscription: Subscription,
  change: { changes: readonly ItemChange[]; at: number },
): InvoiceItem[] {
  const { customer } = subscription
  const { at, changes } = change
  const credits = changes.flatMap(({ before }) => before ?? [])
  const debits = changes.flatMap(({ after }) => after ?? [])
  return [
    ...credits.map((item) => prorationItem(ctx, item, { at, customer, credit: true })),
    ...debits.map((item) => prorationItem(ctx, item, { at, customer, credit: false })),
  ]
}

function prorationItem(
  ctx: Context,
  item: SubscriptionItem,
  about: { at: number; customer: string; credit: boolean },
): InvoiceItem {
  const { at, customer, credit } = about
  const name = ctx.store.get('products', item.price.product)?.name ?? item.price.product
  const named = item.quantity === 1 ? name : priceText(ctx, item.price, item.quantity)
  const currency = ctx.store.get('subscriptions', item.subscription)?.currency
  const amount = partOf(ctx, item, { at, currency })
  return createInvoiceItem(ctx, {
    customer,
    amount: credit ? 0 - amount : amount,
    currency: currency ?? item.price.currency,
    description: `${credit ? 'Unused' : 'Remaining'} time on ${named} after ${formatDay(fromSeconds(at))}`,
    period: { start: at, end: item.current_period_end },
    quantity: item.quantity,
    proration: true,
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: null,
    },
    parent: {
      subscription_details: { subscription: item.subscription, subscription_item: item.id },
      type: 'subscription_details',
    },
    credited: credit ? creditedLine(ctx, item) : null,
    metadata: {},
    taxRates: item.tax_rates ?? [],
  })
}

function partOf(
  ctx: Context,
  item: SubscriptionItem,
  { at, currency }: { at: number; currency: string | undefined },
): number {
  const { price, quantity, current_period_start: start, current_period_end: end } = item
  const seconds = Math.max(0, end - Math.max(at, start))
  const amount = priceAmount(ctx, price, { quantity, currency })
  return proratedAmount(amount, { seconds, of: end - start })
}

/** The last invoice line of an item, which a credit refers to. */
function creditedLine(ctx: Context, item: SubscriptionItem) {
  const invoices = ctx.store.find('invoices', { index: 'subscription', key: item.subscription })
  for (const invoice of invoices) {
    const line = invoice.lines.data.find(
      (candidate) =>
        candidate.parent?.subscription_item_details?.subscription_item === item.id &&
        candidate.amount >= 0,
    )
    if (line !== undefined) return { invoice: invoice.id, invoice_line_items: [line.id] }
  }
  return null
}
