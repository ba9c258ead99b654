import type { Context } from '../../core/context.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { defaultMethodOf, requireCustomer } from '../customers/customer.ts'
import { withoutUsedDiscounts } from '../discounts/active.ts'
import { changesBetween } from '../events/changes.ts'
import { scheduleRenewalNotice } from '../events/reminders.ts'
import { markUncollectible, voidInvoice } from '../invoices/close.ts'
import { finalizeInvoice } from '../invoices/finalize.ts'
import { createInvoice, requireInvoice, subscriptionOf } from '../invoices/invoice.ts'
import { pendingItems } from '../invoices/items/invoice-item.ts'
import { usageLines } from '../meters/metered-items.ts'
import { cancelSubscription } from './cancel.ts'
import { expirePendingUpdate } from './change/pending-update.ts'
import { itemLines } from './items/item-line.ts'
import { invoicePendingItems } from './items/pending-interval.ts'
import { renewedItems } from './items/periods.ts'
import { pauseSubscription } from './pause/pause-status.ts'
import { enterDuePhase } from './schedules/phases.ts'
import { changeSubscription, collectAndSettle } from './settle.ts'
import { itemFields, periodEnd, periodStart, requireSubscription } from './subscription.ts'

/** How long the invoice of a renewal stays a draft (docs/stripe.md, fact 11). */
const DRAFT_SECONDS = 3600

/** Runs the due work of a subscription: expiry, cancellation, the next period, or an invoice of pending items. */
export function runSubscriptionDue(ctx: Context, id: string): void {
  const subscription = requireSubscription(ctx, id)
  const now = ctx.timeOf(subscription.test_clock)
  if (subscription.status === 'incomplete') expireIncomplete(ctx, subscription)
  else if (subscription.pending_update !== null && subscription.pending_update.expires_at <= now) {
    expirePendingUpdate(ctx, subscription)
  } else if (subscription.cancel_at !== null && subscription.cancel_at <= now) {
    cancelSubscription(ctx, subscription, { asScheduled: true })
  } else if (periodEnd(subscription) <= now && subscription.status !== 'paused') {
    beginPeriod(ctx, subscription)
  } else invoicePendingItems(ctx, subscription)
}

/** Expires a subscription without a first payment in 23 hours, and voids its invoice (docs/stripe.md, fact 4). */
function expireIncomplete(ctx: Context, subscription: Subscription): void {
  const invoice = ctx.store.get('invoices', subscription.latest_invoice ?? '')
  if (invoice?.status === 'open') voidInvoice(ctx, invoice)
  changeSubscription(ctx, subscription, {
    status: 'incomplete_expired',
    ended_at: ctx.timeOf(subscription.test_clock),
  })
}

function beginPeriod(ctx: Context, ending: Subscription): void {
  if (endTrialUnpaid(ctx, ending) !== null) return
  const trialEnds = ending.status === 'trialing'
  const phased = enterDuePhase(ctx, ending)
  if (phased === null) {
    cancelSubscription(ctx, ending, { asScheduled: true })
    return
  }
  const inNewTrial = phased.status === 'trialing' && (phased.trial_end ?? 0) > periodEnd(ending)
  const items = itemFields(phased.id, inNewTrial ? phased.items.data : renewedItems(phased))
  const invoice = renewalInvoice(ctx, { ...phased, ...items }, ending)
  const after = ctx.patch('subscriptions', ending.id, {
    ...itemFields(phased.id, withoutUsedDiscounts(ctx, items.items.data)),
    latest_invoice: invoice.id,
    ...(trialEnds && !inNewTrial ? { status: 'active' as const } : {}),
  })
  const previous = changesBetween(ending, after)
  const { items: _items, plan: _plan, ...rest } = previous
  ctx.emit('customer.subscription.updated', after, { items: { data: ending.items.data }, ...rest })
  scheduleRenewalNotice(ctx, after)
}

