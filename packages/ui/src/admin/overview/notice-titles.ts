import type { Overview } from '../../api/types.ts'

/** A notice in a few words. The server's message says the rest. */
export const noticeTitles: Record<Overview['notices'][number]['code'], string> = {
  another_account: 'The Stripe key belongs to another account',
  another_mode: 'The Stripe key belongs to another mode',
  customers_unknown: 'Stripe knows none of our customers',
  stripe_refuses: 'The Stripe key lacks permissions',
  dead_events: 'Webhook events failed',
  unrepaired_drift: 'Our data differs from Stripe',
  unknown_prices: 'Subscriptions at a price without a plan',
  several_subscriptions: 'Customers with several subscriptions',
  open_disputes: 'Payments are disputed',
  lost_disputes: 'Payments were lost to disputes',
  paused_collections: 'Collection is paused',
  packs_refunded_in_part: 'Packs were refunded in part',
  packs_taken_back: 'Packs were refunded or lost',
}
