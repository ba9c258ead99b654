import type { Context } from '../../core/context.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { changesBetween } from '../events/changes.ts'
import { resumptionOf } from '../events/reminders.ts'
import { markUncollectible } from '../invoices/close.ts'
import type { Attempt, Collected } from '../invoices/collect.ts'
import { collectInvoice } from '../invoices/collect.ts'
import { invoiceIntent } from '../invoices/finalize.ts'
import { subscriptionOf } from '../invoices/invoice.ts'
import { cancelSubscription } from './cancel.ts'
import { applyPendingUpdate } from './change/pending-update.ts'
import { settlePaused } from './pause/leave-pause.ts'
import { canPause, pauseSubscription } from './pause/pause-status.ts'
import { isEnded } from './subscription.ts'

const DAY = 86_400

/** Changes a subscription and sends `customer.subscription.updated` with the old values. */
export function changeSubscription(
  ctx: Context,
  before: Subscription,
  changes: Partial<Subscription>,
): Subscription {
  const after = ctx.patch('subscriptions', before.id, changes)
  const previous = changesBetween(before, after)
  if (Object.keys(previous).length > 0) ctx.emit('customer.subscription.updated', after, previous)
  return after
}

/** Updates a subscription after an attempt to collect one of its invoices (docs/stripe.md, fact 10). */
export function settleSubscription(ctx: Context, collected: Collected): void {
  const { invoice } = collected
  const subscription = ctx.store.get('subscriptions', subscriptionOf(invoice) ?? '')
  if (subscription === undefined) return
  if (collected.outcome === 'paid') handlePaid(ctx, subscription, invoice)
  else handleFailed(ctx, subscription, invoice)
}

function handlePaid(ctx: Context, subscription: Subscription, invoice: Invoice): void {
  if (isEnded(subscription)) return
  if (subscription.status === 'paused') {
    settlePaused(ctx, subscription, { invoice, paid: true })
    return
  }
  const isLatest = subscription.latest_invoice === invoice.id
  const current =
    isLatest && subscription.pending_update !== null
      ? applyPendingUpdate(ctx, subscription)
      : subscription
  const isUnpaid = ['incomplete', 'past_due', 'unpaid'].includes(current.status)
  changeSubscription(ctx, current, {
    ...savedMethod(ctx, current, invoice),
    ...(isUnpaid && isLatest ? { status: statusOncePaid(ctx, current) } : {}),
  })
}

function statusOncePaid(ctx: Context, { trial_end: end, test_clock: clock }: Subscription) {
  return end !== null && end > ctx.timeOf(clock) ? 'trialing' : 'active'
}

/**
 * The method that paid an invoice becomes the default of its subscription, where `save_default_payment_method` says so
 * (docs/stripe.md, fact 27).
 */
export function savedMethod(
  ctx: Context,
  subscription: Subscription,
  invoice: Invoice,
): Partial<Subscription> {
  if (subscription.payment_settings?.save_default_payment_method !== 'on_subscription') return {}
  const method = invoiceIntent(ctx, invoice.id)?.payment_method ?? null
  return method === null ? {} : { default_payment_method: method }
}

function handleFailed(ctx: Context, subscription: Subscription, invoice: Invoice): void {
  if (isEnded(subscription) || subscription.status === 'incomplete') return
  if (invoice.collection_method === 'send_invoice' || !invoice.auto_advance) return
  const waitsForAttempt = resumptionOf(ctx, invoice.id) === 'attempt'
  if (subscription.status === 'paused') settlePaused(ctx, subscription, { invoice, paid: false })
  if (waitsForAttempt) return
  const days = ctx.settings.dunning.retryAfterDays[invoice.attempt_count - 1]
  const now = ctx.timeOf(invoice.test_clock)
  if (days !== undefined) {
    ctx.patch('invoices', invoice.id, { next_payment_attempt: now + days * DAY })
  }
  const overdue =
    subscription.status === 'active' || subscription.status === 'trialing'
      ? changeSubscription(ctx, subscription, { status: 'past_due' })
      : subscription
  if (days === undefined) handleLastFailure(ctx, overdue, invoice)
  else if (pausesNow(ctx, overdue, invoice))
    pauseSubscription(ctx, overdue, 'first_payment_failure')
}

function handleLastFailure(ctx: Context, subscription: Subscription, invoice: Invoice): void {
  ctx.patch('invoices', invoice.id, { next_payment_attempt: null })
  if (subscription.status === 'paused') return
  switch (ctx.settings.dunning.finally) {
    case 'cancel':
      markUncollectible(ctx, ctx.patch('invoices', invoice.id, {}))
      cancelSubscription(ctx, subscription, { reason: 'payment_failed' })
      return
    case 'unpaid':
      changeSubscription(ctx, subscription, { status: 'unpaid' })
      return
    case 'past_due':
      return
    case 'pause':
      // A subscription that cannot be paused is canceled instead.
      if (canPause(subscription)) pauseSubscription(ctx, subscription, 'final_payment_failure')
      else cancelSubscription(ctx, subscription, { reason: 'payment_failed' })
  }
}

function pausesNow(ctx: Context, subscription: Subscription, invoice: Invoice): boolean {
  const isFirst = invoice.billing_reason === 'subscription_cycle' && invoice.attempt_count === 1
  return ctx.settings.dunning.pauseOnFirstFailure === true && isFirst && canPause(subscription)
}

/** Tries once to collect an invoice, and updates its subscription. */
export function collectAndSettle(ctx: Context, invoice: Invoice, by: Attempt = {}): Collected {
  const collected = collectInvoice(ctx, invoice, by)
  settleSubscription(ctx, collected)
  return collected
}
