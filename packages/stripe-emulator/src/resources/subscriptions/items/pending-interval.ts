import type { Context } from '../../../core/context.ts'
import { invalidRequest } from '../../../core/errors.ts'
import { afterIntervals } from '../../../core/periods.ts'
import type { Subscription } from '../../../documents.ts'
import { requireCustomer } from '../../customers/customer.ts'
import { changesBetween } from '../../events/changes.ts'
import { createInvoice } from '../../invoices/invoice.ts'
import { pendingItems } from '../../invoices/items/invoice-item.ts'
import { periodStart } from '../subscription.ts'

const DRAFT_SECONDS = 3600
/** At most one year (JSDoc of `interval_count`). */
const MOST = { day: 365, week: 52, month: 12, year: 1 } as const

interface Interval {
  interval: keyof typeof MOST
  interval_count?: number
}

/** The fields of `pending_invoice_item_interval`: how often pending items are invoiced, and when next. Throws 400. */
export function pendingIntervalFields(
  wanted: Interval | null,
  now: number,
): Pick<Subscription, 'next_pending_invoice_item_invoice' | 'pending_invoice_item_interval'> {
  if (wanted === null) {
    return { next_pending_invoice_item_invoice: null, pending_invoice_item_interval: null }
  }
  const { interval, interval_count: count = 1 } = wanted
  if (count > MOST[interval]) {
    throw invalidRequest('The maximum interval is one year (1 year, 12 months, or 52 weeks).', {
      param: 'pending_invoice_item_interval[interval_count]',
    })
  }
  const every = { interval, interval_count: count }
  return {
    next_pending_invoice_item_invoice: afterIntervals(now, every, 1),
    pending_invoice_item_interval: every,
  }
}

/** Invoices the pending items of a subscription when its `pending_invoice_item_interval` has passed. */
export function invoicePendingItems(ctx: Context, before: Subscription): void {
  const every = before.pending_invoice_item_interval
  const due = before.next_pending_invoice_item_invoice
  if (every === null || due === null) return
  const items = pendingItems(ctx, before.customer, before.id)
  const sent = before.collection_method === 'send_invoice'
  const invoice =
    items.length === 0
      ? null
      : createInvoice(ctx, {
          customer: requireCustomer(ctx, before.customer),
          subscription: before,
          reason: 'subscription_cycle',
          items,
          lines: [],
          period: { start: periodStart(before), end: due },
          currency: before.currency,
          collectionMethod: sent ? 'send_invoice' : 'charge_automatically',
          daysUntilDue: before.days_until_due,
          finalizesAt: due + DRAFT_SECONDS,
          description: before.description,
          metadata: {},
        })
  const after = ctx.patch('subscriptions', before.id, {
    next_pending_invoice_item_invoice: afterIntervals(due, every, 1),
    ...(invoice === null ? {} : { latest_invoice: invoice.id }),
  })
  ctx.emit('customer.subscription.updated', after, changesBetween(before, after))
}
