import type { Context } from '../../../core/context.ts'
import { endpoint } from '../../../http/endpoint.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { cancelSubscription } from '../cancel.ts'
import { invoiceFinally } from '../change/bill-change.ts'
import { prorate } from '../change/prorate.ts'
import { updateSubscription } from '../change/update.ts'
import { createSubscription } from '../create.ts'
import { pauseOnRequest, pauseParams } from '../pause/pause.ts'
import { resumeParams, resumeSubscription } from '../pause/resume.ts'
import { isEnded, requireSubscription } from '../subscription.ts'
import { listSubscriptions } from './list.ts'
import { newOrder } from './new-order.ts'
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
  endpoint('GET /v1/subscriptions/:id', shape({}), (ctx, { id }) => requireSubscription(ctx, id)),
  endpoint('POST /v1/subscriptions/:id', updateSubscriptionParams, (ctx, { id, params }) =>
    updateSubscription(ctx, requireSubscription(ctx, id), params),
  ),
  endpoint('DELETE /v1/subscriptions/:id', cancelSubscriptionParams, (ctx, { id, params }) =>
    cancel(ctx, id, params),
  ),
  endpoint('POST /v1/subscriptions/:id/pause', pauseParams, (ctx, { id, params }) =>
    pauseOnRequest(ctx, requireSubscription(ctx, id), params),
  ),
  endpoint('POST /v1/subscriptions/:id/resume', resumeParams, (ctx, { id, params }) =>
    resumeSubscription(ctx, requireSubscription(ctx, id), params),
  ),
]

/** Cancels a subscription now; credits and pending items are invoiced only with `prorate` and `invoice_now`. */
function cancel(
  ctx: Context,
  id: string,
  params: ValueOf<typeof cancelSubscriptionParams>,
): object {
  const before = requireSubscription(ctx, id)
  const at = ctx.timeOf(before.test_clock)
  const isRunning = !isEnded(before)
  const credits =
    params.prorate === true && isRunning
      ? prorate(ctx, before, {
          at,
          changes: before.items.data.map((item) => ({ before: item, after: null })),
        })
      : []
  const details = params.cancellation_details
  const canceled = cancelSubscription(ctx, before, details === undefined ? {} : { details })
  if (params.invoice_now !== true) return canceled
  const pending = pendingItems(ctx, before.customer, id)
  if (pending.length === 0 && credits.length === 0) return canceled
  const invoice = invoiceFinally(ctx, before, pending)
  return ctx.patch('subscriptions', id, { latest_invoice: invoice.id })
}
