import type { DriftKind } from '../../api/types.ts'

/** What each kind of difference between our rows and Stripe is called. */
export const driftNames: Record<DriftKind, string> = {
  subscription_missing: 'Subscription missing here',
  invoice_missing: 'Invoice missing here',
  quota_missing: 'Quota missing here',
  price_missing: 'Price missing here',
  subscription_differs: 'Subscription differs',
  invoice_differs: 'Invoice differs',
  quota_differs: 'Quota differs',
  trial_differs: 'Trial differs',
  subscription_unknown: 'Subscription unknown to Stripe',
  invoice_unknown: 'Invoice unknown to Stripe',
  quota_unknown: 'Quota without a subscription',
  customer_unknown: 'Customer unknown to Stripe',
  customer_failed: 'Customer could not be compared',
  customer_unbound: 'Customer of ours without a binding',
  subscription_unclaimed: 'Subscription to a plan that nobody here has',
  event_undelivered: 'Event not delivered',
  event_dead: 'Event given up',
}
