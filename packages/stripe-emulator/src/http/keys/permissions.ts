import type { Method } from '../endpoint.ts'

/**
 * What a restricted key needs for the routes of each resource, by the part of the path that follows `/v1/` or `/v2/`: the
 * longest one that fits applies. The names come from refusals of Stripe that are quoted in public (`plan` for prices,
 * `webhook`, `customer_portal`, …); those marked A are an assumption after the same pattern.
 */
const RESOURCES: Readonly<Record<string, string>> = {
  account: 'accounts_kyc_basic',
  balance: 'balance',
  balance_transactions: 'balance_transaction',
  billing: 'billing_meter',
  billing_portal: 'customer_portal',
  charges: 'charge',
  checkout: 'checkout_session',
  'core/events': 'event',
  coupons: 'coupon',
  credit_notes: 'credit_note',
  customers: 'customer',
  'customers/:id/payment_methods': 'payment_method',
  'customers/:id/tax_ids': 'tax_id',
  disputes: 'dispute',
  events: 'event',
  invoice_payments: 'invoice',
  invoiceitems: 'invoice',
  invoices: 'invoice',
  payment_intents: 'payment_intent',
  payment_methods: 'payment_method',
  // A: the routes that Stripe's command line uses to complete a session.
  payment_pages: 'checkout_session',
  plans: 'plan',
  prices: 'plan',
  products: 'product',
  promotion_codes: 'promotion_code',
  // Stripe's dashboard has one permission for charges and refunds.
  refunds: 'charge',
  setup_attempts: 'setup_intent',
  setup_intents: 'setup_intent',
  shipping_rates: 'shipping_rate',
  subscription_items: 'subscription',
  subscription_schedules: 'subscription',
  subscriptions: 'subscription',
  // A
  tax: 'tax',
  // A
  tax_codes: 'tax_rate',
  tax_ids: 'tax_id',
  tax_rates: 'tax_rate',
  // A
  'test_helpers/test_clocks': 'billing_clock',
  webhook_endpoints: 'webhook',
}

/** The permission that a restricted key needs for a route; undefined: the table has none. */
export function permissionOf(route: { method: Method; path: string }): string | undefined {
  const name = Object.keys(RESOURCES)
    .filter((resource) => `${route.path}/`.replace(/^\/v[12]\//, '').startsWith(`${resource}/`))
    .sort((a, b) => b.length - a.length)[0]
  if (name === undefined) return undefined
  return `rak_${RESOURCES[name]}_${route.method === 'GET' ? 'read' : 'write'}`
}
