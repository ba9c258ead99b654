import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Price, Subscription, SubscriptionItem } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { boolean, ignored, integer, text, unsupported } from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requireCurrency } from '../../catalog/amount.ts'
import { inlinePrice, recurringPriceData } from '../../catalog/inline-price.ts'
import { requireSellablePrice } from '../../catalog/price.ts'
import { itemDiscounts } from '../../discounts/of-subscription.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { newItem, periodEnd, periodStart } from '../subscription.ts'

const fields = {
  billing_thresholds: unsupported,
  current_trial: unsupported,
  discounts: discountsParam,
  metadata,
  plan: text,
  price: text,
  price_data: recurringPriceData,
  quantity: integer({ min: 0 }),
  tax_rates: ignored,
}

export const newItemParam = shape(fields)
export const itemChangeParam = shape({
  ...fields,
  clear_usage: ignored,
  deleted: boolean,
  id: text,
})

export type NewItemParam = ValueOf<typeof newItemParam>
export type ItemChangeParam = ValueOf<typeof itemChangeParam>

/** The price of an entry of `items`. Throws 400 with the parameter of the entry (docs/stripe.md, fact 16). */
export function priceOf(ctx: Context, item: NewItemParam, index: number): Price {
  const param = (name: string) => `items[${index}][${name}]`
  const given = (['price', 'price_data', 'plan'] as const).filter((one) => item[one] !== undefined)
  const [name = 'price', other] = given
  if (other !== undefined) {
    throw invalidRequest(`You may only specify one of these parameters: ${given.join(', ')}.`, {
      param: param(name),
    })
  }
  if (item.price_data !== undefined) return inlinePrice(ctx, item.price_data, param('price_data'))
  const id = item.price ?? item.plan
  if (id !== undefined) return requireSellablePrice(ctx, id, param(name))
  throw invalidRequest(`Missing required param: ${param('price')}.`, {
    code: 'parameter_missing',
    param: param('price'),
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
      throw invalidRequest(`No such subscription item: '${change.id}'`, {
        code: 'resource_missing',
        param: `items[${index}][id]`,
      })
    }
    if (item === undefined) {
      const added = newItem(
        {
          price: priceIn(ctx, subscription, { change, index }),
          quantity: change.quantity ?? 1,
          metadata: changeMetadata({}, change.metadata),
        },
        {
          subscription: subscription.id,
          period: { start: periodStart(subscription), end: periodEnd(subscription) },
          created: ctx.timeOf(subscription.test_clock),
        },
      )
      const discounts = discountsOf(ctx, subscription, { item: added, change, index })
      items.set(added.id, { ...added, discounts })
    } else if (change.deleted === true) items.delete(item.id)
    else {
      const discounts = discountsOf(ctx, subscription, { item, change, index })
      items.set(item.id, {
        ...changedItem(ctx, subscription, { item, change, index }),
        discounts,
      })
    }
  }
  if (items.size === 0) {
    throw invalidRequest('A subscription must have at least one active plan.', { param: 'items' })
  }
  return [...items.values()]
}

function discountsOf(
  ctx: Context,
  subscription: Subscription,
  { item, change, index }: Entry & { item: SubscriptionItem },
): string[] {
  return itemDiscounts(ctx, item, {
    discounts: change.discounts,
    subscription,
    param: `items[${index}][discounts]`,
    amount: null,
  })
}

interface Entry {
  change: ItemChangeParam
  index: number
}

/** The price of an entry, which has an amount in the currency of the subscription. Throws 400. */
function priceIn(ctx: Context, subscription: Subscription, { change, index }: Entry): Price {
  const price = priceOf(ctx, change, index)
  const param = `items[${index}][price]`
  requireCurrency(ctx, price, { expected: subscription.currency, param })
  return price
}

function changedItem(
  ctx: Context,
  subscription: Subscription,
  { item, ...entry }: Entry & { item: SubscriptionItem },
): SubscriptionItem {
  const { change } = entry
  const isNew = [change.price, change.plan, change.price_data].some((given) => given !== undefined)
  const price = isNew ? priceIn(ctx, subscription, entry) : item.price
  const fresh = newItem(
    {
      price,
      quantity: change.quantity ?? item.quantity,
      metadata: changeMetadata(item.metadata, change.metadata),
    },
    {
      subscription: item.subscription,
      period: { start: item.current_period_start, end: item.current_period_end },
      created: item.created,
    },
  )
  return { ...fresh, id: item.id }
}
