import type { Due } from '../../core/store/table.ts'
import { MAIN_TIMELINE } from '../../core/store/table.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { isEnded, periodEnd } from './subscription.ts'

/** How long a subscription may be `incomplete` (docs/stripe.md, fact 4). */
export const INCOMPLETE_SECONDS = 23 * 3600

/** When a subscription is due next: expiry, cancellation, renewal, the end of a trial, pending items. */
export function subscriptionDue(subscription: Subscription): Due | null {
  if (isEnded(subscription)) return null
  const timeline = subscription.test_clock ?? MAIN_TIMELINE
  if (subscription.status === 'incomplete') {
    return { at: subscription.created + INCOMPLETE_SECONDS, timeline }
  }
  const times = [
    subscription.cancel_at,
    subscription.pending_update?.expires_at,
    subscription.next_pending_invoice_item_invoice,
    subscription.status === 'paused' ? null : periodEnd(subscription),
  ].filter((time) => typeof time === 'number')
  return times.length === 0 ? null : { at: Math.min(...times), timeline }
}

/** When an invoice is due next: the end of its hour as a draft, or the next payment attempt. */
export function invoiceDue(invoice: Invoice): Due | null {
  const timeline = invoice.test_clock ?? MAIN_TIMELINE
  if (invoice.status === 'draft' && invoice.automatically_finalizes_at !== null) {
    return { at: invoice.automatically_finalizes_at, timeline }
  }
  if (invoice.status === 'open' && invoice.next_payment_attempt !== null) {
    return { at: invoice.next_payment_attempt, timeline }
  }
  return null
}