/**
 * Ends a trial without a payment method as its settings say: canceled or paused. Null: it is not such a trial,
 * and the next period begins.
 */
export function endTrialUnpaid(ctx: Context, trialing: Subscription): Subscription | null {
  const behavior = trialing.trial_settings?.end_behavior.missing_payment_method
  if (trialing.status !== 'trialing' || !lacksMethod(ctx, trialing)) return null
  if (behavior !== 'cancel' && behavior !== 'pause') return null
  const now = ctx.timeOf(trialing.test_clock)
  const isEarly = trialing.trial_end !== null && trialing.trial_end > now
  const ended = isEarly ? ctx.patch('subscriptions', trialing.id, { trial_end: now }) : trialing
  if (behavior === 'cancel') return cancelSubscription(ctx, ended, { asScheduled: true })
  return pauseSubscription(ctx, ended, 'trial_end_without_payment_method')
}

/** Whether nothing could pay an invoice of a subscription. */
export function lacksMethod(ctx: Context, subscription: Subscription): boolean {
  const { default_payment_method: method, default_source: source } = subscription
  const customer = requireCustomer(ctx, subscription.customer)
  return method === null && source === null && defaultMethodOf(customer) === null
}

/**
 * Creates the draft invoice of the items whose new period begins, with all pending items, and with the usage of the
 * metered items whose period ends. `ending`: the subscription before its new periods, and before a new phase.
 */
export function renewalInvoice(ctx: Context, renewed: Subscription, ending: Subscription): Invoice {
  const start = periodStart(renewed)
  const before = requireSubscription(ctx, renewed.id)
  const sent = renewed.collection_method === 'send_invoice'
  const trial = renewed.status === 'trialing' && (renewed.trial_end ?? 0) > start
  const keptAsDraft =
    renewed.pause_collection?.behavior === 'keep_as_draft' || renewed.status === 'unpaid'
  return createInvoice(ctx, {
    customer: requireCustomer(ctx, renewed.customer),
    subscription: renewed,
    reason: 'subscription_cycle',
    items: [
      ...pendingItems(ctx, renewed.customer, renewed.id),
      ...pendingItems(ctx, renewed.customer, null),
    ],
    lines: [
      ...renewed.items.data
        .filter((item) => item.current_period_start === start)
        .flatMap((item) => itemLines(ctx, item, { anchor: renewed.billing_cycle_anchor, trial })),
      ...usageLines(ctx, ending, periodEnd(ending)),
    ],
    period: { start: Math.min(periodStart(before), start), end: start },
    currency: renewed.currency,
    collectionMethod: sent ? 'send_invoice' : 'charge_automatically',
    daysUntilDue: renewed.days_until_due,
    finalizesAt: keptAsDraft ? null : start + DRAFT_SECONDS,
    description: renewed.description,
    metadata: {},
  })
}

/** Runs the due work of an invoice: finalization after its hour as a draft, or the next payment attempt. */
export function runInvoiceDue(ctx: Context, id: string): void {
  const invoice = requireInvoice(ctx, id)
  if (invoice.status === 'open') {
    collectAndSettle(ctx, invoice)
    const after = requireInvoice(ctx, id)
    if (after.next_payment_attempt === invoice.next_payment_attempt) {
      ctx.patch('invoices', id, { next_payment_attempt: null })
    }
    return
  }
  const open = finalizeInvoice(ctx, invoice)
  const subscription = ctx.store.get('subscriptions', subscriptionOf(invoice) ?? '')
  const pausedAs = subscription?.pause_collection?.behavior
  if (open.status !== 'open') return
  if (pausedAs === 'void') voidInvoice(ctx, open)
  else if (pausedAs === 'mark_uncollectible') markUncollectible(ctx, open)
  else if (open.collection_method === 'charge_automatically') {
    collectAndSettle(ctx, ctx.patch('invoices', id, { next_payment_attempt: null }))
  } else ctx.emit('invoice.sent', open)
}
