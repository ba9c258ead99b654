import type { Overview } from '../../api/types.ts'

/** What wants the operator's eye, in a few words; the server's message says the rest. */
export const noticeTitles: Record<Overview['notices'][number]['code'], string> = {
  another_account: 'The Stripe key is of another account',
  another_mode: 'The Stripe key is of another mode',
  customers_unknown: 'Stripe knows none of our customers',
  dead_events: 'Webhook events were given up',
  unrepaired_drift: 'Rows differ from Stripe',
  unknown_prices: 'Subscriptions at a price of no plan',
  several_subscriptions: 'Customers with several subscriptions',
}
