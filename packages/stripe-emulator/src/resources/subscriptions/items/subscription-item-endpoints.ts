import type { Context } from '../../../core/context.ts'
import { noSuch } from '../../../core/errors.ts'
import type { Subscription } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import {
  ignored,
  integer,
  oneOf,
  required,
  text,
  timestamp,
  unsupportedParams,
} from '../../../http/params/param.ts'
import { metadata, shape } from '../../../http/params/shape.ts'
import { recurringPriceData } from '../../catalog/inline-price.ts'
import { discountsParam } from '../../discounts/redeem/discount-params.ts'
import { updateSubscription } from '../change/update.ts'
import { requireSubscription } from '../subscription.ts'
import type { SubscriptionUpdate } from '../subscription-params.ts'

const changeFields = {
  ...unsupportedParams('billing_thresholds', 'current_trial'),
  discounts: discountsParam,
  metadata,
  off_session: ignored,
  payment_behavior: oneOf(
    'allow_incomplete',
    'default_incomplete',
    'error_if_incomplete',
    'pending_if_incomplete',
  ),
  plan: text,
  price: text,
  price_data: recurringPriceData,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  proration_date: timestamp,
  quantity: integer({ min: 0 }),
  tax_rates: ignored,
}

export const subscriptionItemEndpoints = [
  endpoint(
    'GET /v1/subscription_items',
    shape({ ...paginationFields, subscription: required(text) }),
    (ctx, { params }) => {
      const { items } = requireSubscription(ctx, params.subscription, 'subscription')
      return listPage(
        items.data,
        params,
        `/v1/subscription_items?subscription=${params.subscription}`,
      )
    },
  ),
  endpoint(
    'POST /v1/subscription_items',
    shape({ ...changeFields, subscription: required(text) }),
    (ctx, { params }) => {
      const before = requireSubscription(ctx, params.subscription, 'subscription')
      const after = change(ctx, before, { item: pick(params), how: params })
      return after.items.data.at(-1) ?? after
    },
  ),
  endpoint('GET /v1/subscription_items/:id', shape({}), (ctx, { id }) =>
    itemOf(ownerOf(ctx, id), id),
  ),
  endpoint('POST /v1/subscription_items/:id', shape(changeFields), (ctx, { id, params }) =>
    itemOf(change(ctx, ownerOf(ctx, id), { item: { ...pick(params), id }, how: params }), id),
  ),
  endpoint(
    'DELETE /v1/subscription_items/:id',
    shape({ ...changeFields, clear_usage: ignored }),
    (ctx, { id, params }) => {
      change(ctx, ownerOf(ctx, id), { item: { id, deleted: true }, how: params })
      return { id, object: 'subscription_item', deleted: true }
    },
  ),
]

type ItemChange = NonNullable<SubscriptionUpdate['items']>[number]

type How = Pick<SubscriptionUpdate, 'payment_behavior' | 'proration_behavior' | 'proration_date'>

/** Changes an item by an update of its subscription. */
function change(
  ctx: Context,
  subscription: Subscription,
  request: { item: ItemChange; how: How & ItemChange },
): Subscription {
  const {
    payment_behavior: payment,
    proration_behavior: proration,
    proration_date: at,
  } = request.how
  return updateSubscription(ctx, subscription, {
    items: [request.item],
    ...(payment === undefined ? {} : { payment_behavior: payment }),
    ...(proration === undefined ? {} : { proration_behavior: proration }),
    ...(at === undefined ? {} : { proration_date: at }),
  })
}

function pick(given: ItemChange): ItemChange {
  const { plan, price, price_data: inline, quantity, metadata: data, discounts } = given
  return {
    ...(discounts === undefined ? {} : { discounts }),
    ...(plan === undefined ? {} : { plan }),
    ...(price === undefined ? {} : { price }),
    ...(inline === undefined ? {} : { price_data: inline }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(data === undefined ? {} : { metadata: data }),
  }
}

function itemOf(subscription: Subscription, id: string): object {
  const item = subscription.items.data.find((candidate) => candidate.id === id)
  if (item === undefined) throw noSuch('subscription_item', id)
  return item
}

function ownerOf(ctx: Context, itemId: string): Subscription {
  const owner = ctx.store
    .newest('subscriptions')
    .find((subscription) => subscription.items.data.some((item) => item.id === itemId))
  if (owner === undefined) throw noSuch('subscription_item', itemId)
  return owner
}
