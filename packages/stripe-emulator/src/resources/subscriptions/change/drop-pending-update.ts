import type { Context } from '../../../core/context.ts'
import type { Invoice } from '../../../documents.ts'
import { subscriptionOf } from '../../invoices/invoice.ts'

/** Drops the pending update of a voided invoice, which can no longer be paid. */
export function dropPendingUpdate(ctx: Context, voided: Invoice): void {
  const before = ctx.store.get('subscriptions', subscriptionOf(voided) ?? '')
  if (before === undefined || before.pending_update === null) return
  if (before.latest_invoice !== voided.id) return
  const after = ctx.patch('subscriptions', before.id, { pending_update: null })
  ctx.emit('customer.subscription.updated', after, { pending_update: before.pending_update })
}
