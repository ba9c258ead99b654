import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import type { Subscription } from '../../../documents.ts'
import type { ValueOf } from '../../../http/params/param.ts'
import { oneOf, required } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { billUsage } from '../../meters/metered-items.ts'
import { invoicePendingItems } from '../change/bill-change.ts'
import { prorate } from '../change/prorate.ts'
import { pauseSubscription } from './pause-status.ts'

export const pauseParams = shape({
  bill_for: shape({
    outstanding_usage_through: shape({ type: required(oneOf('none', 'now')) }),
    unused_time_from: shape({
      type: required(oneOf('item_current_period_start', 'none', 'now')),
    }),
  }),
  invoicing_behavior: oneOf('invoice', 'pending_invoice_item'),
  type: oneOf('subscription'),
})

/**
 * Pauses a subscription on request. Its unused time is credited by a pending invoice item, or by an invoice
 * now, as the parameters say. Throws 400 where it cannot be paused.
 */
export function pauseOnRequest(
  ctx: Context,
  before: Subscription,
  params: ValueOf<typeof pauseParams>,
): Subscription {
  checkParams(before)
  const from = params.bill_for?.unused_time_from?.type ?? 'now'
  const now = ctx.timeOf(before.test_clock)
  if (from !== 'none' && before.status !== 'trialing') {
    const changes = before.items.data.map((item) => ({ before: item, after: null }))
    // From the beginning of time: each item is credited for its whole period.
    prorate(ctx, before, { changes, at: from === 'now' ? now : 0 })
  }
  const through = params.bill_for?.outstanding_usage_through?.type ?? 'now'
  if (through === 'now' && before.status !== 'trialing') {
    billUsage(
      ctx,
      before,
      before.items.data.map((item) => ({ before: item, after: null })),
    )
  }
  const items = pendingItems(ctx, before.customer, before.id)
  if (params.invoicing_behavior === 'invoice' && items.length > 0) {
    const invoice = invoicePendingItems(ctx, before, items)
    return pauseSubscription(
      ctx,
      ctx.patch('subscriptions', before.id, { latest_invoice: invoice.id }),
      'pause_requested',
    )
  }
  return pauseSubscription(ctx, before, 'pause_requested')
}

function checkParams(before: Subscription): void {
  if (before.schedule !== null) {
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${before.schedule}\`, and cannot be paused directly.`,
    )
  }
  if (before.collection_method !== 'charge_automatically') {
    throw invalidRequest(
      'Only subscriptions with `collection_method` set to `charge_automatically` can be paused.',
    )
  }
  if (!['active', 'past_due', 'trialing'].includes(before.status)) {
    throw invalidRequest(`You cannot pause a subscription with status \`${before.status}\`.`)
  }
}
