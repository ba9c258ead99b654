import type { Context } from '../../core/context.ts'
import { type Due, MAIN_TIMELINE } from '../../core/table.ts'
import type { Reminder, Subscription, SubscriptionSchedule } from '../../documents.ts'

const DAY = 86_400
/** How long before it happens Stripe tells it [types]. */
const TRIAL_NOTICE = 3 * DAY
const SCHEDULE_NOTICE = 7 * DAY

/** A reminder is due at its own time. */
export function reminderDue(reminder: Reminder): Due {
  return { at: reminder.at, timeline: reminder.timeline }
}

/** Tells that a trial ends: three days before, or now where it ends sooner. */
export function remindOfTrialEnd(ctx: Context, subscription: Subscription): void {
  const { trial_end: end, test_clock: clock } = subscription
  if (end === null) return
  if (end - TRIAL_NOTICE <= ctx.timeOf(clock)) {
    ctx.emit('customer.subscription.trial_will_end', subscription)
    ctx.store.remove('reminders', `trial/${subscription.id}`)
    return
  }
  ctx.store.put('reminders', {
    id: `trial/${subscription.id}`,
    of: subscription.id,
    at: end - TRIAL_NOTICE,
    timeline: clock ?? MAIN_TIMELINE,
  })
}

/** Tells that a schedule ends, seven days before. One that ends sooner is not told of. */
export function remindOfScheduleEnd(ctx: Context, schedule: SubscriptionSchedule): void {
  const end = schedule.phases.at(-1)?.end_date
  const at = (end ?? 0) - SCHEDULE_NOTICE
  if (end === undefined || at <= ctx.timeOf(schedule.test_clock)) return
  ctx.store.put('reminders', {
    id: `schedule/${schedule.id}`,
    of: schedule.id,
    at,
    timeline: schedule.test_clock ?? MAIN_TIMELINE,
  })
}

/** Sends a reminder, unless what it reminds of ended or was moved meanwhile. */
export function runReminder(ctx: Context, id: string): void {
  const reminder = ctx.store.get('reminders', id)
  ctx.store.remove('reminders', id)
  if (reminder === undefined) return
  const subscription = ctx.store.get('subscriptions', reminder.of)
  const trialEnd = subscription?.status === 'trialing' ? subscription.trial_end : null
  if (subscription !== undefined && trialEnd === reminder.at + TRIAL_NOTICE) {
    ctx.emit('customer.subscription.trial_will_end', subscription)
  }
  const schedule = ctx.store.get('subscription_schedules', reminder.of)
  const end = schedule?.status === 'active' ? schedule.phases.at(-1)?.end_date : undefined
  if (schedule !== undefined && end === reminder.at + SCHEDULE_NOTICE) {
    ctx.emit('subscription_schedule.expiring', schedule)
  }
}
