import type { Due } from '../../core/table.ts'
import { MAIN_TIMELINE } from '../../core/table.ts'
import type { Invoice, Subscription } from '../../documents.ts'
import { isEnded, periodEnd } from './subscription.ts'

/** How long a first payment may be outstanding. */
export const INCOMPLETE_SECONDS = 23 * 3600

/** When a subscription needs attention next: expiry, cancellation, renewal, the end of a trial. */
export function subscriptionDue(subscription: Subscription): Due | null {
  if (isEnded(subscription)) return null
  const timeline = subscription.test_clock ?? MAIN_TIMELINE
  if (subscription.status === 'incomplete') {
    return { at: subscription.created + INCOMPLETE_SECONDS, timeline }
  }
  const times = [
    subscription.cancel_at,
    subscription.pending_update?.expires_at,
    subscription.status === 'paused' ? null : periodEnd(subscription),
  ].filter((time) => typeof time === 'number')
  return times.length === 0 ? null : { at: Math.min(...times), timeline }
}

/** When an invoice needs attention next: the end of its hour as a draft, the next attempt. */
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
