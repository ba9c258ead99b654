import type { Context } from '../../core/context.ts'
import type { Due } from '../../core/store/table.ts'
import { MAIN_TIMELINE } from '../../core/store/table.ts'
import type {
  Discount,
  Invoice,
  Reminder,
  Subscription,
  SubscriptionSchedule,
  TaxId,
} from '../../documents.ts'
import { periodEnd } from '../subscriptions/subscription.ts'

const DAY = 86_400
/** How long before it happens Stripe sends an event (types of the `stripe` package: the event's JSDoc). */
export const TRIAL_NOTICE = 3 * DAY
export const SCHEDULE_NOTICE = 7 * DAY
/** How long the invoice of a resumption waits for a payment attempt (types of the `stripe` package: `resume`). */
const RESUMPTION_SECONDS = 23 * 3600

/** When a reminder is due. */
export function reminderDue(reminder: Reminder): Due {
  return { at: reminder.at, timeline: reminder.timeline }
}

/** Schedules `trial_will_end` three days before the end of a trial, or sends it now where it ends sooner. */
export function scheduleTrialEndNotice(ctx: Context, subscription: Subscription): void {
  const { id, trial_end: end, test_clock } = subscription
  if (end === null) return
  if (end - TRIAL_NOTICE <= ctx.timeOf(test_clock)) {
    ctx.emit('customer.subscription.trial_will_end', subscription)
    removeReminder(ctx, 'trial', subscription)
  } else setReminder(ctx, 'trial', { id, at: end - TRIAL_NOTICE, test_clock })
}

type Kind =
  | 'collection'
  | 'decision'
  | 'discount'
  | 'overdue'
  | 'refund'
  | 'settlement'
  | 'schedule'
  | 'tax_id'
  | 'trial'
  | 'upcoming'
  | `resumption-${ResumesOn}`

function removeReminder(ctx: Context, kind: Kind, { id }: { id: string }): void {
  if (ctx.store.get('reminders', `${kind}/${id}`)) ctx.store.remove('reminders', `${kind}/${id}`)
}

/** The object of a reminder, and its test clock. */
interface Subject {
  id: string
  test_clock: string | null
}

function setReminder(ctx: Context, kind: Kind, about: Subject & { at: number }): void {
  const { id: of, at, test_clock: clock } = about
  ctx.store.put('reminders', { id: `${kind}/${of}`, of, at, timeline: clock ?? MAIN_TIMELINE })
}

/** Schedules `expiring` seven days before the end of a schedule; none where it ends sooner. */
export function scheduleExpiryNotice(ctx: Context, schedule: SubscriptionSchedule): void {
  const { id, test_clock = null } = schedule
  const end = schedule.phases.at(-1)?.end_date
  const at = (end ?? 0) - SCHEDULE_NOTICE
  if (end === undefined || at <= ctx.timeOf(test_clock)) return
  setReminder(ctx, 'schedule', { id, at, test_clock })
}

/** Schedules `invoice.upcoming`, `upcomingInvoiceDays` before a renewal; none where it is sooner. */
export function scheduleRenewalNotice(ctx: Context, subscription: Subscription): void {
  const { id, test_clock } = subscription
  const days = ctx.settings.upcomingInvoiceDays
  const at = periodEnd(subscription) - (days ?? 0) * DAY
  if (days === null || at <= ctx.timeOf(test_clock)) return
  setReminder(ctx, 'upcoming', { id, at, test_clock })
}

/** Schedules the end of `pause_collection` at `resumes_at`, or removes it where there is none. */
export function scheduleCollectionResume(ctx: Context, subscription: Subscription): void {
  const { id, pause_collection: pause, test_clock } = subscription
  const at = pause?.resumes_at ?? null
  if (at === null) removeReminder(ctx, 'collection', subscription)
  else setReminder(ctx, 'collection', { id, at, test_clock })
}

/** Schedules the end of a discount that lasts some months. */
export function scheduleDiscountEnd(
  ctx: Context,
  { id, end }: Discount,
  testClock: string | null,
): void {
  if (end !== null) setReminder(ctx, 'discount', { id, at: end, test_clock: testClock })
}

/** Schedules a check of a sent invoice on its due date. */
export function scheduleOverdueCheck(ctx: Context, invoice: Invoice): void {
  const { id, due_date: at, test_clock } = invoice
  if (at !== null) setReminder(ctx, 'overdue', { id, at, test_clock })
}

/** Schedules the record of an asynchronously captured charge in the balance: before the next request. */
export function scheduleSettlement(ctx: Context, { id }: { id: string }): void {
  setReminder(ctx, 'settlement', { id, at: ctx.now, test_clock: null })
}

/** Schedules the end of a refund that does not end at once: before the next request. */
export function scheduleRefundEnd(ctx: Context, { id }: { id: string }): void {
  setReminder(ctx, 'refund', { id, at: ctx.now, test_clock: null })
}

/** Schedules the decision of a dispute whose evidence was submitted: before the next request. */
export function scheduleDecision(ctx: Context, { id }: { id: string }): void {
  setReminder(ctx, 'decision', { id, at: ctx.now, test_clock: null })
}

/** Schedules the answer of the register of a tax id: before the next request. */
export function scheduleTaxIdCheck(
  ctx: Context,
  { id, created: at }: TaxId,
  clock: string | null,
): void {
  setReminder(ctx, 'tax_id', { id, at, test_clock: clock })
}

/** What ends the pause of a subscription: any attempt to pay its resumption invoice, or a successful one. */
export type ResumesOn = 'attempt' | 'success'

/** Marks the invoice of a resumption, which is voided after 23 hours without a payment attempt. */
export function scheduleResumptionExpiry(ctx: Context, invoice: Invoice, on: ResumesOn): void {
  const { id, test_clock } = invoice
  const at = ctx.timeOf(test_clock) + RESUMPTION_SECONDS
  setReminder(ctx, `resumption-${on}`, { id, at, test_clock })
}

/** Keeps the mark while the invoice is retried. */
export function keepResumption(ctx: Context, { id, test_clock }: Invoice): void {
  setReminder(ctx, 'resumption-success', { id, at: Number.MAX_SAFE_INTEGER, test_clock })
}

/** What the resumption of an invoice waits for; null: it is not the invoice of a resumption. */
export function resumptionOf(ctx: Context, invoice: string): ResumesOn | null {
  const isOf = (on: ResumesOn) => ctx.store.get('reminders', `resumption-${on}/${invoice}`)
  if (isOf('attempt')) return 'attempt'
  return isOf('success') ? 'success' : null
}

/** Removes the mark: the resumption has succeeded or failed. */
export function removeResumption(ctx: Context, invoice: string): void {
  const on = resumptionOf(ctx, invoice)
  if (on !== null) removeReminder(ctx, `resumption-${on}`, { id: invoice })
}
