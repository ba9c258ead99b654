import { fromSeconds } from '../core/clock.ts'
import type { Context } from '../core/context.ts'
import { formatMoney } from '../core/money.ts'
import type { Price, Subscription, SubscriptionItem } from '../documents.ts'
import type { Purchase } from '../resources/catalog/amount.ts'
import { priceAmount } from '../resources/catalog/amount.ts'
import { isMetered } from '../resources/meters/meter.ts'
import type { Html } from './html.ts'
import { html } from './html.ts'

/** A day in UTC: `10 November 2025`. */
export function dayText(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    fromSeconds(seconds),
  )
}

/** The interval of a price: `per month`, `every 3 months`. */
export function intervalText(price: Price): string {
  if (price.recurring === null) return ''
  const { interval, interval_count: count } = price.recurring
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

/** `$49.00 per month` */
export function priceText(ctx: Context, price: Price, bought: Partial<Purchase> = {}): string {
  const { quantity = 1, currency = price.currency } = bought
  const amount = priceAmount(ctx, price, { quantity, currency })
  return `${formatMoney(amount, currency)} ${intervalText(price)}`.trim()
}

/** `$49.00 per month`, for the quantity of an item; `billed by usage per month` for a metered one. */
export function itemText(ctx: Context, item: SubscriptionItem, currency: string): string {
  const { price, quantity = 1 } = item
  return isMetered(price)
    ? `billed by usage ${intervalText(price)}`
    : priceText(ctx, price, { quantity, currency })
}

/** The product name of a price. */
export function productName(ctx: Context, price: Price): string {
  return ctx.store.get('products', price.product)?.name ?? price.product
}

const GOOD = new Set(['active', 'trialing', 'paid'])
const BAD = new Set([
  'past_due',
  'unpaid',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'uncollectible',
])

/** A status as a small label. */
export function statusTag(status: string): Html {
  const tone = GOOD.has(status) ? ' good' : BAD.has(status) ? ' bad' : ''
  return html`<span class="tag${tone}">${status.replaceAll('_', ' ')}</span>`
}

/** When a subscription renews, ends or has ended. */
export function nextText(subscription: Subscription): string {
  const [item] = subscription.items.data
  if (subscription.ended_at !== null) return `Ended on ${dayText(subscription.ended_at)}`
  if (subscription.cancel_at !== null)
    return `Your plan will be canceled on ${dayText(subscription.cancel_at)}`
  if (item === undefined) return ''
  const day = dayText(item.current_period_end)
  return subscription.status === 'trialing'
    ? `Your trial ends on ${day}`
    : `Your plan renews on ${day}`
}
