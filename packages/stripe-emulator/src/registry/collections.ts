import type { DocumentCache } from '../core/store/document-cache.ts'
import type { Tables } from '../core/store/store.ts'
import { Store } from '../core/store/store.ts'
import { Table } from '../core/store/table.ts'
import { sessionDue } from '../resources/checkout/session.ts'
import { reminderDue } from '../resources/events/reminders.ts'
import { subscriptionOf } from '../resources/invoices/invoice.ts'
import { meterTables } from '../resources/meters/tables.ts'
import { invoiceDue, subscriptionDue } from '../resources/subscriptions/due.ts'
import { scheduleDue } from '../resources/subscriptions/schedules/schedule.ts'

/** An empty store: a table for each collection, with its indexes and its due times. */
export function createStore(cache?: DocumentCache): Store {
  const tables: Tables = {
    accounts: new Table(),
    customers: new Table(),
    deleted_customers: new Table(),
    ...catalogTables(),
    payment_methods: new Table({ indexes: { customer: (doc) => doc.customer } }),
    cards: new Table(),
    subscriptions: new Table({
      indexes: { customer: (doc) => doc.customer, status: (doc) => doc.status },
      due: subscriptionDue,
    }),
    subscription_schedules: new Table({ due: scheduleDue }),
    ...discountTables(),
    invoices: new Table({
      indexes: {
        customer: (doc) => doc.customer,
        status: (doc) => doc.status,
        subscription: subscriptionOf,
        page: (doc) => (doc.hosted_invoice_url ? new URL(doc.hosted_invoice_url).pathname : null),
      },
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
    disputes: new Table(),
    refunds: new Table(),
    ...taxTables(),
    checkout_sessions: new Table({
      indexes: { customer: (doc) => doc.customer },
      due: sessionDue,
    }),
    checkout_orders: new Table(),
    portal_configurations: new Table(),
    portal_sessions: new Table({ indexes: { path: (doc) => new URL(doc.url).pathname } }),
    ...meterTables(),
    thin_events: new Table(),
    webhook_endpoints: new Table(),
    events: new Table(),
    deliveries: new Table({ indexes: { status: (doc) => doc.status, event: (doc) => doc.event } }),
    reminders: new Table({ due: reminderDue }),
    idempotent_answers: new Table(),
    test_clocks: new Table({ indexes: { status: (doc) => doc.status } }),
    clock: new Table(),
  }
  return new Store(tables, cache)
}

function catalogTables(): Pick<Tables, 'price_options' | 'prices' | 'products'> {
  return {
    products: new Table(),
    prices: new Table({
      indexes: { product: (doc) => doc.product, lookup_key: (doc) => doc.lookup_key },
    }),
    price_options: new Table(),
  }
}

type DiscountTables = Pick<
  Tables,
  | 'coupons'
  | 'deleted_coupons'
  | 'discount_terms'
  | 'discounts'
  | 'promotion_codes'
  | 'undiscounted_phases'
>

function discountTables(): DiscountTables {
  return {
    coupons: new Table(),
    deleted_coupons: new Table(),
    discount_terms: new Table(),
    discounts: new Table(),
    promotion_codes: new Table({
      indexes: {
        code: (doc) => doc.code.toLowerCase(),
        coupon: (doc) => doc.promotion.coupon,
      },
    }),
    undiscounted_phases: new Table(),
  }
}

function taxTables() {
  return {
    tax_rates: new Table(),
    automatic_tax_rates: new Table(),
    tax_ids: new Table({ indexes: { customer: (doc) => doc.customer } }),
    tax_settings: new Table(),
    line_taxes: new Table(),
    credit_notes: new Table({
      indexes: { invoice: (doc) => doc.invoice, page: (doc) => new URL(doc.pdf).pathname },
    }),
    customer_balance_transactions: new Table({ indexes: { customer: (doc) => doc.customer } }),
    customer_ip_addresses: new Table(),
  } satisfies Partial<Tables>
}
