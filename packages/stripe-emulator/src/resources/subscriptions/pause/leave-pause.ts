import type { Context } from '../../../core/context.ts'
import type { Invoice, Subscription } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { forgetResumption, remindOfRenewal, resumptionOf } from '../../events/reminders.ts'

/** Ends a pause: the subscription is active again, or past due where its payment failed. */
export function leavePause(
  ctx: Context,
  before: Subscription,
  status: 'active' | 'past_due',
): Subscription {
  const { status_details: _details, ...rest } = before
  const after = ctx.store.put('subscriptions', { ...rest, status })
  const previous = { ...changesBetween(before, after), status_details: before.status_details }
  ctx.emit('customer.subscription.resumed', after, previous)
  remindOfRenewal(ctx, after)
  return after
}

/**
 * Draws the conclusion for a paused subscription from an invoice that was paid (or given up), or that
 * could not be: only the invoice of its resumption ends the pause.
 */
export function settlePaused(
  ctx: Context,
  subscription: Subscription,
  about: { invoice: Invoice; paid: boolean },
): void {
  const waitsFor = resumptionOf(ctx, about.invoice.id)
  if (waitsFor === null) return
  if (about.paid) {
    forgetResumption(ctx, about.invoice.id)
    leavePause(ctx, subscription, 'active')
  } else if (waitsFor === 'attempt') {
    forgetResumption(ctx, about.invoice.id)
    leavePause(ctx, subscription, 'past_due')
  }
}
