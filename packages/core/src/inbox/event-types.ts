import type { InboxEvent } from './parse.ts'

/** The five of docs/integration-guide.md: they suffice for access. */
const access = [
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'invoice.paid',
  'invoice.payment_failed',
] as const

/** What keeps the rest equal to Stripe: disputes, refunds, voids, pauses, deletions, pending updates, schedules, checkout. */
const detail = [
  'charge.dispute.closed',
  'charge.dispute.created',
  'charge.dispute.funds_reinstated',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.updated',
  'charge.refunded',
  'checkout.session.async_payment_failed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.completed',
  'customer.deleted',
  'customer.subscription.paused',
  'customer.subscription.pending_update_applied',
  'customer.subscription.pending_update_expired',
  'customer.subscription.resumed',
  'invoice.deleted',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.payment_action_required',
  'invoice.updated',
  'invoice.voided',
  'refund.failed',
  'refund.updated',
  'subscription_schedule.canceled',
  'subscription_schedule.created',
  'subscription_schedule.released',
  'subscription_schedule.updated',
] as const

/** The price of a plan may have changed. */
const prices = ['price.created', 'price.updated', 'price.deleted'] as const

/** Every event type that we need; others are stored and ignored. */
export const neededEventTypes = [...access, ...detail, ...prices] as const

/** The events after which their customer is synced, whatever they contain. */
const syncedEventTypes: ReadonlySet<string> = new Set([...access, ...detail])

/** The events after which the plans' prices are read again. */
const priceEventTypes: ReadonlySet<string> = new Set(prices)

/**
 * Stripe took usage and could not count it. A thin event about a meter, so the endpoint of `plans push` does not get it: an
 * operator may send it here with an event destination.
 */
const meterReport = 'billing.meter.error_report_triggered'

/** Why an event is ignored. */
export type IgnoredBecause = 'other_mode' | 'other_type' | 'no_customer' | 'unknown_customer'

/** Why an event is ignored; null: it is not. */
export function ignoredBecause(event: InboxEvent, livemode: boolean): IgnoredBecause | null {
  if (event.livemode !== livemode) return 'other_mode'
  if (priceEventTypes.has(event.type)) return null
  if (event.type === meterReport && event.objectId !== null) return null
  if (!syncedEventTypes.has(event.type)) return 'other_type'
  return event.customerId === null && event.objectId === null ? 'no_customer' : null
}
