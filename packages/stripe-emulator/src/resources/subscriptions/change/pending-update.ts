import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { changesBetween } from '../../events/changes.ts'
import { voidInvoice } from '../../invoices/close.ts'
import { itemFields, periodEnd } from '../subscription.ts'

const WAIT_SECONDS = 23 * 3600

/** When a pending update expires: after 23 hours, or at the end of the period if that is sooner. */
export function pendingUpdateExpiry(ctx: Context, subscription: Subscription): number {
  const now = ctx.timeOf(subscription.test_clock)
  return Math.min(now + WAIT_SECONDS, periodEnd(subscription))
}

/** Applies the pending update after its invoice was paid. */
export function applyPendingUpdate(ctx: Context, before: Subscription): Subscription {
  const waiting = before.pending_update
  if (waiting === null) return before
  const items = waiting.subscription_items ?? []
  const after = ctx.patch('subscriptions', before.id, {
    ...itemFields(before.id, items),
    billing_cycle_anchor: waiting.billing_cycle_anchor ?? before.billing_cycle_anchor,
    pending_update: null,
    ...(waiting.trial_end !== null && { status: 'active', trial_end: waiting.trial_end }),
  })
  ctx.emit('customer.subscription.pending_update_applied', after)
  ctx.emit('customer.subscription.updated', after, changesBetween(before, after))
  return after
}

/** Drops an expired pending update and voids its invoice. */
export function expirePendingUpdate(ctx: Context, before: Subscription): void {
  const invoice = ctx.store.get('invoices', before.latest_invoice ?? '')
  const after = ctx.patch('subscriptions', before.id, { pending_update: null })
  if (invoice?.status === 'open') voidInvoice(ctx, invoice)
  ctx.emit('customer.subscription.pending_update_expired', after)
  ctx.emit('customer.subscription.updated', after, { pending_update: before.pending_update })
}
