import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Price, Subscription, SubscriptionItem } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { boolean, cosmetic, integer, text, unsupported } from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requireCurrency } from '../../catalog/amount.ts'
import { inlinePrice, recurringPriceData } from '../../catalog/inline-price.ts'
import { requireSellablePrice } from '../../catalog/price.ts'
import { itemDiscounts } from '../../discounts/of/subscription.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { refuseQuantity } from '../../meters/metered-price.ts'
import { newTaxRates, readTaxRates, taxRatesParam } from '../../tax/rates/tax-rate.ts'
import { newItem, repriced } from '../subscription.ts'
import { requireFittingItems, requireRecurring } from './item-rules.ts'
import { joiningPeriod, ofPeriod, recurrenceOf, runningPeriod } from './periods.ts'

export const itemFields = {
  billing_thresholds: unsupported,
  current_trial: unsupported,
  discounts: discountsParam,
  metadata,
  plan: text,
  price: text,
  price_data: recurringPriceData,
  quantity: integer({ min: 0 }),
  tax_rates: taxRatesParam,
}

/** Usage is deleted by its meter alone; only prices with a meter exist. */
export const clearUsage = cosmetic(
  boolean,
  'has no effect where the price has a meter (JSDoc of the type)',
)

export const newItemParam = shape(itemFields)
export const itemChangeParam = shape({
  ...itemFields,
  clear_usage: clearUsage,
  deleted: boolean,
  id: text,
})

export type NewItemParam = ValueOf<typeof newItemParam>
export type ItemChangeParam = ValueOf<typeof itemChangeParam>

/** The price of an entry of `items`. Throws 400 with the parameter of the entry (docs/stripe.md, fact 16). */
export function priceOf(ctx: Context, item: NewItemParam, index: number): Price {
  return priceNamed(ctx, item, (name) => `items[${index}][${name}]`)
}

type NameOf = (param: 'plan' | 'price' | 'price_data' | 'quantity') => string

/** The price that an entry names: it exists, is active, and fits its quantity. Throws 400. */
export function priceNamed(ctx: Context, entry: NewItemParam, nameOf: NameOf): Price {
  const price = anyPrice(ctx, entry, nameOf)
  requireRecurring(price, nameOf(entry.plan === undefined ? 'price' : 'plan'))
  refuseQuantity(price, entry.quantity, nameOf('quantity'))
  return price
}

function anyPrice(ctx: Context, entry: NewItemParam, nameOf: NameOf): Price {
  const given = (['price', 'price_data', 'plan'] as const).filter((one) => entry[one] !== undefined)
  const [name = 'price', other] = given
  if (other !== undefined) {
    throw invalidRequest(`You may only specify one of these parameters: ${given.join(', ')}.`, {
      param: nameOf(name),
    })
  }
  if (entry.price_data !== undefined) {
    return inlinePrice(ctx, entry.price_data, nameOf('price_data'))
  }
  const id = entry.price ?? entry.plan
  if (id !== undefined) return requireSellablePrice(ctx, id, nameOf(name))
  throw invalidRequest(`Missing required param: ${nameOf('price')}.`, {
    code: 'parameter_missing',
    param: nameOf('price'),
  })
}

/** The items after an update: entries with an id change or remove an item, others add one. Throws 400. */
export function changedItems(
  ctx: Context,
  subscription: Subscription,
  changes: readonly ItemChangeParam[],
): SubscriptionItem[] {
  const items = new Map(subscription.items.data.map((item) => [item.id, item]))
  for (const [index, change] of changes.entries()) {
    const item = change.id === undefined ? undefined : items.get(change.id)
    if (change.id !== undefined && item === undefined) {
      throw noSuch('subscription_item', change.id, `items[${index}][id]`)
    }
    if (item === undefined) {
      const added = addedItem(ctx, subscription, { change, index })
      items.set(added.id, withDiscounts(ctx, subscription, { item: added, change, index }))
    } else if (change.deleted === true) items.delete(item.id)
    else {
      const changed = changedItem(ctx, subscription, { item, change, index })
      items.set(item.id, withDiscounts(ctx, subscription, { item: changed, change, index }))
    }
  }
  if (items.size === 0) {
    throw invalidRequest(
      'A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint on /v1/subscriptions.',
    )
  }
  const after = [...items.values()]
  requireFittingItems(subscription, after)
  return after
}

/** An item with the discounts of a change; without a word of them, it keeps its own. */
function withDiscounts(
  ctx: Context,
  subscription: Subscription,
  entry: { item: SubscriptionItem; change: ItemChangeParam; index: number },
): SubscriptionItem {
  const { item, change, index } = entry
  const { discounts: wanted } = change
  if (wanted === undefined) return item
  const param = `items[${index}][discounts]`
  const about = { subscription, param, amount: null, discounts: wanted }
  return { ...item, discounts: itemDiscounts(ctx, item, about) }
}

function addedItem(
  ctx: Context,
  subscription: Subscription,
  { change, index }: { change: ItemChangeParam; index: number },
): SubscriptionItem {
  const price = priceOf(ctx, change, index)
  requireIn(ctx, price, { subscription, index })
  const now = ctx.timeOf(subscription.test_clock)
  const of = {
    price,
    quantity: change.quantity ?? 1,
    metadata: changeMetadata({}, change.metadata),
    taxRates: newTaxRates(ctx, change.tax_rates, `items[${index}][tax_rates]`),
  }
  const period = joiningPeriod(subscription, price, now)
  return newItem(of, { subscription: subscription.id, period, created: now })
}

function requireIn(
  ctx: Context,
  price: Price,
  { subscription, index }: { subscription: Subscription; index: number },
): void {
  const expected = subscription.currency
  requireCurrency(ctx, price, { expected, param: `items[${index}][price]` })
}

/** An item after a change. With another price its quantity is 1 unless it is given (JSDoc of `price`). */
function changedItem(
  ctx: Context,
  subscription: Subscription,
  entry: { item: SubscriptionItem; change: ItemChangeParam; index: number },
): SubscriptionItem {
  const { item, change, index } = entry
  const renamed = [change.price, change.plan, change.price_data].some((one) => one !== undefined)
  const price = renamed ? priceOf(ctx, change, index) : item.price
  if (renamed) requireIn(ctx, price, { subscription, index })
  refuseQuantity(price, change.quantity, `items[${index}][quantity]`)
  const isOther = price.id !== item.price.id
  const quantity = change.quantity ?? (isOther ? 1 : item.quantity)
  const metadata = changeMetadata(item.metadata, change.metadata)
  const rates = readTaxRates(ctx, change.tax_rates, `items[${index}][tax_rates]`)
  const isSame = !isOther && quantity === item.quantity && metadata === item.metadata
  if (isSame && rates === undefined) return item
  const now = ctx.timeOf(subscription.test_clock)
  const period = hasSameInterval(price, item.price)
    ? { start: item.current_period_start, end: item.current_period_end }
    : runningPeriod(subscription, price, now)
  const kept = { ...item, ...ofPeriod(period), metadata, tax_rates: rates ?? item.tax_rates }
  return repriced(kept, price, quantity ?? 1)
}

function hasSameInterval(one: Price, other: Price): boolean {
  const [a, b] = [recurrenceOf(one), recurrenceOf(other)]
  return a.interval === b.interval && a.interval_count === b.interval_count
}
