import type { Context } from '../../../core/context.ts'
import type { Subscription } from '../../../documents.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { billUsage } from '../../meters/metered-items.ts'
import type { Cancellation } from '../cancel.ts'
import { cancelSubscription } from '../cancel.ts'
import { isEnded } from '../subscription.ts'
import { invoiceFinally } from './bill-change.ts'
import { prorate } from './prorate.ts'

/**
 * Cancels a subscription now. `prorate` credits unused time with a pending item; `invoice_now` invoices all pending
 * items and the usage until now, which is lost without it. Throws 404 for an ended one.
 */
export function cancelNow(
  ctx: Context,
  before: Subscription,
  how: { prorate: boolean; invoiceNow: boolean; details?: Cancellation['details'] },
): Subscription {
  const isPaid = !isEnded(before) && before.status !== 'trialing' && before.status !== 'incomplete'
  if (how.prorate && isPaid) {
    prorate(ctx, before, {
      at: ctx.timeOf(before.test_clock),
      changes: before.items.data.map((item) => ({ before: item, after: null })),
    })
  }
  if (how.invoiceNow && isPaid) {
    billUsage(
      ctx,
      before,
      before.items.data.map((item) => ({ before: item, after: null })),
    )
  }
  const canceled = cancelSubscription(ctx, before, { details: how.details })
  const pending = pendingItems(ctx, before.customer, before.id)
  if (!how.invoiceNow || pending.length === 0) return canceled
  const invoice = invoiceFinally(ctx, before, pending)
  return ctx.patch('subscriptions', before.id, { latest_invoice: invoice.id })
}
