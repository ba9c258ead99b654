/** A kind of call to Stripe. */
export interface Operation {
  method: 'GET' | 'POST' | 'DELETE'
  /** As in `/v1/customers/:id`. */
  path: string
  /** The permission that a restricted key needs, as Stripe's dashboard names it. */
  permission: string
  /** The product does without it. */
  isOptional?: true
}

/** A permission to write includes the one to read (docs/stripe.md, fact 38). */
const read = (path: string, resource: string): Operation => ({
  method: 'GET',
  path,
  permission: `${resource}: Read`,
})
const write = (path: string, resource: string): Operation => ({
  method: 'POST',
  path,
  permission: `${resource}: Write`,
})

/**
 * Every kind of call that the product makes, by its name in the `stripe` package. A test holds this list against the
 * code, so that the doctor forgets none.
 */
export const operations = {
  // Where the key may not see its account, its mode is known all the same.
  'accounts.retrieveCurrent': { ...read('/v1/account', 'Account'), isOptional: true },
  'billing.meterEvents.create': write('/v1/billing/meter_events', 'Billing Meter Events'),
  'billing.meters.create': write('/v1/billing/meters', 'Billing Meters'),
  'billing.meters.listEventSummaries': read(
    '/v1/billing/meters/:id/event_summaries',
    'Billing Meters',
  ),
  'billing.meters.list': read('/v1/billing/meters', 'Billing Meters'),
  'billing.meters.reactivate': write('/v1/billing/meters/:id/reactivate', 'Billing Meters'),
  'billingPortal.configurations.create': write(
    '/v1/billing_portal/configurations',
    'Customer portal',
  ),
  'billingPortal.configurations.list': read('/v1/billing_portal/configurations', 'Customer portal'),
  'billingPortal.configurations.update': write(
    '/v1/billing_portal/configurations/:id',
    'Customer portal',
  ),
  'billingPortal.sessions.create': write('/v1/billing_portal/sessions', 'Customer portal'),
  'charges.list': read('/v1/charges', 'Charges'),
  'charges.retrieve': read('/v1/charges/:id', 'Charges'),
  'checkout.sessions.create': write('/v1/checkout/sessions', 'Checkout Sessions'),
  'checkout.sessions.expire': write('/v1/checkout/sessions/:id/expire', 'Checkout Sessions'),
  'checkout.sessions.list': read('/v1/checkout/sessions', 'Checkout Sessions'),
  'checkout.sessions.retrieve': read('/v1/checkout/sessions/:id', 'Checkout Sessions'),
  // Where the key may not see them, revenue is counted without discounts.
  'coupons.retrieve': { ...read('/v1/coupons/:id', 'Coupons'), isOptional: true },
  'customers.create': write('/v1/customers', 'Customers'),
  'customers.list': read('/v1/customers', 'Customers'),
  'customers.retrieve': read('/v1/customers/:id', 'Customers'),
  'customers.update': write('/v1/customers/:id', 'Customers'),
  'disputes.list': read('/v1/disputes', 'Disputes'),
  'events.list': read('/v1/events', 'Events'),
  'invoices.createPreview': write('/v1/invoices/create_preview', 'Invoices'),
  'invoices.list': read('/v1/invoices', 'Invoices'),
  'invoices.retrieve': read('/v1/invoices/:id', 'Invoices'),
  'invoices.voidInvoice': write('/v1/invoices/:id/void', 'Invoices'),
  'paymentMethods.detach': write('/v1/payment_methods/:id/detach', 'Payment Methods'),
  'paymentMethods.list': read('/v1/payment_methods', 'Payment Methods'),
  'prices.create': write('/v1/prices', 'Prices'),
  'prices.list': read('/v1/prices', 'Prices'),
  'prices.retrieve': read('/v1/prices/:id', 'Prices'),
  'prices.update': write('/v1/prices/:id', 'Prices'),
  'products.create': write('/v1/products', 'Products'),
  'products.retrieve': read('/v1/products/:id', 'Products'),
  'products.update': write('/v1/products/:id', 'Products'),
  'subscriptionSchedules.create': write('/v1/subscription_schedules', 'Subscriptions'),
  'subscriptionSchedules.release': write('/v1/subscription_schedules/:id/release', 'Subscriptions'),
  'subscriptionSchedules.update': write('/v1/subscription_schedules/:id', 'Subscriptions'),
  'subscriptions.cancel': {
    ...write('/v1/subscriptions/:id', 'Subscriptions'),
    method: 'DELETE',
  },
  'subscriptions.list': read('/v1/subscriptions', 'Subscriptions'),
  'subscriptions.retrieve': read('/v1/subscriptions/:id', 'Subscriptions'),
  'subscriptions.update': write('/v1/subscriptions/:id', 'Subscriptions'),
  // Only where the catalogue asks for automatic tax.
  'tax.settings.retrieve': { ...read('/v1/tax/settings', 'Tax Settings'), isOptional: true },
  'v2.core.events.retrieve': read('/v2/core/events/:id', 'Events'),
  'webhookEndpoints.create': write('/v1/webhook_endpoints', 'Webhook Endpoints'),
  'webhookEndpoints.list': read('/v1/webhook_endpoints', 'Webhook Endpoints'),
  'webhookEndpoints.update': write('/v1/webhook_endpoints/:id', 'Webhook Endpoints'),
} as const satisfies Record<string, Operation>

export type OperationName = keyof typeof operations

const all = Object.entries<Operation>(operations).map(([name, { method, path }]) => ({
  name: name as OperationName,
  method,
  parts: path.split('/'),
}))

/** The operation of a request; null for one that is not in the list. A path with a name comes before one with an id. */
export function operationOf(method: string, path: string): OperationName | null {
  const parts = (path.split('?')[0] ?? '').split('/')
  const fits = all.filter(
    (each) =>
      each.method === method &&
      each.parts.length === parts.length &&
      each.parts.every((part, i) => part === ':id' || part === parts[i]),
  )
  const named = fits.find((each) => !each.parts.includes(':id'))
  return (named ?? fits[0])?.name ?? null
}
