import type { Context } from '../../core/context.ts'
import type {
  Invoice,
  InvoiceItem,
  InvoiceLine,
  Price,
  Subscription,
  SubscriptionItem,
} from '../../documents.ts'
import { createInvoiceItem } from '../invoices/items/invoice-item.ts'
import type { Period } from '../invoices/line.ts'
import { subscriptionLines } from '../invoices/line.ts'
import { isMetered } from './meter.ts'
import { usageIn } from './usage.ts'

/*
 * A metered item is billed in arrears: its line stands on the invoice of the period's end, for the usage within the
 * period. Its price is the one that was in effect at the time of the usage (flexible billing mode).
 */

/** The items that are billed in advance, by their quantity. */
export function licensedItems(items: readonly SubscriptionItem[]): SubscriptionItem[] {
  return items.filter(({ price }) => !isMetered(price))
}

/** The quantity that is billed for a time: by the formula of the meter, never negative (docs/stripe.md, fact 14). */
export function usedQuantity(
  ctx: Context,
  price: Price,
  of: Period & { customer: string },
): number {
  const meter = ctx.store.get('meters', price.recurring?.meter ?? '')
  return meter === undefined ? 0 : Math.max(0, usageIn(ctx, meter, of))
}

/** Since when an item counts: the start of its period, or the later time when it got its price. */
function usageStart(ctx: Context, item: SubscriptionItem): number {
  const { from } = ctx.store.get('usage_starts', item.id) ?? { from: 0 }
  return Math.max(from, item.current_period_start)
}

/** Makes metered items count from now on: those that are new, and those with another price. */
export function startUsage(
  ctx: Context,
  before: readonly SubscriptionItem[],
  after: Subscription,
): void {
  const from = ctx.timeOf(after.test_clock)
  for (const { id, price } of after.items.data) {
    const same = before.some((item) => item.id === id && item.price.id === price.id)
    if (isMetered(price) && !same) ctx.store.put('usage_starts', { id, from })
  }
}

/** The lines of an item for a time: one, or with tiers one for each tier that the usage reaches. */
function linesOf(
  ctx: Context,
  item: SubscriptionItem,
  about: { customer: string; period: Period; trial: boolean },
): InvoiceLine[] {
  const { customer, period, trial } = about
  const quantity = usedQuantity(ctx, item.price, { customer, ...period })
  return subscriptionLines(ctx, { ...item, quantity }, { period, trial })
}

/** The lines of the metered items whose period ends at `end`, also of those without usage; free in a trial. */
export function usageLines(
  ctx: Context,
  { customer, status, items }: Subscription,
  end: number,
): InvoiceLine[] {
  return items.data
    .filter((item) => isMetered(item.price) && item.current_period_end <= end)
    .flatMap((item) =>
      linesOf(ctx, item, {
        customer,
        period: { start: usageStart(ctx, item), end: item.current_period_end },
        trial: status === 'trialing',
      }),
    )
}

/** The lines of all metered items until `end`, when their subscription ends. */
export function finalUsageLines(ctx: Context, ending: Subscription, end: number): InvoiceLine[] {
  const cut = ending.items.data.map((item) => ({
    ...item,
    current_period_end: Math.min(end, item.current_period_end),
  }))
  return usageLines(ctx, { ...ending, items: { ...ending.items, data: cut } }, end)
}

/** An item before and after a change; null: it was added or removed. */
interface Change {
  before: SubscriptionItem | null
  after: SubscriptionItem | null
}

/** Creates pending invoice items for the usage so far of metered items that a change ends, reprices or restarts. */
export function billUsage(
  ctx: Context,
  subscription: Subscription,
  changes: readonly Change[],
): InvoiceItem[] {
  return changes.flatMap(({ before, after }) => {
    const goesOn =
      before?.price.id === after?.price.id &&
      before?.current_period_start === after?.current_period_start
    return before === null || goesOn || !isMetered(before.price)
      ? []
      : usageItems(ctx, subscription, before)
  })
}

function usageItems(
  ctx: Context,
  { id: subscription, customer, test_clock }: Subscription,
  item: SubscriptionItem,
): InvoiceItem[] {
  const period = { start: usageStart(ctx, item), end: ctx.timeOf(test_clock) }
  return linesOf(ctx, item, { customer, period, trial: false })
    .filter(({ amount }) => amount !== 0)
    .map((line) =>
      createInvoiceItem(ctx, {
        customer,
        amount: line.amount,
        currency: line.currency,
        description: line.description,
        period,
        quantity: line.quantity ?? 0,
        proration: false,
        pricing: line.pricing,
        parent: {
          subscription_details: { subscription, subscription_item: item.id },
          type: 'subscription_details',
        },
        credited: null,
        metadata: {},
      }),
    )
}

/**
 * A draft of a renewal with the usage that was reported until now for its period. Called when it is finalized: until
 * then late usage counts, afterwards it is on no invoice. Lines whose item has another price by now keep their quantity
 * (docs: "Configure an invoice finalization grace period").
 */
export function withLatestUsage(ctx: Context, draft: Invoice): Invoice {
  if (draft.billing_reason !== 'subscription_cycle') return draft
  const seen = new Set<string>()
  const data = draft.lines.data.flatMap((line) => {
    const item = meteredItemOf(ctx, line)
    if (item === null) return [line]
    const key = `${item.id}/${line.period.start}`
    if (seen.has(key)) return []
    seen.add(key)
    return latestLines(ctx, draft, { item, line })
  })
  return { ...draft, lines: { ...draft.lines, data, total_count: data.length } }
}

/** The metered item whose line it is, while it still has the price of the line. */
function meteredItemOf(ctx: Context, { parent, pricing }: InvoiceLine): SubscriptionItem | null {
  const details = parent?.subscription_item_details ?? null
  if (details === null || details.invoice_item !== null) return null
  const subscription = ctx.store.get('subscriptions', details.subscription ?? '')
  const item = subscription?.items.data.find(({ id }) => id === details.subscription_item)
  const samePrice = item?.price.id === pricing?.price_details?.price
  return item !== undefined && samePrice && isMetered(item.price) ? item : null
}

function latestLines(
  ctx: Context,
  { id: invoice, customer }: Invoice,
  { item, line }: { item: SubscriptionItem; line: InvoiceLine },
): InvoiceLine[] {
  const trialEnd = ctx.store.get('subscriptions', item.subscription)?.trial_end ?? null
  const fresh = linesOf(ctx, item, {
    customer: customer ?? '',
    period: line.period,
    trial: trialEnd !== null && line.period.end <= trialEnd,
  })
  return fresh.map((one, index) => ({ ...one, id: index === 0 ? line.id : one.id, invoice }))
}
