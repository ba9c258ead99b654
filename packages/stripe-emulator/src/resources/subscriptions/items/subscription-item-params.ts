import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Price, Subscription, SubscriptionItem } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { boolean, ignored, integer, text, unsupported } from '../../../http/params/param.ts'
import { changeMetadata, metadata, shape } from '../../../http/params/shape.ts'
import { requirePrice } from '../../catalog/price.ts'
import { discountsParam } from '../../discounts/discount-params.ts'
import { itemDiscounts } from '../../discounts/of-subscription.ts'
import { newItem, periodEnd, periodStart } from '../subscription.ts'

const fields = {
  billing_thresholds: unsupported,
  current_trial: unsupported,
  discounts: discountsParam,
  metadata,
  plan: text,
  price: text,
  price_data: unsupported,
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
  const name = item.price === undefined && item.plan !== undefined ? 'plan' : 'price'
  const id = item.price ?? item.plan
  if (id === undefined) {
    throw invalidRequest(`Missing required param: items[${index}][price].`, {
      code: 'parameter_missing',
      param: `items[${index}][price]`,
    })
  }
  const price = requirePrice(ctx, id, `items[${index}][${name}]`)
  if (price.active) return price
  throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
    param: `items[${index}][price]`,
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
          price: priceOf(ctx, change, index),
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
      items.set(item.id, { ...changedItem(ctx, item, { change, index }), discounts })
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
  entry: { item: SubscriptionItem; change: ItemChangeParam; index: number },
): string[] {
  const { item, change, index } = entry
  return itemDiscounts(ctx, item, {
    discounts: change.discounts,
    subscription,
    param: `items[${index}][discounts]`,
    amount: null,
  })
}

function changedItem(
  ctx: Context,
  item: SubscriptionItem,
  entry: { change: ItemChangeParam; index: number },
): SubscriptionItem {
  const { change, index } = entry
  const renamed = change.price !== undefined || change.plan !== undefined
  const price = renamed ? priceOf(ctx, change, index) : item.price
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
