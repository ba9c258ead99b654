import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { listPage } from '../../../http/list.ts'
import { inRange } from '../../../http/params/list-params.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { requirePrice } from '../../catalog/price.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { isEnded, periodEnd, periodStart } from '../subscription.ts'
import type { listSubscriptionsParams } from './subscription-params.ts'

type ListParams = ValueOf<typeof listSubscriptionsParams>

/** Lists subscriptions, newest first; without a status, all that were not canceled. Throws 400 for an unknown price. */
export function listSubscriptions(ctx: Context, params: ListParams): object {
  const { customer, price = params.plan } = params
  if (price !== undefined) requirePrice(ctx, price, params.price === undefined ? 'plan' : 'price')
  if (customer !== undefined && ctx.store.get('deleted_customers', customer) === undefined) {
    requireCustomer(ctx, customer, 'customer')
  }
  const docs = ctx.store.newest('subscriptions', { index: 'customer', key: customer })
  const found = docs.filter((doc) => hasStatus(doc, params.status) && fits(doc, params))
  return listPage(found, params, '/v1/subscriptions')
}

function hasStatus(subscription: Subscription, status: ListParams['status']): boolean {
  if (status === undefined) return subscription.status !== 'canceled'
  if (status === 'ended') return isEnded(subscription)
  return status === 'all' || subscription.status === status
}

/** Subscriptions of a test clock are listed only for their clock or their customer (JSDoc of `test_clock`). */
function fits(subscription: Subscription, params: ListParams): boolean {
  const { automatic_tax: tax, collection_method: method, price = params.plan } = params
  const clock = params.customer === undefined ? (params.test_clock ?? null) : params.test_clock
  return (
    (price === undefined || subscription.items.data.some((item) => item.price.id === price)) &&
    (method === undefined || subscription.collection_method === method) &&
    (tax === undefined || subscription.automatic_tax.enabled === tax.enabled) &&
    (clock === undefined || subscription.test_clock === clock) &&
    inRange(periodStart(subscription), params.current_period_start) &&
    inRange(periodEnd(subscription), params.current_period_end) &&
    inRange(subscription.created, params.created)
  )
}
