import { endpoint } from '../../../http/endpoint.ts'
import { searchPage, searchParams } from '../../../http/params/search-params.ts'
import { shape } from '../../../http/params/shape.ts'
import { cancelNow } from '../change/cancel-now.ts'
import { createSubscription } from '../create.ts'
import { pauseOnRequest, pauseParams } from '../pause/pause.ts'
import { resumeParams, resumeSubscription } from '../pause/resume.ts'
import { updateDirectly } from '../schedules/direct-update.ts'
import { requireSubscription } from '../subscription.ts'
import { listSubscriptions } from './list.ts'
import { newOrder } from './new-order.ts'
import { searchableSubscriptions } from './search.ts'
import {
  cancelSubscriptionParams,
  createSubscriptionParams,
  listSubscriptionsParams,
  updateSubscriptionParams,
} from './subscription-params.ts'

export const subscriptionEndpoints = [
  endpoint(
    'POST /v1/subscriptions',
    createSubscriptionParams,
    (ctx, { params }) => createSubscription(ctx, newOrder(ctx, params)).subscription,
  ),
  endpoint('GET /v1/subscriptions', listSubscriptionsParams, (ctx, { params }) =>
    listSubscriptions(ctx, params),
  ),
  endpoint('GET /v1/subscriptions/search', searchParams, (ctx, { params }) =>
    searchPage(ctx.store.newest('subscriptions'), params, searchableSubscriptions),
  ),
  endpoint('GET /v1/subscriptions/:id', shape({}), (ctx, { id }) => requireSubscription(ctx, id)),
  endpoint('POST /v1/subscriptions/:id', updateSubscriptionParams, (ctx, { id, params }) =>
    updateDirectly(ctx, requireSubscription(ctx, id), params),
  ),
  endpoint('DELETE /v1/subscriptions/:id', cancelSubscriptionParams, (ctx, { id, params }) =>
    cancelNow(ctx, requireSubscription(ctx, id), {
      prorate: params.prorate === true,
      invoiceNow: params.invoice_now === true,
      details: params.cancellation_details,
    }),
  ),
  endpoint('POST /v1/subscriptions/:id/pause', pauseParams, (ctx, { id, params }) =>
    pauseOnRequest(ctx, requireSubscription(ctx, id), params),
  ),
  endpoint('POST /v1/subscriptions/:id/resume', resumeParams, (ctx, { id, params }) =>
    resumeSubscription(ctx, requireSubscription(ctx, id), params),
  ),
]
