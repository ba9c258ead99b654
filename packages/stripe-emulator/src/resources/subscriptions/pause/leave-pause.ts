import type { Context } from '../../../core/context.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { removeResumption, resumptionOf, scheduleRenewalNotice } from '../../events/reminders.ts'
import { startUsage } from '../../meters/metered-items.ts'

/** Ends a pause: the subscription is active again, or past due where its payment failed. */
export function endPause(
  ctx: Context,
  before: Subscription,
  status: 'active' | 'past_due',
): Subscription {
  const { status_details: _details, ...rest } = before
  const after = ctx.store.put('subscriptions', { ...rest, status })
  // What was used before was billed when the pause began; during it, nothing is.
  startUsage(ctx, [], after)
  const previous = { ...changesBetween(before, after), status_details: before.status_details }
  ctx.emit('customer.subscription.resumed', after, previous)
  scheduleRenewalNotice(ctx, after)
  return after
}

/**
 * Updates a paused subscription after the payment of an invoice succeeded or failed. Only the invoice of its
 * resumption ends the pause.
 */
export function settlePaused(
  ctx: Context,
  subscription: Subscription,
  about: { invoice: Invoice; paid: boolean },
): void {
  const waitsFor = resumptionOf(ctx, about.invoice.id)
  if (waitsFor === null) return
  if (about.paid) {
    removeResumption(ctx, about.invoice.id)
    endPause(ctx, subscription, 'active')
  } else if (waitsFor === 'attempt') {
    removeResumption(ctx, about.invoice.id)
    endPause(ctx, subscription, 'past_due')
  }
}
