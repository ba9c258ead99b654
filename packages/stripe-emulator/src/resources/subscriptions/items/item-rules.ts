import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Customer, Price, Subscription, SubscriptionItem } from '../../../documents.ts'
import { requireFew } from '../../../http/params/limits.ts'
import { hasCurrency, requireCurrency } from '../../catalog/amount.ts'
import { requireOneCurrency } from '../../customers/lasting-currency.ts'
import { recurrenceOf } from './periods.ts'

/** How many items a subscription, and how many prices `add_invoice_items` may have (JSDoc of both). */
export const MOST_ITEMS = 20

interface Wanted {
  prices: readonly Price[]
  /** The parameter that lists them. */
  name?: string
  /** The currency that is asked for; none: that of the first price. */
  currency?: string | undefined
}

/**
 * Checks the prices of a new subscription, or of the phase of a schedule: recurring, each once, one currency, and
 * intervals that fit. Throws 400.
 */
export function requireFittingPrices(
  ctx: Context,
  customer: Customer,
  { prices, name = 'items', currency: asked }: Wanted,
): void {
  const [first] = prices
  if (first === undefined) {
    throw invalidRequest(`Missing required param: ${name}.`, {
      code: 'parameter_missing',
      param: name,
    })
  }
  requireFew(prices.length, MOST_ITEMS, 'items')
  for (const [index, price] of prices.entries()) requireRecurring(price, `${name}[${index}][price]`)
  requireEachOnce(prices)
  const currency = asked ?? first.currency
  requireAskedCurrency(ctx, prices, { currency: asked, name })
  requireSameCurrency(ctx, prices, { currency, name })
  requireFittingIntervals(prices, name)
  requireOneCurrency(ctx, customer.id, currency)
}

/** Checks the items of a subscription after a change. Throws 400. */
export function requireFittingItems(
  before: Subscription,
  items: readonly SubscriptionItem[],
): void {
  requireFew(items.length, MOST_ITEMS, 'items')
  const known = new Set(before.items.data.map((item) => item.id))
  const prices = new Map<string, SubscriptionItem>()
  for (const item of items) {
    const other = prices.get(item.price.id)
    if (other !== undefined) throw priceTwice(item, other, known)
    prices.set(item.price.id, item)
  }
  requireFittingIntervals(
    items.map((item) => item.price),
    'items',
  )
}

/** A price of a subscription item recurs. Throws 400. */
export function requireRecurring(price: Price, param: string): void {
  if (price.recurring !== null) return
  throw invalidRequest(
    'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
    { param },
  )
}

function requireEachOnce(prices: readonly Price[]): void {
  const twice = prices.find((price, index) => prices.findIndex(({ id }) => id === price.id) < index)
  if (twice === undefined) return
  throw invalidRequest(
    `Cannot create a Subscription with multiple Subscription Items with the same Price: ${twice.id}`,
    { param: 'plan' },
  )
}

function priceTwice(item: SubscriptionItem, other: SubscriptionItem, known: ReadonlySet<string>) {
  const existing = known.has(other.id) ? other : item
  return invalidRequest(
    `A new item with Price ${item.price.id} can't be added to this Subscription because an existing Subscription Item ${existing.id} is already using that Price. If you want to update the existing item (e.g., to adjust the quantity), pass the existing Subscription Item's \`id\` in your update request: https://stripe.com/docs/api/subscriptions/update#update_subscription-items-id`,
    { param: 'plan' },
  )
}

/** All prices have an amount in the currency of the first, or in the one that is asked for. */
function requireSameCurrency(
  ctx: Context,
  prices: readonly Price[],
  { currency, name }: { currency: string; name: string },
): void {
  const index = prices.findIndex((price) => !hasCurrency(ctx, price, currency))
  const other = prices[index]
  if (other === undefined) return
  throw invalidRequest(
    `This \`price\` has \`currency=${other.currency}\`, but other items use \`currency=${currency}\`. All items must have pricing in the same currency. When using multi-currency prices, you can specify \`currency\` at the top level, to be used by all items.`,
    { param: `${name}[${index}][price]` },
  )
}

/** Every price has an amount in the currency that a request asks for. Throws 400. */
export function requireAskedCurrency(
  ctx: Context,
  prices: readonly Price[],
  { currency, name }: { currency: string | undefined; name: string },
): void {
  if (currency === undefined) return
  for (const [index, price] of prices.entries()) {
    requireCurrency(ctx, price, { expected: currency, param: `${name}[${index}][price]` })
  }
}

const DAYS = { day: 1, week: 7 } as const
const MONTHS = { month: 1, year: 12 } as const

/** Every interval is a multiple of the shortest one (Stripe's documentation of mixed intervals). Throws 400. */
function requireFittingIntervals(prices: readonly Price[], name: string): void {
  const lengths = prices.map(lengthOf)
  const shortest = lengths.reduce((least, one) => (isShorter(one, least) ? one : least))
  const index = lengths.findIndex((one) => !isMultiple(one, shortest))
  if (index === -1) return
  throw invalidRequest(
    'The billing interval of every price on a subscription must be a multiple of the shortest billing interval among them.',
    { param: `${name}[${index}][price]` },
  )
}

interface Length {
  unit: 'day' | 'month'
  count: number
}

function lengthOf(price: Price): Length {
  const { interval, interval_count: count } = recurrenceOf(price)
  switch (interval) {
    case 'day':
    case 'week':
      return { unit: 'day', count: DAYS[interval] * count }
    case 'month':
    case 'year':
      return { unit: 'month', count: MONTHS[interval] * count }
    default:
      throw new Error(`unknown interval ${interval}`)
  }
}

function isShorter(one: Length, other: Length): boolean {
  return days(one) < days(other)
}

function days({ unit, count }: Length): number {
  return unit === 'day' ? count : count * 30
}

/** Months are whole multiples of a single day only. */
function isMultiple(one: Length, shortest: Length): boolean {
  if (one.unit === shortest.unit) return one.count % shortest.count === 0
  return shortest.unit === 'day' && shortest.count === 1
}
