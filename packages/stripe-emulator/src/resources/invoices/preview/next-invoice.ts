import type { Context } from '../../../core/context.ts'
import { StripeError } from '../../../core/errors.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import { subscriptionDue } from '../../subscriptions/due.ts'
import { runSubscriptionDue } from '../../subscriptions/renew.ts'
import { runScheduleDue } from '../../subscriptions/schedules/due.ts'
import { scheduleOf } from '../../subscriptions/schedules/phases.ts'
import { requireSchedule, scheduleDue } from '../../subscriptions/schedules/schedule.ts'
import { requireSubscription } from '../../subscriptions/subscription.ts'
import { requireInvoice } from '../invoice.ts'

/** More due work than any subscription has without an invoice: each phase of a schedule, and its end. */
const MOST_STEPS = 50

/**
 * The next invoice of a subscription: runs what is due for it and its schedule, ahead of time, until there is one. An
 * open first invoice counts as paid. Throws 404 where none follows. What this writes stays: the caller rolls it back.
 */
export function nextInvoice(ctx: Context, id: string): Invoice {
  const { customer, status } = requireSubscription(ctx, id)
  if (status === 'incomplete') ctx.patch('subscriptions', id, { status: 'active' })
  const known = new Set(invoicesOf(ctx, id).map((invoice) => invoice.id))
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (!runNextWork(ctx, id)) break
    const made = invoicesOf(ctx, id).find((invoice) => !known.has(invoice.id))
    if (made !== undefined) return made
  }
  throw noUpcoming(customer)
}

/** The next invoice of a schedule, which may not have begun. Throws 404 where none follows. */
export function nextInvoiceOfSchedule(ctx: Context, id: string): Invoice {
  const schedule = requireSchedule(ctx, id)
  if (schedule.subscription !== null) return nextInvoice(ctx, schedule.subscription)
  const due = scheduleDue(schedule)
  if (due === null) throw noUpcoming(schedule.customer)
  ctx.at(due.at, schedule.test_clock, () => runScheduleDue(ctx, id))
  const { subscription } = requireSchedule(ctx, id)
  return invoiceOfNew(ctx, requireSubscription(ctx, subscription ?? ''))
}

/** The first invoice of a new subscription; where nothing is billed at its start, the next one. */
export function invoiceOfNew(ctx: Context, { id, latest_invoice: first }: Subscription): Invoice {
  return first === null ? nextInvoice(ctx, id) : requireInvoice(ctx, first)
}

/** 404: nothing will be invoiced. */
export function noUpcoming(customer: string): StripeError {
  return new StripeError(404, {
    type: 'invalid_request_error',
    code: 'invoice_upcoming_none',
    message: `No upcoming invoices for customer: ${customer}`,
  })
}

function invoicesOf(ctx: Context, subscription: string): Invoice[] {
  return ctx.store.find('invoices', { index: 'subscription', key: subscription })
}

/** Runs what is due next for a subscription, at its time. False: nothing is. */
function runNextWork(ctx: Context, id: string): boolean {
  const subscription = requireSubscription(ctx, id)
  const schedule = scheduleOf(ctx, subscription)
  const own = subscriptionDue(subscription)?.at ?? Number.POSITIVE_INFINITY
  const ofSchedule =
    schedule === null ? Number.POSITIVE_INFINITY : (scheduleDue(schedule)?.at ?? own)
  const at = Math.min(own, ofSchedule)
  if (!Number.isFinite(at)) return false
  ctx.at(at, subscription.test_clock, () => {
    if (schedule !== null && ofSchedule < own) runScheduleDue(ctx, schedule.id)
    else runSubscriptionDue(ctx, id)
  })
  return true
}
