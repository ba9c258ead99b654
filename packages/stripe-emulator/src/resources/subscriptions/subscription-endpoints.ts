import type { Context } from '../../core/context.ts'
import { invalidRequest } from '../../core/errors.ts'
import type { Subscription } from '../../documents.ts'
import { endpoint } from '../../http/endpoint.ts'
import { listPage } from '../../http/list.ts'
import { inRange } from '../../http/params/list-params.ts'
import type { ValueOf } from '../../http/params/param.ts'
import { changeMetadata, shape } from '../../http/params/shape.ts'
import { requireCustomer } from '../customers/customer.ts'
import { pendingItems } from '../invoices/items/invoice-item.ts'
import { requireOwnMethod } from '../payments/methods/payment-method.ts'
import { subscriptionTaxes } from '../tax/subscription-taxes.ts'
import { cancelSubscription } from './cancel.ts'
import { invoicePendingItems } from './change/bill-change.ts'
import { prorate } from './change/prorate.ts'
import { updateSubscription } from './change/update.ts'
import { createSubscription } from './create.ts'
import { priceOf } from './items/subscription-item-params.ts'
import { pauseOnRequest, pauseParams } from './pause/pause.ts'
import { resumeParams, resumeSubscription } from './pause/resume.ts'
import { isEnded, requireSubscription } from './subscription.ts'
import {
  cancelSubscriptionParams,
  createSubscriptionParams,
  listSubscriptionsParams,
  updateSubscriptionParams,
} from './subscription-params.ts'

const DAY = 86_400

export const subscriptionEndpoints = [
  endpoint('POST /v1/subscriptions', createSubscriptionParams, (ctx, { params }) =>
    create(ctx, params),
  ),
  endpoint('GET /v1/subscriptions', listSubscriptionsParams, (ctx, { params }) =>
    list(ctx, params),
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

type CreateParams = ValueOf<typeof createSubscriptionParams>

function create(ctx: Context, params: CreateParams): object {
  const customer = requireCustomer(ctx, params.customer, 'customer')
  if (params.default_payment_method !== undefined) {
    const method = { id: params.default_payment_method, customer: customer.id }
    requireOwnMethod(ctx, method, 'default_payment_method')
  }
  if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
    throw invalidRequest(
      'You must pass `days_until_due` when `collection_method` is `send_invoice`.',
      { code: 'parameter_missing', param: 'days_until_due' },
    )
  }
  const behavior = params.payment_behavior ?? 'allow_incomplete'
  return createSubscription(ctx, {
    customer,
    items: params.items.map((item, index) => ({
      price: priceOf(ctx, item, index),
      quantity: item.quantity ?? 1,
      metadata: changeMetadata({}, item.metadata),
      discounts: item.discounts,
    })),
    discounts: params.discounts,
    currency: params.currency,
    trialEnd: trialEnd(ctx.timeOf(customer.test_clock), params),
    anchor: params.billing_cycle_anchor ?? null,
    prorate: params.proration_behavior !== 'none',
    paymentBehavior: behavior === 'pending_if_incomplete' ? 'allow_incomplete' : behavior,
    cancelAt: cancelAt(params),
    fields: { ...fieldsOf(params), ...subscriptionTaxes(ctx, params, { customer, before: null }) },
    announce: 'after_payment',
    payWith: null,
    authenticated: false,
  }).subscription
}

function trialEnd(now: number, params: CreateParams): number | null {
  if (params.trial_period_days !== undefined) return now + params.trial_period_days * DAY
  if (typeof params.trial_end !== 'number') return null
  if (params.trial_end > now) return params.trial_end
  throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', {
    param: 'trial_end',
  })
}

function cancelAt(params: CreateParams): number | 'period_end' | null {
  if (params.cancel_at_period_end === true) return 'period_end'
  if (params.cancel_at === undefined) return null
  return typeof params.cancel_at === 'number' ? params.cancel_at : 'period_end'
}

function fieldsOf(params: CreateParams): Partial<Subscription> {
  const missing = params.trial_settings?.end_behavior.missing_payment_method
  return {
    metadata: changeMetadata({}, params.metadata),
    description: params.description ?? null,
    collection_method: params.collection_method ?? 'charge_automatically',
    days_until_due: params.days_until_due ?? null,
    default_payment_method: params.default_payment_method ?? null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
    },
    ...(missing === undefined
      ? {}
      : {
          trial_settings: {
            end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing },
          },
        }),
  }
}

function list(ctx: Context, params: ValueOf<typeof listSubscriptionsParams>): object {
  const { customer, status, price = params.plan } = params
  const docs = ctx.store.newest('subscriptions', { index: 'customer', key: customer })
  const fits = (subscription: Subscription): boolean => {
    if (status === undefined) return subscription.status !== 'canceled'
    if (status === 'ended') return isEnded(subscription)
    return status === 'all' || subscription.status === status
  }
  const found = docs.filter(
    (doc) =>
      fits(doc) &&
      (price === undefined || doc.items.data.some((item) => item.price.id === price)) &&
      (params.collection_method === undefined ||
        doc.collection_method === params.collection_method) &&
      (params.test_clock === undefined || doc.test_clock === params.test_clock) &&
      inRange(doc.created, params.created),
  )
  return listPage(found, params, '/v1/subscriptions')
}

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
  const invoice = invoicePendingItems(ctx, before, pending)
  return ctx.patch('subscriptions', id, { latest_invoice: invoice.id })
}
