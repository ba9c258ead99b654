import type { DriftKind } from '../../api/types.ts'

/** The name of each kind of difference between our data and Stripe. */
export const driftNames: Record<DriftKind, string> = {
  subscription_missing: 'Subscription missing here',
  invoice_missing: 'Invoice missing here',
  quota_missing: 'Quota missing here',
  grant_missing: 'Pack paid and not granted',
  grant_differs: 'Refund or dispute of a pack not taken over',
  price_missing: 'Price missing here',
  subscription_differs: 'Subscription differs',
  invoice_differs: 'Invoice differs',
  quota_differs: 'Quota differs',
  trial_differs: 'Trial differs',
  subscription_unknown: 'Subscription unknown to Stripe',
  invoice_unknown: 'Invoice unknown to Stripe',
  quota_unknown: 'Quota without a subscription',
  customer_unknown: 'Customer unknown to Stripe',
  customer_unreached: 'Customer not reached: Stripe did not answer',
  customer_failed: 'Customer could not be compared',
  customer_unbound: 'Stripe customer not linked to its user',
  subscription_unclaimed: 'Subscription of an unknown customer',
  event_undelivered: 'Event not delivered',
  event_dead: 'Event failed',
}
