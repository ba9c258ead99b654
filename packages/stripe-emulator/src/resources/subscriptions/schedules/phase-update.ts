import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem, SubscriptionSchedule } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requirePrice } from '../../catalog/price.ts'
import { namedDiscounts } from '../../discounts/of/phase.ts'
import type { AddedItem } from '../items/added-items.ts'
import { recurrenceOf } from '../items/periods.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { newItem, repriced } from '../subscription.ts'
import type { Phase } from './schedule.ts'

/**
 * What a phase sets on its subscription, as the parameters of an update. What the phase does not name comes from the
 * default settings of the schedule; where those name nothing either, it is unset (docs/stripe.md, fact 39).
 */
export function settingsOfPhase(schedule: SubscriptionSchedule, phase: Phase): SubscriptionUpdate {
  const { default_settings: defaults } = schedule
  const invoices = phase.invoice_settings
  const method =
    phase.collection_method ?? defaults.collection_method ?? ('charge_automatically' as const)
  const isSent = method === 'send_invoice'
  const days = invoices?.days_until_due ?? defaults.invoice_settings.days_until_due
  return {
    collection_method: isSent ? 'send_invoice' : 'charge_automatically',
    ...(isSent && days !== null ? { days_until_due: days } : {}),
    default_payment_method: phase.default_payment_method ?? defaults.default_payment_method,
    description: phase.description ?? defaults.description,
    invoice_settings: {
      custom_fields: invoices?.custom_fields ?? defaults.invoice_settings.custom_fields,
      description: invoices?.description ?? defaults.invoice_settings.description,
      footer: invoices?.footer ?? defaults.invoice_settings.footer,
    },
    metadata: phase.metadata ?? {},
  }
}

/** The `add_invoice_items` of a phase. */
export function addedItemsOfPhase(ctx: Context, phase: Phase): AddedItem[] {
  return phase.add_invoice_items.map(({ period, ...one }) => ({
    price: requirePrice(ctx, one.price),
    quantity: one.quantity ?? 1,
    discountable: one.discountable ?? true,
    discounts: namedDiscounts(one.discounts),
    metadata: one.metadata ?? {},
    taxRates: one.tax_rates ?? [],
    period: {
      start:
        period.start.type === 'phase_start'
          ? { type: 'timestamp', timestamp: phase.start_date }
          : period.start.type === 'timestamp'
            ? { type: 'timestamp', ...stamp(period.start.timestamp) }
            : { type: 'max_item_period_start' },
      end:
        period.end.type === 'phase_end'
          ? { type: 'timestamp', timestamp: phase.end_date }
          : period.end.type === 'timestamp'
            ? { type: 'timestamp', ...stamp(period.end.timestamp) }
            : { type: 'min_item_period_end' },
    },
  }))
}

function stamp(timestamp: number | undefined) {
  return timestamp === undefined ? {} : { timestamp }
}

type Entry = Phase['items'][number]
type PeriodOf = (item: SubscriptionItem, isNew: boolean) => SubscriptionItem

/**
 * The items of a subscription in a phase. An item goes on where the phase has its price; what is left over continues in
 * the order of the list. `place` gives an item with another interval, and a new one, its period.
 */
export function itemsOfPhase(
  ctx: Context,
  subscription: Subscription,
  { phase, place }: { phase: Phase; place: PeriodOf },
): SubscriptionItem[] {
  const wanted = new Set(phase.items.map((entry) => entry.price))
  const free = subscription.items.data.filter((item) => !wanted.has(item.price.id))
  return phase.items.map((entry) => {
    const current =
      subscription.items.data.find((item) => item.price.id === entry.price) ?? free.shift()
    if (current !== undefined) return continued(ctx, current, { entry, place })
    const price = requirePrice(ctx, entry.price)
    const of = {
      price,
      quantity: entry.quantity ?? 1,
      metadata: entry.metadata ?? {},
      taxRates: entry.tax_rates ?? [],
    }
    const now = ctx.timeOf(subscription.test_clock)
    const period = { start: now, end: now }
    return place(newItem(of, { subscription: subscription.id, period, created: now }), true)
  })
}

function continued(
  ctx: Context,
  item: SubscriptionItem,
  { entry, place }: { entry: Entry; place: PeriodOf },
): SubscriptionItem {
  const price = item.price.id === entry.price ? item.price : requirePrice(ctx, entry.price)
  const quantity = entry.quantity ?? 1
  const metadata = changeMetadata(item.metadata, entry.metadata ?? undefined)
  const rates = entry.tax_rates ?? []
  const isSame =
    price === item.price &&
    quantity === (item.quantity ?? 1) &&
    isEqual(rates, item.tax_rates ?? [])
  if (isSame && isEqual(metadata, item.metadata)) return item
  const changed = repriced({ ...item, metadata, tax_rates: rates }, price, quantity)
  return intervalOf(item) === intervalOf(changed) ? changed : place(changed, false)
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function intervalOf(item: SubscriptionItem): string {
  const { interval, interval_count: count } = recurrenceOf(item.price)
  return `${count} ${interval}`
}

/** Whether a phase moves the anchor: it says so, or none of its intervals is one that was billed before. */
export function movesAnchor(
  before: Subscription,
  items: readonly SubscriptionItem[],
  asked: Phase['billing_cycle_anchor'],
): boolean {
  const known = new Set(before.items.data.map(intervalOf))
  return asked === 'phase_start' || !items.some((item) => known.has(intervalOf(item)))
}
