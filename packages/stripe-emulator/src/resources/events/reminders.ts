import type { Context } from '../../core/context.ts'
import type { Due } from '../../core/table.ts'
import { MAIN_TIMELINE } from '../../core/table.ts'
import type { Invoice, Reminder, Subscription, SubscriptionSchedule } from '../../documents.ts'
import { periodEnd } from '../subscriptions/subscription.ts'

const DAY = 86_400
/** How long before it happens Stripe tells it [types]. */
export const TRIAL_NOTICE = 3 * DAY
export const SCHEDULE_NOTICE = 7 * DAY
/** How long the invoice of a resumption waits for an attempt to pay it [types]. */
const RESUMPTION_SECONDS = 23 * 3600

/** A reminder is due at its own time. */
export function reminderDue(reminder: Reminder): Due {
  return { at: reminder.at, timeline: reminder.timeline }
}

/** Tells that a trial ends: three days before, or now where it ends sooner. */
export function remindOfTrialEnd(ctx: Context, subscription: Subscription): void {
  const { id, trial_end: end, test_clock } = subscription
  if (end === null) return
  if (end - TRIAL_NOTICE <= ctx.timeOf(test_clock)) {
    ctx.emit('customer.subscription.trial_will_end', subscription)
    forget(ctx, 'trial', subscription)
  } else remind(ctx, 'trial', { id, at: end - TRIAL_NOTICE, test_clock })
}

type Kind = 'collection' | 'overdue' | 'schedule' | 'trial' | 'upcoming' | `resumption-${ResumesOn}`

function forget(ctx: Context, kind: Kind, { id }: { id: string }): void {
  if (ctx.store.get('reminders', `${kind}/${id}`)) ctx.store.remove('reminders', `${kind}/${id}`)
}

/** What a reminder is about: the object, and on whose time it lives. */
interface Subject {
  id: string
  test_clock: string | null
}

function remind(ctx: Context, kind: Kind, about: Subject & { at: number }): void {
  const { id: of, at, test_clock: clock } = about
  ctx.store.put('reminders', { id: `${kind}/${of}`, of, at, timeline: clock ?? MAIN_TIMELINE })
}

/** Tells that a schedule ends, seven days before. One that ends sooner is not told of. */
export function remindOfScheduleEnd(ctx: Context, schedule: SubscriptionSchedule): void {
  const { id, test_clock = null } = schedule
  const end = schedule.phases.at(-1)?.end_date
  const at = (end ?? 0) - SCHEDULE_NOTICE
  if (end === undefined || at <= ctx.timeOf(test_clock)) return
  remind(ctx, 'schedule', { id, at, test_clock })
}

/** Tells of a renewal's invoice, as many days before as the account is set; a nearer one untold. */
export function remindOfRenewal(ctx: Context, subscription: Subscription): void {
  const { id, test_clock } = subscription
  const days = ctx.settings.upcomingInvoiceDays
  const at = periodEnd(subscription) - (days ?? 0) * DAY
  if (days === null || at <= ctx.timeOf(test_clock)) return
  remind(ctx, 'upcoming', { id, at, test_clock })
}

/** Has the collection of payments resume when that was asked for, and no more where it was not. */
export function remindOfCollection(ctx: Context, subscription: Subscription): void {
  const { id, pause_collection: pause, test_clock } = subscription
  const at = pause?.resumes_at ?? null
  if (at === null) forget(ctx, 'collection', subscription)
  else remind(ctx, 'collection', { id, at, test_clock })
}

/** Has an invoice that was sent looked at when it is due. */
export function remindOfDueDate(ctx: Context, invoice: Invoice): void {
  const { id, due_date: at, test_clock } = invoice
  if (at !== null) remind(ctx, 'overdue', { id, at, test_clock })
}

/** What ends the pause of a subscription: any attempt to pay its resumption's invoice, or success. */
export type ResumesOn = 'attempt' | 'success'

/** Marks an invoice as that of a resumption, which is void where nobody tries to pay it in 23 hours. */
export function remindOfResumption(ctx: Context, invoice: Invoice, on: ResumesOn): void {
  const { id, test_clock } = invoice
  const at = ctx.timeOf(test_clock) + RESUMPTION_SECONDS
  remind(ctx, `resumption-${on}`, { id, at, test_clock })
}

/** Keeps that mark while the invoice is retried. */
export function waitForResumption(ctx: Context, { id, test_clock }: Invoice): void {
  remind(ctx, 'resumption-success', { id, at: Number.MAX_SAFE_INTEGER, test_clock })
}

/** Whether an invoice is that of a resumption, and what that waits for. */
export function resumptionOf(ctx: Context, invoice: string): ResumesOn | null {
  const isOf = (on: ResumesOn) => ctx.store.get('reminders', `resumption-${on}/${invoice}`)
  if (isOf('attempt')) return 'attempt'
  return isOf('success') ? 'success' : null
}

/** The resumption has ended one way or the other. */
export function forgetResumption(ctx: Context, invoice: string): void {
  const on = resumptionOf(ctx, invoice)
  if (on !== null) forget(ctx, `resumption-${on}`, { id: invoice })
}
