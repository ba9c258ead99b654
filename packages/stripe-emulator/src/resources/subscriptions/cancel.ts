import type { Context } from '../../core/context.ts'
import { noSuch } from '../../core/errors.ts'
import type { Subscription } from '../../documents.ts'
import { finalInvoice } from './change/final-invoice.ts'
import { isEnded, lastPeriodEnd, periodEnd } from './subscription.ts'

type Details = NonNullable<Subscription['cancellation_details']>

export interface Cancellation {
  reason?: 'cancellation_requested' | 'payment_failed' | undefined
  details?: Partial<Details> | undefined
  /** The end was scheduled: `cancel_at` and `cancel_at_period_end` stay as they are. */
  asScheduled?: boolean | undefined
}

/**
 * Cancels a subscription now (docs/stripe.md, fact 7). `canceled_at` keeps the time of an earlier request; drafts
 * and open invoices are no longer collected automatically. Throws 404 for an ended one (fact 28).
 */
export function cancelSubscription(
  ctx: Context,
  before: Subscription,
  how: Cancellation = {},
): Subscription {
  if (isEnded(before)) throw noSuch('subscription', before.id)
  const now = ctx.timeOf(before.test_clock)
  stopCollection(ctx, before.id)
  const last = how.asScheduled === true ? finalInvoice(ctx, before) : null
  const details = before.cancellation_details ?? blankDetails
  const after = ctx.patch('subscriptions', before.id, {
    ...(how.asScheduled ? {} : { cancel_at: null, cancel_at_period_end: false }),
    canceled_at: before.canceled_at ?? now,
    cancellation_details: {
      ...details,
      ...how.details,
      reason: how.reason ?? 'cancellation_requested',
    },
    ended_at: now,
    ...(last === null ? {} : { latest_invoice: last.id }),
    pending_update: null,
    status: 'canceled',
  })
  stopSchedule(ctx, before, how.reason === 'payment_failed')
  ctx.emit('customer.subscription.deleted', after)
  return after
}

function stopCollection(ctx: Context, subscription: string): void {
  for (const invoice of ctx.store.find('invoices', { index: 'subscription', key: subscription })) {
    if (invoice.status !== 'draft' && invoice.status !== 'open') continue
    ctx.patch('invoices', invoice.id, {
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
    })
  }
}

function stopSchedule(
  ctx: Context,
  { schedule: id, test_clock: clock }: Subscription,
  delinquent: boolean,
): void {
  const schedule = ctx.store.get('subscription_schedules', id ?? '')
  if (schedule?.status !== 'active') return
  const canceled = ctx.patch('subscription_schedules', schedule.id, {
    canceled_at: ctx.timeOf(clock),
    current_phase: null,
    status: 'canceled',
  })
  const type = delinquent ? 'aborted' : 'canceled'
  ctx.emit(`subscription_schedule.${type}`, canceled)
}

/** When a subscription is to be canceled: at an instant in seconds, or with the period of an item. */
export type CancelAt = number | 'cancel_at_period_end' | 'max_period_end' | 'min_period_end'

/** The instant of a scheduled end. `cancel_at_period_end` means the item whose period ends first. */
export function endAt(
  subscription: Subscription,
  wanted: CancelAt,
): { at: number; atPeriodEnd: boolean } {
  if (typeof wanted === 'number') return { at: wanted, atPeriodEnd: false }
  const at = wanted === 'max_period_end' ? lastPeriodEnd(subscription) : periodEnd(subscription)
  return { at, atPeriodEnd: wanted === 'cancel_at_period_end' }
}

const blankDetails: Details = { comment: null, feedback: null, feedback_option: null, reason: null }

/** The fields of a subscription with a scheduled cancellation, requested now (docs/stripe.md, fact 6). */
export function scheduledEnd(
  ctx: Context,
  subscription: Subscription,
  end: { at: number; atPeriodEnd: boolean },
): Partial<Subscription> {
  return {
    cancel_at: end.at,
    cancel_at_period_end: end.atPeriodEnd,
    canceled_at: ctx.timeOf(subscription.test_clock),
    cancellation_details: {
      ...(subscription.cancellation_details ?? blankDetails),
      reason: 'cancellation_requested',
    },
  }
}

/** The fields of a subscription without a scheduled cancellation (docs/stripe.md, fact 6). */
export function noScheduledEnd(): Partial<Subscription> {
  return {
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: blankDetails,
  }
}
