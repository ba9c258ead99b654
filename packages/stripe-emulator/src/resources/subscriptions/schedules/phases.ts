import type { Context } from '../../../core/context.ts'
import type { Subscription, SubscriptionItem, SubscriptionSchedule } from '../../../documents.ts'
import { enterPhaseDiscounts } from '../../discounts/of/phase.ts'
import { changesBetween } from '../../events/changes.ts'
import { scheduleExpiryNotice } from '../../events/reminders.ts'
import { taxesOfPhase } from '../../tax/requests/schedule-taxes.ts'
import { changedFields } from '../change/changed-fields.ts'
import { itemChanges, prorate } from '../change/prorate.ts'
import { addInvoiceItems } from '../items/added-items.ts'
import { ofPeriod } from '../items/periods.ts'
import { itemFields } from '../subscription.ts'
import { addedItemsOfPhase, itemsOfPhase, movesAnchor, settingsOfPhase } from './phase-update.ts'
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

/** The phase that a schedule has at an instant; null: none, it is over or has not begun. */
export function phaseAt(schedule: SubscriptionSchedule, instant: number): Phase | null {
  return schedule.phases.find((one) => one.start_date <= instant && instant < one.end_date) ?? null
}

/** The running schedule of a subscription; null: none. */
export function scheduleOf(ctx: Context, subscription: Subscription): SubscriptionSchedule | null {
  const schedule = ctx.store.get('subscription_schedules', subscription.schedule ?? '')
  return schedule?.status === 'active' ? schedule : null
}

/**
 * Gives a subscription whose period ends what the phase that begins says, so that the renewal bills it. After its last
 * phase the schedule is completed or released. Null: the subscription ends with its schedule.
 */
export function enterDuePhase(
  ctx: Context,
  subscription: Subscription,
  now = ctx.timeOf(subscription.test_clock),
): Subscription | null {
  const schedule = scheduleOf(ctx, subscription)
  if (schedule === null) return subscription
  const phase = phaseAt(schedule, now)
  if (phase === null) return leaveLastPhase(ctx, subscription, schedule)
  if (phase.start_date === schedule.current_phase?.start_date) return subscription
  beginPhase(ctx, schedule, phase)
  return renewInto(ctx, subscription, { schedule, phase, now })
}

/** Marks a phase as the current one. */
export function beginPhase(ctx: Context, schedule: SubscriptionSchedule, phase: Phase): void {
  changeSchedule(ctx, schedule, {
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
  })
}

/** After the last phase. Null: the subscription ends with its schedule. */
export function leaveLastPhase(
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

/** Whatever is new or billed at another interval begins now; an item in the middle of its period goes on. */
function renewInto(
  ctx: Context,
  before: Subscription,
  { schedule, phase, now }: { schedule: SubscriptionSchedule; phase: Phase; now: number },
): Subscription {
  const beginsNow = { start: now, end: now }
  const place = (item: SubscriptionItem) => ({ ...item, ...ofPeriod(beginsNow) })
  const items = itemsOfPhase(ctx, before, { phase, place })
  if (phase.proration_behavior !== 'none' && before.status !== 'trialing') {
    prorateUnended(ctx, before, { items, now })
  }
  const settings = changedFields(ctx, before, settingsOfPhase(schedule, phase))
  const anchor = phase.billing_cycle_anchor ?? schedule.default_settings.billing_cycle_anchor
  const moved = movesAnchor(before, items, anchor)
  const after = ctx.patch('subscriptions', before.id, {
    ...settings,
    ...taxesOfPhase(schedule, phase),
    ...itemFields(before.id, items),
    ...(moved ? { billing_cycle_anchor: now } : {}),
    ...trialOf(before, { phase, items, now }),
  })
  addInvoiceItems(ctx, after, addedItemsOfPhase(ctx, phase))
  return enterPhaseDiscounts(ctx, after, phase)
}

/** Credits and charges for the items whose period goes on beyond the start of the phase. */
function prorateUnended(
  ctx: Context,
  before: Subscription,
  { items, now }: { items: SubscriptionItem[]; now: number },
): void {
  const changes = itemChanges(before, items)
    .map((change) => ({
      before:
        change.before !== null && change.before.current_period_end > now ? change.before : null,
      after: change.after !== null && change.after.current_period_end > now ? change.after : null,
    }))
    .filter((change) => change.before !== null || change.after !== null)
  prorate(ctx, before, { changes, at: now })
}

/** The trial of a phase that begins now. */
function trialOf(
  before: Subscription,
  { phase, items, now }: { phase: Phase; items: SubscriptionItem[]; now: number },
): Partial<Subscription> {
  const end = phase.trial_end
  if (end === null || end <= now) return {}
  const inTrial = items.map((item) => ({ ...item, ...ofPeriod({ start: now, end }) }))
  return {
    ...itemFields(before.id, inTrial),
    billing_cycle_anchor: end,
    status: 'trialing',
    trial_start: before.status === 'trialing' ? before.trial_start : now,
    trial_end: end,
  }
}
