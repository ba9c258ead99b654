import type { DueWork } from '../core/engine.ts'
import { expireSession } from '../resources/checkout/expire.ts'
import { runReminder } from '../resources/events/run-reminder.ts'
import { processDue } from '../resources/meters/events/process.ts'
import { runInvoiceDue, runSubscriptionDue } from '../resources/subscriptions/renew.ts'
import { runScheduleDue } from '../resources/subscriptions/schedules/due.ts'

/** The work of a document that is due, by collection. */
export const dueWork: DueWork = {
  checkout_sessions: (ctx, id) => expireSession(ctx, id),
  invoices: runInvoiceDue,
  meter_events: processDue,
  reminders: runReminder,
  subscription_schedules: runScheduleDue,
  subscriptions: runSubscriptionDue,
}
