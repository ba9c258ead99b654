import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem, SubscriptionSchedule } from '../../../documents.ts'
import { requirePrice } from '../../catalog/price.ts'
import { changesBetween } from '../../events/changes.ts'
import { scheduleExpiryNotice } from '../../events/reminders.ts'
import { itemFields, newItem } from '../subscription.ts'
import { enterPhaseDiscounts } from './phase-discounts.ts'
import type { Phase } from './schedule.ts'

/** Changes a schedule and sends `subscription_schedule.updated`. */
export function changeSchedule(
  ctx: Context,
  before: SubscriptionSchedule,
  changes: Partial<SubscriptionSchedule>,
): SubscriptionSchedule {
  const after = ctx.patch('subscription_schedules', before.id, changes)
  ctx.emit('subscription_schedule.updated', after, changesBetween(before, after))
  if (changes.phases !== undefined && after.status === 'active') scheduleExpiryNotice(ctx, after)
  return after
}

/** Releases a schedule: its subscription continues without it. */
export function releaseSchedule(ctx: Context, before: SubscriptionSchedule): SubscriptionSchedule {
  const after = ctx.patch('subscription_schedules', before.id, {
    current_phase: null,
    released_at: ctx.timeOf(before.test_clock),
    released_subscription: before.subscription,
    status: 'released',
    subscription: null,
  })
  const subscription = ctx.store.get('subscriptions', before.subscription ?? '')
  if (subscription !== undefined) {
    const freed = ctx.patch('subscriptions', subscription.id, { schedule: null })
    ctx.emit('customer.subscription.updated', freed, { schedule: before.id })
  }
  ctx.emit('subscription_schedule.released', after)
  return after
}

/**
 * Gives a subscription the items of the current phase of its schedule, where a new phase has begun. After its
 * last phase the schedule is completed or released. Null: the subscription ends with its schedule.
 */
export function enterDuePhase(
  ctx: Context,
  subscription: Subscription,
  now = ctx.timeOf(subscription.test_clock),
): Subscription | null {
  const schedule = ctx.store.get('subscription_schedules', subscription.schedule ?? '')
  if (schedule === undefined || schedule.status !== 'active') return subscription
  const phase = schedule.phases.find((one) => one.start_date <= now && now < one.end_date)
  if (phase === undefined) return leaveLastPhase(ctx, subscription, schedule)
  if (phase.start_date === schedule.current_phase?.start_date) return subscription
  changeSchedule(ctx, schedule, {
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
  })
  const items = phaseItems(ctx, subscription, phase)
  const changesInterval = intervalOf(items) !== intervalOf(subscription.items.data)
  const entered = ctx.patch('subscriptions', subscription.id, {
    ...itemFields(subscription.id, items),
    ...(changesInterval ? { billing_cycle_anchor: now } : {}),
  })
  return enterPhaseDiscounts(ctx, entered, phase)
}

function leaveLastPhase(
  ctx: Context,
  subscription: Subscription,
  schedule: SubscriptionSchedule,
): Subscription | null {
  if (schedule.end_behavior !== 'cancel') {
    ctx.emit('subscription_schedule.completed', releaseSchedule(ctx, schedule))
    return ctx.patch('subscriptions', subscription.id, {})
  }
  const completed = ctx.patch('subscription_schedules', schedule.id, {
    completed_at: ctx.timeOf(schedule.test_clock),
    current_phase: null,
    status: 'completed',
  })
  ctx.emit('subscription_schedule.completed', completed)
  return null
}

function phaseItems(ctx: Context, subscription: Subscription, phase: Phase): SubscriptionItem[] {
  return phase.items.map((entry, index) => {
    const price = requirePrice(ctx, entry.price)
    const current = subscription.items.data[index]
    const period = {
      start: current?.current_period_start ?? phase.start_date,
      end: current?.current_period_end ?? phase.end_date,
    }
    const item = newItem(
      { price, quantity: entry.quantity ?? 1, metadata: entry.metadata ?? {} },
      { subscription: subscription.id, period, created: current?.created ?? phase.start_date },
    )
    return current === undefined ? item : { ...item, id: current.id, discounts: current.discounts }
  })
}

function intervalOf(items: readonly SubscriptionItem[]): string {
  const recurring = items[0]?.price.recurring
  return `${recurring?.interval_count} ${recurring?.interval}`
}
