import { fromSeconds } from '../../../core/clock.ts'
import type { Context } from '../../../core/context.ts'
import { formatDay, proratedAmount } from '../../../core/money.ts'
import type { InvoiceItem, Subscription, SubscriptionItem } from '../../../documents.ts'
import { priceAmount } from '../../catalog/amount.ts'
import { requireCustomer } from '../../customers/customer.ts'
import type { NetAmount } from '../../discounts/proration.ts'
import { netAmounts, netOfLines } from '../../discounts/proration.ts'
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
  const { at, changes } = change
  const netOf = netAmountOf(ctx, subscription, change)
  const credits = changes.flatMap(({ before }) => before ?? [])
  const debits = changes.flatMap(({ after }) => after ?? [])
  return [
    ...credits.map((item) =>
      prorationItem(ctx, item, { at, credit: true, net: creditOf(ctx, item) ?? netOf(item) }),
    ),
    ...debits.map((item) => prorationItem(ctx, item, { at, credit: false, net: netOf(item) })),
  ]
}

/** What each item costs after the discounts that the subscription has now. */
function netAmountOf(
  ctx: Context,
  subscription: Subscription,
  change: { changes: readonly ItemChange[]; at: number },
): (item: SubscriptionItem) => NetAmount {
  const changed = new Map(change.changes.map(({ before, after }) => [before?.id, after]))
  const items = subscription.items.data.flatMap((item) =>
    changed.has(item.id) ? (changed.get(item.id) ?? []) : item,
  )
  const added = change.changes.flatMap(({ before, after }) =>
    before === null ? (after ?? []) : [],
  )
  const customer = requireCustomer(ctx, subscription.customer)
  const of = { subscription, customer, items: [...items, ...added] }
  const amounts = netAmounts(ctx, of, change.at)
  return (item) => amounts.get(item.id) ?? { amount: 0, discounts: [] }
}

/** What was charged for the current period of an item, after its discounts; null: no line is for that period. */
function creditOf(ctx: Context, item: SubscriptionItem): NetAmount | null {
  const { current_period_start: start, current_period_end: end, price, quantity } = item
  const currency = ctx.store.get('subscriptions', item.subscription)?.currency
  const gross = priceAmount(ctx, price, { quantity, currency })
  const invoices = ctx.store.find('invoices', { index: 'subscription', key: item.subscription })
  const charged = invoices
    .map(({ lines }) =>
      lines.data.filter(
        ({ parent, period }) =>
          parent?.subscription_item_details?.subscription_item === item.id &&
          period.start === start &&
          period.end === end,
      ),
    )
    .find((lines) => lines.reduce((sum, { subtotal }) => sum + subtotal, 0) === gross)
  return charged === undefined || charged.length === 0 ? null : netOfLines(charged)
}

function prorationItem(
  ctx: Context,
  item: SubscriptionItem,
  about: { at: number; credit: boolean; net: NetAmount },
): InvoiceItem {
  const { at, credit, net } = about
  const owner = ctx.store.get('subscriptions', item.subscription)
  const name = ctx.store.get('products', item.price.product)?.name ?? item.price.product
  const named = item.quantity === 1 ? name : priceText(ctx, item.price, item.quantity)
  const amount = partOf(item, at, net.amount)
  return createInvoiceItem(ctx, {
    customer: owner?.customer ?? '',
    amount: credit ? 0 - amount : amount,
    currency: owner?.currency ?? item.price.currency,
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
    includedDiscounts: net.discounts,
    metadata: {},
    taxRates: item.tax_rates ?? [],
  })
}

/** The part of what an item costs for its whole period that falls after an instant. */
function partOf(item: SubscriptionItem, at: number, whole: number): number {
  const { current_period_start: start, current_period_end: end } = item
  const seconds = Math.max(0, end - Math.max(at, start))
  return proratedAmount(whole, { seconds, of: end - start })
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
