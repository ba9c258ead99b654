import type { DueWork } from './core/engine.ts'
import { Store, type Tables } from './core/store.ts'
import { Table } from './core/table.ts'
import type { Endpoint } from './http/endpoint.ts'
import { priceEndpoints } from './resources/catalog/price-endpoints.ts'
import { productEndpoints } from './resources/catalog/product-endpoints.ts'
import { expireSession } from './resources/checkout/complete.ts'
import { checkoutEndpoints } from './resources/checkout/endpoints.ts'
import { sessionDue } from './resources/checkout/session.ts'
import { customerEndpoints } from './resources/customers/customer-endpoints.ts'
import { eventEndpoints } from './resources/events/endpoints.ts'
import { webhookEndpointEndpoints } from './resources/events/webhook-endpoint-endpoints.ts'
import { invoiceEndpoints } from './resources/invoices/endpoints.ts'
import { subscriptionOf } from './resources/invoices/invoice.ts'
import { invoiceItemEndpoints } from './resources/invoices/invoice-item-endpoints.ts'
import { paymentMethodEndpoints } from './resources/payment-methods/payment-method-endpoints.ts'
import { paymentEndpoints } from './resources/payments/endpoints.ts'
import { portalEndpoints } from './resources/portal/endpoints.ts'
import { invoiceDue, subscriptionDue } from './resources/subscriptions/due.ts'
import { subscriptionEndpoints } from './resources/subscriptions/endpoints.ts'
import { runInvoiceDue, runSubscriptionDue } from './resources/subscriptions/renew.ts'

/** Every route of the API. */
export const endpoints: readonly Endpoint[] = [
  ...customerEndpoints,
  ...productEndpoints,
  ...priceEndpoints,
  ...paymentMethodEndpoints,
  ...paymentEndpoints,
  ...subscriptionEndpoints,
  ...invoiceEndpoints,
  ...invoiceItemEndpoints,
  ...checkoutEndpoints,
  ...portalEndpoints,
  ...eventEndpoints,
  ...webhookEndpointEndpoints,
]

/** What happens to a document when its time has come. */
export const dueWork: DueWork = {
  checkout_sessions: (ctx, id) => expireSession(ctx, id),
  invoices: runInvoiceDue,
  subscriptions: runSubscriptionDue,
}

/** An empty store: a table for each collection, with what it is searched by and when it is due. */
export function createStore(): Store {
  const tables: Tables = {
    customers: new Table(),
    deleted_customers: new Table(),
    products: new Table(),
    prices: new Table({
      indexes: { product: (doc) => doc.product, lookup_key: (doc) => doc.lookup_key },
    }),
    payment_methods: new Table({ indexes: { customer: (doc) => doc.customer } }),
    cards: new Table(),
    subscriptions: new Table({
      indexes: { customer: (doc) => doc.customer },
      due: subscriptionDue,
    }),
    subscription_schedules: new Table({ indexes: { customer: (doc) => doc.customer } }),
    invoices: new Table({
      indexes: { customer: (doc) => doc.customer, subscription: subscriptionOf },
      due: invoiceDue,
    }),
    invoice_items: new Table({
      indexes: { pending: (doc) => (doc.invoice === null ? doc.customer : null) },
    }),
    invoice_payments: new Table({
      indexes: {
        invoice: (doc) => doc.invoice,
        payment_intent: (doc) => doc.payment.payment_intent ?? null,
      },
    }),
    payment_intents: new Table(),
    setup_intents: new Table(),
    charges: new Table(),
    balance_transactions: new Table(),
    refunds: new Table(),
    checkout_sessions: new Table({
      indexes: { customer: (doc) => doc.customer },
      due: sessionDue,
    }),
    checkout_orders: new Table(),
    portal_configurations: new Table(),
    portal_sessions: new Table({ indexes: { path: (doc) => new URL(doc.url).pathname } }),
    webhook_endpoints: new Table(),
    events: new Table(),
    deliveries: new Table({ indexes: { status: (doc) => doc.status, event: (doc) => doc.event } }),
    idempotent_answers: new Table(),
    test_clocks: new Table(),
    clock: new Table(),
  }
  return new Store(tables)
}
