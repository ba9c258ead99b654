import type { Context } from '../../../core/context.ts'
import { invalidRequest, noSuch } from '../../../core/errors.ts'
import type { Invoice, Subscription, SubscriptionItem } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { oneOf, required, timestamp } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { scheduleResumptionExpiry } from '../../events/reminders.ts'
import { finalizeInvoice } from '../../invoices/finalize.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { licensedItems } from '../../meters/metered-items.ts'
import { changeInvoice } from '../change/bill-change.ts'
import { prorate } from '../change/prorate.ts'
import { ofPeriod, restartedItems, runningPeriod } from '../items/periods.ts'
import { prorationBehavior } from '../requests/subscription-params.ts'
import { changeSubscription, collectAndSettle } from '../settle.ts'
import { isEnded, itemFields, requireSubscription } from '../subscription.ts'
import { endPause } from './leave-pause.ts'

export const resumeParams = shape({
  billing_cycle_anchor: shape({ type: required(oneOf('now', 'unchanged')) }),
  payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
  proration_behavior: prorationBehavior,
  proration_date: timestamp,
})

type ResumeParams = ValueOf<typeof resumeParams>

/**
 * Resumes a paused subscription: at once where nothing is billed, otherwise when its invoice is paid. With
 * `resume_on_payment_success` the payment is tried now, otherwise it is left to the caller. Without an attempt
 * the invoice is voided after 23 hours, and the subscription stays paused. Throws 400 where it is not paused.
 */
export function resumeSubscription(
  ctx: Context,
  before: Subscription,
  params: ResumeParams,
): Subscription {
  checkParams(before)
  const now = ctx.timeOf(before.test_clock)
  const restarts = params.billing_cycle_anchor?.type !== 'unchanged'
  const items = restarts ? restartedItems(before.items.data, now) : inOldCycle(before, now)
  const invoice = resumptionInvoice(ctx, before, { items, params, restarts })
  const moved = {
    ...itemFields(before.id, items),
    ...(restarts ? { billing_cycle_anchor: now } : {}),
    ...(invoice === null ? {} : { latest_invoice: invoice.id }),
  }
  if (invoice === null || invoice.status === 'paid') {
    return endPause(ctx, ctx.patch('subscriptions', before.id, moved), 'active')
  }
  changeSubscription(ctx, before, moved)
  const waitsForSuccess = params.payment_behavior === 'resume_on_payment_success'
  scheduleResumptionExpiry(ctx, invoice, waitsForSuccess ? 'success' : 'attempt')
  if (waitsForSuccess) collectAndSettle(ctx, invoice)
  return requireSubscription(ctx, before.id)
}

function checkParams(before: Subscription): void {
  if (isEnded(before)) throw noSuch('subscription', before.id)
  if (before.status !== 'paused') {
    throw invalidRequest('You can only resume a subscription if it is `paused`.')
  }
  if (before.collection_method !== 'charge_automatically') {
    throw invalidRequest(
      'Only subscriptions with `collection_method` set to `charge_automatically` can be resumed.',
    )
  }
}

/** The items with the period of the old billing cycle that contains `now`. */
function inOldCycle(subscription: Subscription, now: number): SubscriptionItem[] {
  return subscription.items.data.map((item) =>
    item.current_period_end > now
      ? item
      : { ...item, ...ofPeriod(runningPeriod(subscription, item.price, now)) },
  )
}

/** The finalized invoice of a resumption; null where nothing is billed now. */
function resumptionInvoice(
  ctx: Context,
  before: Subscription,
  request: { items: SubscriptionItem[]; params: ResumeParams; restarts: boolean },
): Invoice | null {
  const { items, params, restarts } = request
  const now = ctx.timeOf(before.test_clock)
  const behavior = params.proration_behavior ?? 'create_prorations'
  const [first, old] = [items[0], before.items.data[0]]
  const samePeriod = first?.current_period_start === old?.current_period_start
  if (!restarts && behavior !== 'none' && (!samePeriod || wasCredited(ctx, before))) {
    const changes = items.map((item) => ({ before: null, after: item }))
    prorate(ctx, before, { changes, at: params.proration_date ?? now })
  }
  if (!restarts && behavior !== 'always_invoice') return null
  const pending = pendingItems(ctx, before.customer, before.id)
  const billed = restarts ? licensedItems(items).length : 0
  if (pending.length + billed === 0) return null
  const plan = {
    items,
    fields: restarts ? { billing_cycle_anchor: now } : {},
    changes: [],
    at: now,
    prorate: true,
    invoiceNow: true,
    newLines: restarts ? ('price' as const) : ('none' as const),
  }
  return finalizeInvoice(
    ctx,
    changeInvoice(ctx, before, { plan, items: pending, reason: 'subscription_cycle' }),
  )
}

/** Whether the rest of the current period was credited when the pause began. */
function wasCredited(ctx: Context, subscription: Subscription): boolean {
  const since = subscription.status_details?.paused.transitioned_at ?? 0
  return ctx.store
    .newest('invoice_items')
    .some(
      (item) =>
        item.parent?.subscription_details?.subscription === subscription.id &&
        item.proration &&
        item.amount < 0 &&
        item.date >= since,
    )
}
