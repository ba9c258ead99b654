import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Subscription } from '../../../documents.ts'
import { requireOwnMethod } from '../../payments/methods/payment-method.ts'
import { requireSource } from '../../payments/methods/source.ts'
import { lacksMethod } from '../renew.ts'
import { requireDaysUntilDue, requireFuture, requireTrialEnd } from '../requests/request-rules.ts'
import type { SubscriptionUpdate } from '../requests/subscription-params.ts'
import { isEnded } from '../subscription.ts'
import { noPaymentMethod } from './bill-change.ts'

/** The parameters that `pending_if_incomplete` allows (Stripe's documentation of pending updates). */
const PENDING_UPDATE_PARAMS = new Set([
  'add_invoice_items',
  'billing_cycle_anchor',
  'cancel_at_period_end',
  'items',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
  'trial_from_plan',
])

const INCOMPLETE_PARAMS = new Set([
  'cancellation_details',
  'default_payment_method',
  'default_source',
  'description',
  'metadata',
])

/** Throws 400 for what an update must not do, by the status of the subscription and by its parameters. */
export function requireAllowedUpdate(
  ctx: Context,
  before: Subscription,
  params: SubscriptionUpdate,
): void {
  requireLive(before, params)
  requireScheduleKept(before, params)
  requireFewForPending(params)
  requireExclusive(params)
  requireDays(before, params)
  requireDates(ctx, before, params)
  requireOwnMethods(ctx, before, params)
}

function requireLive(before: Subscription, params: SubscriptionUpdate): void {
  const names = Object.keys(params)
  if (isEnded(before)) {
    const rest = names.filter((name) => name !== 'metadata' && name !== 'cancellation_details')
    if (rest.length === 0) return
    throw invalidRequest(
      'A canceled subscription can only update its cancellation_details and metadata.',
      { code: 'invalid_canceled_subscription_fields' },
    )
  }
  const wider = names.find((name) => !INCOMPLETE_PARAMS.has(name))
  if (before.status !== 'incomplete' || wider === undefined) return
  throw invalidRequest(
    'You can only update `metadata`, `description`, `default_payment_method` and `default_source` of an incomplete subscription.',
    { param: wider },
  )
}

/** A schedule that is attached decides when its subscription ends (docs/stripe.md, fact 10). */
function requireScheduleKept(before: Subscription, params: SubscriptionUpdate): void {
  const endsElsewhere = params.cancel_at !== undefined || params.cancel_at_period_end !== undefined
  if (before.schedule === null || !endsElsewhere) return
  throw invalidRequest(
    `The subscription is managed by the subscription schedule \`${before.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
  )
}

function requireFewForPending(params: SubscriptionUpdate): void {
  if (params.payment_behavior !== 'pending_if_incomplete') return
  const name = Object.keys(params).find((one) => !PENDING_UPDATE_PARAMS.has(one))
  if (name === undefined) return
  throw invalidRequest(
    `When \`payment_behavior\` is set to \`pending_if_incomplete\`, you can only pass supported params. \`${name}\` is not supported.`,
    { param: name },
  )
}

function requireExclusive(params: SubscriptionUpdate): void {
  if (params.cancel_at !== undefined && params.cancel_at_period_end !== undefined) {
    throw invalidRequest(
      'Received both cancel_at_period_end and cancel_at parameters. Please pass in only one.',
    )
  }
  if (params.trial_end !== undefined && params.trial_from_plan === true) {
    throw invalidRequest(
      'You cannot set `trial_end` or `trial_period_days` when `trial_from_plan=true`.',
    )
  }
  if (params.proration_date === undefined) return
  if (params.billing_cycle_anchor?.type === 'now') {
    throw invalidRequest('You cannot specify `proration_date` when `billing_cycle_anchor=now`.')
  }
  if (params.proration_behavior === 'none') {
    throw invalidRequest('You cannot specify `proration_date` when `proration_behavior=none`.')
  }
}

function requireDays(before: Subscription, params: SubscriptionUpdate): void {
  const isChange = params.collection_method !== undefined || params.days_until_due !== undefined
  if (!isChange) return
  const method = params.collection_method ?? before.collection_method
  const known = method === 'send_invoice' ? before.days_until_due : null
  requireDaysUntilDue(method, params.days_until_due ?? known)
}

function requireDates(ctx: Context, before: Subscription, params: SubscriptionUpdate): void {
  const now = ctx.timeOf(before.test_clock)
  const {
    cancel_at: at,
    pause_collection: pause,
    proration_date: prorated,
    trial_end: end,
  } = params
  if (typeof at === 'number') requireFuture(at, now, 'cancel_at')
  if (pause?.resumes_at !== undefined) {
    requireFuture(pause.resumes_at, now, 'pause_collection[resumes_at]')
  }
  if (prorated !== undefined) requireWithinPeriods(before, prorated)
  if (typeof end === 'number') {
    requireTrialEnd(end, { now, from: Math.max(now, before.billing_cycle_anchor) })
  }
  if (typeof end === 'number' && before.status === 'paused') {
    throw invalidRequest(
      'You cannot set `trial_end` while a subscription is `paused`. Resume the subscription first before setting `trial_end`.',
    )
  }
  if (end === 'now') requireMethodAfterTrial(ctx, before)
}

/** A date of proration lies in the period of every item; in the first one of a backdated subscription, after its start. */
function requireWithinPeriods(before: Subscription, date: number): void {
  const isWithin = before.items.data.every((item) => {
    const isFirst = item.created > before.start_date && item.current_period_start <= item.created
    const from = isFirst ? before.start_date : item.current_period_start
    return date >= from && date <= item.current_period_end
  })
  if (isWithin) return
  throw invalidRequest('Cannot specify proration date outside of current subscription period.', {
    param: 'proration_date',
  })
}

/** Without a payment method, a trial that is ended now must say what happens (docs/stripe.md, fact 26). */
function requireMethodAfterTrial(ctx: Context, before: Subscription): void {
  const behavior = before.trial_settings?.end_behavior.missing_payment_method
  if (before.status !== 'trialing' || before.collection_method === 'send_invoice') return
  if (behavior === 'create_invoice' && lacksMethod(ctx, before)) throw noPaymentMethod()
}

function requireOwnMethods(
  ctx: Context,
  { customer }: Subscription,
  params: SubscriptionUpdate,
): void {
  const { default_payment_method: method, default_source: source } = params
  if (typeof method === 'string') {
    requireOwnMethod(ctx, { id: method, customer }, 'default_payment_method')
  }
  if (typeof source === 'string') requireSource(ctx, customer, source)
}
