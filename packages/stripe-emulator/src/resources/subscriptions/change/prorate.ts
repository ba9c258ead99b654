import { fromSeconds } from '../../../core/clock.ts'
import type { Context } from '../../../core/context.ts'
import { formatDay, proratedAmount } from '../../../core/money.ts'
import type { InvoiceItem, Subscription, SubscriptionItem } from '../../../documents.ts'
import { priceAmount, pricingOf } from '../../catalog/amount.ts'
import { requireCustomer } from '../../customers/customer.ts'
import type { NetAmount } from '../../discounts/proration.ts'
import { netAmounts } from '../../discounts/proration.ts'
import { createInvoiceItem } from '../../invoices/items/invoice-item.ts'
import { priceText } from '../../invoices/line.ts'
import { licensedItems } from '../../meters/metered-items.ts'
import { shareOfCycle } from '../items/periods.ts'
import type { Debit } from './last-debit.ts'
import { lastDebit } from './last-debit.ts'

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
 * the charges for the remaining time of the new ones. To the second, and each within the period of its own item. Only
 * what was charged is credited (Stripe's comparison of billing modes). Metered items have no prorations.
 */
export function prorate(
  ctx: Context,
  subscription: Subscription,
  change: { changes: readonly ItemChange[]; at: number; anchor?: number },
): InvoiceItem[] {
  const { customer, billing_cycle_anchor: oldAnchor } = subscription
  const { at, changes, anchor = oldAnchor } = change
  const netOf = netAmountOf(ctx, subscription, { changes, at })
  const credits = licensedItems(changes.flatMap(({ before }) => before ?? []))
  const debits = licensedItems(changes.flatMap(({ after }) => after ?? []))
  return [
    ...credits.flatMap((item) => creditFor(ctx, item, { at, customer, anchor: oldAnchor, netOf })),
    ...debits.map((item) => debitFor(ctx, item, { at, customer, anchor, netOf })),
  ]
}

type NetOf = (item: SubscriptionItem) => NetAmount

/** What each item costs for a whole period, after the discounts that the subscription has now. */
function netAmountOf(
  ctx: Context,
  subscription: Subscription,
  { changes, at }: { changes: readonly ItemChange[]; at: number },
): NetOf {
  const kept = subscription.items.data.filter(
    ({ id }) => !changes.some(({ before }) => before?.id === id),
  )
  const items = [...kept, ...changes.flatMap(({ after }) => after ?? [])]
  const customer = requireCustomer(ctx, subscription.customer)
  const amounts = netAmounts(ctx, { subscription, customer, items }, at)
  return (item) => amounts.get(item.id) ?? { amount: amountOf(ctx, item), discounts: [] }
}

function currencyOf(ctx: Context, item: SubscriptionItem): string {
  return ctx.store.get('subscriptions', item.subscription)?.currency ?? item.price.currency
}

function amountOf(ctx: Context, item: SubscriptionItem): number {
  const { price, quantity = 1 } = item
  return priceAmount(ctx, price, { quantity, currency: currencyOf(ctx, item) })
}

interface Proration {
  at: number
  customer: string
  anchor: number
  netOf: NetOf
}

function debitFor(ctx: Context, item: SubscriptionItem, about: Proration): InvoiceItem {
  const net = about.netOf(item)
  const amount = proratedAmount(net.amount, shareOfCycle(about.anchor, item, about.at))
  const { discounts } = net
  return prorationItem(ctx, item, {
    ...about,
    amount,
    discounts,
    credited: null,
    word: 'Remaining',
  })
}

function creditFor(ctx: Context, item: SubscriptionItem, about: Proration): InvoiceItem[] {
  const debit = lastDebit(ctx, item, about.at)
  if (debit === null) return []
  const share = shareOfCycle(about.anchor, item, about.at)
  const isCurrentPrice = debit.price === item.price.id && debit.quantity === item.quantity
  // What was charged is credited: after its discounts.
  const whole = amountOf(ctx, item)
  const left = debit.gross === 0 ? whole : Math.round((whole * debit.amount) / debit.gross)
  // A charge for remaining time already contains its discounts, so that it is less than the price of that time.
  const ofThatTime = shareOfCycle(about.anchor, item, debit.period.start)
  const isFullPrice = debit.gross >= proratedAmount(whole, ofThatTime)
  const amount =
    isCurrentPrice && isFullPrice
      ? proratedAmount(-left, share)
      : proratedAmount(-debit.amount, { ...share, of: debit.period.end - debit.period.start })
  const { credited } = debit
  const { discounts } = about.netOf(item)
  return [prorationItem(ctx, item, { ...about, amount, discounts, credited, word: 'Unused' })]
}

function prorationItem(
  ctx: Context,
  item: SubscriptionItem,
  about: Proration & {
    amount: number
    discounts: string[]
    credited: Debit['credited']
    word: 'Remaining' | 'Unused'
  },
): InvoiceItem {
  const name = ctx.store.get('products', item.price.product)?.name ?? item.price.product
  const { quantity = 1 } = item
  const named = quantity === 1 ? name : priceText(ctx, item.price, quantity)
  const start = Math.max(about.at, item.current_period_start)
  return createInvoiceItem(ctx, {
    customer: about.customer,
    amount: about.amount,
    currency: currencyOf(ctx, item),
    description: `${about.word} time on ${named} after ${formatDay(fromSeconds(start))}`,
    period: { start, end: item.current_period_end },
    quantity,
    proration: true,
    pricing: pricingOf(item.price, null),
    parent: {
      subscription_details: { subscription: item.subscription, subscription_item: item.id },
      type: 'subscription_details',
    },
    credited: about.credited,
    includedDiscounts: about.discounts,
    metadata: {},
    taxRates: item.tax_rates ?? [],
  })
}
