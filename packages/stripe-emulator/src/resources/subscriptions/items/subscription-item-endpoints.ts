import type { Context } from '../../../core/context.ts'
import { noSuch, StripeError } from '../../../core/errors.ts'
import type { Subscription } from '../../../documents.ts'
import { endpoint } from '../../../http/endpoint.ts'
import { listPage } from '../../../http/list.ts'
import { paginationFields } from '../../../http/params/list-params.ts'
import { required, text, timestamp } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { updateSubscription } from '../change/update.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { offSession, paymentBehavior, prorationBehavior } from '../requests/subscription-params.ts'
import { isEnded, requireSubscription } from '../subscription.ts'
import { clearUsage, itemFields } from './subscription-item-params.ts'

const billingFields = {
  payment_behavior: paymentBehavior,
  proration_behavior: prorationBehavior,
  proration_date: timestamp,
}

const fields = { ...billingFields, ...itemFields }

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
    shape({ ...fields, subscription: required(text) }),
    (ctx, { params }) => {
      const before = requireLive(ctx, params.subscription)
      const after = change(ctx, before, { item: pick(params), how: params })
      return after.items.data.at(-1) ?? after
    },
  ),
  endpoint('GET /v1/subscription_items/:id', shape({}), (ctx, { id }) =>
    itemOf(ownerOf(ctx, id), id),
  ),
  endpoint(
    'POST /v1/subscription_items/:id',
    shape({ ...fields, off_session: offSession }),
    (ctx, { id, params }) =>
      itemOf(change(ctx, ownerOf(ctx, id), { item: { ...pick(params), id }, how: params }), id),
  ),
  endpoint(
    'DELETE /v1/subscription_items/:id',
    shape({ ...billingFields, clear_usage: clearUsage }),
    (ctx, { id, params }) => {
      change(ctx, ownerOf(ctx, id), { item: { id, deleted: true }, how: params })
      return { id, object: 'subscription_item', deleted: true }
    },
  ),
]

type ItemChange = NonNullable<SubscriptionUpdate['items']>[number]

type How = Pick<SubscriptionUpdate, 'payment_behavior' | 'proration_behavior' | 'proration_date'>

/** A subscription that an item can join. Throws 404 (docs/stripe.md, fact 28). */
function requireLive(ctx: Context, id: string): Subscription {
  const subscription = ctx.store.get('subscriptions', id)
  if (subscription !== undefined && !isEnded(subscription)) return subscription
  throw new StripeError(404, { ...noSuch('subscription', id).fields, param: 'subscription' })
}

/** Changes an item by an update of its subscription. An error names the parameter as this request has it. */
function change(
  ctx: Context,
  subscription: Subscription,
  request: { item: ItemChange; how: How },
): Subscription {
  const {
    payment_behavior: payment,
    proration_behavior: proration,
    proration_date: at,
  } = request.how
  try {
    return updateSubscription(ctx, subscription, {
      items: [request.item],
      ...(payment === undefined ? {} : { payment_behavior: payment }),
      ...(proration === undefined ? {} : { proration_behavior: proration }),
      ...(at === undefined ? {} : { proration_date: at }),
    })
  } catch (error) {
    throw atTop(error)
  }
}

const WITHIN_ITEMS = /items\[0\]\[(\w+)\]/

function atTop(error: unknown): unknown {
  if (!(error instanceof StripeError)) return error
  const { message, param = '' } = error.fields
  if (!WITHIN_ITEMS.test(param)) return error
  return new StripeError(
    error.status,
    {
      ...error.fields,
      message: message.replace(WITHIN_ITEMS, '$1'),
      param: param.replace(WITHIN_ITEMS, '$1'),
    },
    error.keepsEffects,
  )
}

function pick(given: ItemChange): ItemChange {
  const { plan, price, price_data: inline, quantity, metadata: data } = given
  const { discounts, tax_rates: rates } = given
  return {
    ...(discounts === undefined ? {} : { discounts }),
    ...(inline === undefined ? {} : { price_data: inline }),
    ...(plan === undefined ? {} : { plan }),
    ...(price === undefined ? {} : { price }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(data === undefined ? {} : { metadata: data }),
    ...(rates === undefined ? {} : { tax_rates: rates }),
  }
}

function itemOf(subscription: Subscription, id: string): object {
  const item = subscription.items.data.find((candidate) => candidate.id === id)
  if (item === undefined) throw noItem(id)
  return item
}

/** An item that does not exist has an answer of its own (docs/stripe.md, fact 28). */
function noItem(id: string): StripeError {
  return new StripeError(404, {
    type: 'invalid_request_error',
    message: `Invalid subscription_item id: ${id}`,
  })
}

function ownerOf(ctx: Context, itemId: string): Subscription {
  const owner = ctx.store
    .newest('subscriptions')
    .find((subscription) => subscription.items.data.some((item) => item.id === itemId))
  if (owner === undefined) throw noItem(itemId)
  return owner
}
