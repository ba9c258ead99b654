import type { Context } from '../../core/context.ts'
import type { Reminder } from '../../documents.ts'
import { endDiscount } from '../discounts/end.ts'
import { voidInvoice } from '../invoices/close.ts'
import { subscriptionOf } from '../invoices/invoice.ts'
import { upcomingInvoice } from '../invoices/preview/preview.ts'
import { settleCharge } from '../payments/charges/charge.ts'
import { decideDispute, decisionOf } from '../payments/disputes/decide-dispute.ts'
import { endRefund } from '../payments/refunds/refund.ts'
import { changeSubscription } from '../subscriptions/settle.ts'
import { periodEnd } from '../subscriptions/subscription.ts'
import { finishTaxIdCheck } from '../tax/ids/tax-id.ts'
import { keepResumption, SCHEDULE_NOTICE, TRIAL_NOTICE } from './reminders.ts'

type Run = (ctx: Context, reminder: Reminder) => void

const trial: Run = (ctx, { of, at }) => {
  const subscription = ctx.store.get('subscriptions', of)
  if (subscription?.status !== 'trialing' || subscription.trial_end !== at + TRIAL_NOTICE) return
  ctx.emit('customer.subscription.trial_will_end', subscription)
}

const schedule: Run = (ctx, { of, at }) => {
  const running = ctx.store.get('subscription_schedules', of)
  if (running?.status !== 'active') return
  if (running.phases.at(-1)?.end_date !== at + SCHEDULE_NOTICE) return
  ctx.emit('subscription_schedule.expiring', running)
}

const upcoming: Run = (ctx, { of, at }) => {
  const subscription = ctx.store.get('subscriptions', of)
  if (subscription === undefined || subscription.cancel_at !== null) return
  if (!['active', 'past_due', 'trialing'].includes(subscription.status)) return
  const days = ctx.settings.upcomingInvoiceDays ?? 0
  if (periodEnd(subscription) !== at + days * 86_400) return
  const invoice = upcomingInvoice(ctx, subscription)
  if (invoice !== null) ctx.emit('invoice.upcoming', invoice)
}

const collection: Run = (ctx, { of, at }) => {
  const subscription = ctx.store.get('subscriptions', of)
  if (subscription?.pause_collection?.resumes_at !== at) return
  changeSubscription(ctx, subscription, { pause_collection: null })
}

/** A sent invoice that is not paid on its due date makes the subscription past due (types of the `stripe` package). */
const overdue: Run = (ctx, { of }) => {
  const invoice = ctx.store.get('invoices', of)
  const subscription = ctx.store.get('subscriptions', (invoice && subscriptionOf(invoice)) ?? '')
  if (invoice?.status !== 'open' || subscription?.status !== 'active') return
  changeSubscription(ctx, subscription, { status: 'past_due' })
}

const resumption: Run = (ctx, { of }) => {
  const invoice = ctx.store.get('invoices', of)
  if (invoice?.status !== 'open') return
  if (invoice.attempted) keepResumption(ctx, invoice)
  else voidInvoice(ctx, invoice)
}

const discount: Run = (ctx, { of }) => endDiscount(ctx, of)

const settlement: Run = (ctx, { of }) => {
  const charge = ctx.store.get('charges', of)
  if (charge !== undefined) settleCharge(ctx, charge)
}

const refund: Run = (ctx, { of }) => {
  const pending = ctx.store.get('refunds', of)
  if (pending !== undefined) endRefund(ctx, pending)
}

const decision: Run = (ctx, { of }) => {
  const dispute = ctx.store.get('disputes', of)
  const decided = dispute === undefined ? null : decisionOf(dispute)
  if (dispute !== undefined && decided !== null) decideDispute(ctx, dispute, decided)
}

const RUNS: Readonly<Record<string, Run>> = {
  collection,
  decision,
  discount,
  overdue,
  refund,
  'resumption-attempt': resumption,
  'resumption-success': resumption,
  schedule,
  settlement,

  tax_id: (ctx, { of }) => finishTaxIdCheck(ctx, of),
  trial,
  upcoming,
}

/** Runs a reminder that is due, unless its object has ended or was moved in the meantime. */
export function runReminder(ctx: Context, id: string): void {
  const reminder = ctx.store.get('reminders', id)
  ctx.store.remove('reminders', id)
  if (reminder !== undefined) RUNS[id.split('/')[0] ?? '']?.(ctx, reminder)
}
