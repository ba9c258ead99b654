import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Subscription } from '../../../documents.ts'
import { changeMetadata } from '../../../http/params/shape.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { discountSubscription } from '../../discounts/of-subscription.ts'
import { changesBetween } from '../../events/changes.ts'
import {
  scheduleCollectionResume,
  scheduleRenewalNotice,
  scheduleTrialEndNotice,
} from '../../events/reminders.ts'
import { requireOwnMethod } from '../../payments/methods/payment-method.ts'
import { subscriptionTaxes } from '../../tax/subscription-taxes.ts'
import { noScheduledEnd, scheduledEnd } from '../cancel.ts'
import { changedItems } from '../items/subscription-item-params.ts'
import { endTrialUnpaid } from '../renew.ts'
import { isEnded, itemFields, periodEnd } from '../subscription.ts'
import type { SubscriptionUpdate } from '../subscription-params.ts'
import { billChange } from './bill-change.ts'
import { planChange } from './plan-change.ts'

const FORBIDDEN_WHEN_ENDED =
  'A canceled subscription can only update its cancellation_details and metadata.'

/** The parameters that `pending_if_incomplete` allows. */
const PENDING_UPDATE_PARAMS = new Set([
  'add_invoice_items',
  'billing_cycle_anchor',
  'cancel_at_period_end',
  'items',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
  'trial_from_plan',
])

const blankDetails = { comment: null, feedback: null, feedback_option: null, reason: null }

/**
 * Updates a subscription: plain fields, scheduled cancellation, items. The cost of a change of items is
 * invoiced, left pending or ignored by `proration_behavior`; a failed payment is handled by
 * `payment_behavior`. Sends one `customer.subscription.updated`. Throws 400, or 402 with `error_if_incomplete`.
 */
export function updateSubscription(
  ctx: Context,
  before: Subscription,
  params: SubscriptionUpdate,
): Subscription {
  checkParams(ctx, before, params)
  checkPendingUpdateParams(params)
  const patched = ctx.patch('subscriptions', before.id, {
    ...plainFields(before, params),
    ...subscriptionTaxes(ctx, params, {
      customer: requireCustomer(ctx, before.customer),
      before,
    }),
    ...scheduledEndFields(ctx, before, params),
  })
  const { discounts } = params
  const plain = discountSubscription(ctx, patched, { discounts, param: 'discounts', amount: null })
  const stopped = params.trial_end === 'now' ? endTrialUnpaid(ctx, plain) : null
  if (stopped !== null) {
    scheduleTrialEndNotice(ctx, stopped)
    return stopped
  }
  const items =
    params.items === undefined ? plain.items.data : changedItems(ctx, plain, params.items)
  const plan = planChange(ctx, plain, { items, params })
  const billed =
    plan === null
      ? plain
      : billChange(ctx, plain, {
          plan,
          changed: { ...plan.fields, ...itemFields(plain.id, plan.items) },
          paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
        })
  const previous = changesBetween(before, billed)
  if (Object.keys(previous).length > 0) ctx.emit('customer.subscription.updated', billed, previous)
  if (billed.trial_end !== before.trial_end) scheduleTrialEndNotice(ctx, billed)
  if (params.pause_collection !== undefined) scheduleCollectionResume(ctx, billed)
  if (periodEnd(billed) !== periodEnd(before)) scheduleRenewalNotice(ctx, billed)
  return billed
}

function checkParams(ctx: Context, before: Subscription, params: SubscriptionUpdate): void {
  const { metadata: _m, cancellation_details: _c, ...others } = params
  if (isEnded(before) && Object.keys(others).length > 0) {
    throw invalidRequest(FORBIDDEN_WHEN_ENDED, { code: 'invalid_canceled_subscription_fields' })
  }
  if (params.cancel_at_period_end !== undefined && typeof params.cancel_at === 'number') {
    throw invalidRequest(
      'You may only specify one of these parameters: cancel_at, cancel_at_period_end.',
      {
        code: 'parameters_exclusive',
        param: 'cancel_at_period_end',
      },
    )
  }
  if (
    before.schedule !== null &&
    (params.items !== undefined || params.cancel_at_period_end === true)
  ) {
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${before.schedule}\`, and updating it directly is not allowed. Please update the schedule instead.`,
    )
  }
  if (params.default_payment_method !== undefined) {
    const method = { id: params.default_payment_method, customer: before.customer }
    requireOwnMethod(ctx, method, 'default_payment_method')
  }
}

function checkPendingUpdateParams(params: SubscriptionUpdate): void {
  if (params.payment_behavior !== 'pending_if_incomplete') return
  const name = Object.keys(params).find((one) => !PENDING_UPDATE_PARAMS.has(one))
  if (name === undefined) return
  throw invalidRequest(
    `When \`payment_behavior\` is set to \`pending_if_incomplete\`, you can only pass supported params. \`${name}\` is not supported.`,
    { param: name },
  )
}

function plainFields(before: Subscription, params: SubscriptionUpdate): Partial<Subscription> {
  const {
    cancellation_details: details,
    payment_settings: settings,
    pause_collection: pause,
  } = params
  const missing = params.trial_settings?.end_behavior.missing_payment_method
  const save = settings?.save_default_payment_method
  return {
    metadata: changeMetadata(before.metadata, params.metadata),
    ...(params.default_payment_method === undefined
      ? {}
      : { default_payment_method: params.default_payment_method }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.collection_method === undefined
      ? {}
      : { collection_method: params.collection_method }),
    ...(params.days_until_due === undefined ? {} : { days_until_due: params.days_until_due }),
    ...(pause === undefined
      ? {}
      : {
          pause_collection:
            pause === null
              ? null
              : { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null },
        }),
    ...(missing === undefined
      ? {}
      : {
          trial_settings: {
            end_behavior: { billing_cycle_anchor: null, missing_payment_method: missing },
          },
        }),
    ...(save === undefined || before.payment_settings === null
      ? {}
      : { payment_settings: { ...before.payment_settings, save_default_payment_method: save } }),
    ...(details === undefined
      ? {}
      : { cancellation_details: { ...blankDetails, ...before.cancellation_details, ...details } }),
  }
}

function scheduledEndFields(
  ctx: Context,
  before: Subscription,
  params: SubscriptionUpdate,
): Partial<Subscription> {
  const { cancel_at: at, cancel_at_period_end: atPeriodEnd } = params
  if (atPeriodEnd === true) {
    return scheduledEnd(ctx, before, { at: periodEnd(before), atPeriodEnd: true })
  }
  if (typeof at === 'number') {
    if (at <= ctx.timeOf(before.test_clock)) {
      throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' })
    }
    return scheduledEnd(ctx, before, { at, atPeriodEnd: false })
  }
  if (typeof at === 'string') {
    return scheduledEnd(ctx, before, { at: periodEnd(before), atPeriodEnd: false })
  }
  const wasScheduled = before.cancel_at !== null
  return (atPeriodEnd === false || at === null) && wasScheduled ? noScheduledEnd() : {}
}
