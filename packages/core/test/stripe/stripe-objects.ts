import type Stripe from 'stripe'

/** The fields that a test sets; the rest is as Stripe sends it for a plain monthly subscription. */
export type Partly<T> = { [K in keyof T]?: unknown }

/** 15 November 2026, noon UTC, in Stripe's seconds. */
export const NOW = 1_794_744_000
export const DAY = 86_400

/** As it comes over the wire: Stripe's objects have fields by the dozen, of which we read few. */
function asSent<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value))
}

export function priceOf(fields: Partly<Stripe.Price> = {}): Stripe.Price {
  return asSent({
    id: 'price_pro',
    object: 'price',
    active: true,
    currency: 'usd',
    unit_amount: 4_900,
    lookup_key: 'tollgate_pro',
    metadata: {},
    product: 'prod_pro',
    recurring: { interval: 'month', interval_count: 1 },
    type: 'recurring',
    ...fields,
  })
}

export function subscriptionOf(
  fields: Partly<Stripe.Subscription> & { price?: Stripe.Price } = {},
): Stripe.Subscription {
  const { price = priceOf(), ...rest } = fields
  return asSent({
    id: 'sub_1',
    object: 'subscription',
    customer: 'cus_1',
    status: 'active',
    currency: 'usd',
    created: NOW,
    billing_cycle_anchor: rest.created ?? NOW,
    cancel_at: null,
    cancel_at_period_end: false,
    ended_at: null,
    trial_end: null,
    schedule: null,
    metadata: {},
    pause_collection: null,
    discounts: [],
    items: {
      object: 'list',
      data: [
        {
          id: 'si_1',
          object: 'subscription_item',
          price,
          quantity: 1,
          created: NOW,
          discounts: [],
          current_period_start: NOW,
          current_period_end: NOW + 30 * DAY,
        },
      ],
    },
    ...rest,
  })
}

export function invoiceOf(
  fields: Partly<Stripe.Invoice> & { subscription?: string; finalizedAt?: number } = {},
): Stripe.Invoice {
  const { subscription = 'sub_1', finalizedAt = NOW, ...rest } = fields
  return asSent({
    id: 'in_1',
    object: 'invoice',
    customer: 'cus_1',
    number: 'A-0001',
    status: 'paid',
    attempted: true,
    currency: 'usd',
    total: 4_900,
    amount_paid: 4_900,
    amount_due: 4_900,
    created: NOW,
    period_start: NOW,
    period_end: NOW,
    hosted_invoice_url: 'https://invoice.stripe.com/i/1',
    invoice_pdf: 'https://invoice.stripe.com/i/1/pdf',
    parent: { type: 'subscription_details', subscription_details: { subscription } },
    payments: {
      object: 'list',
      data: [{ id: 'inpay_1', payment: { type: 'payment_intent', payment_intent: 'pi_1' } }],
    },
    lines: { object: 'list', data: [], has_more: false },
    status_transitions: { finalized_at: finalizedAt, paid_at: null },
    ...rest,
  })
}

export function chargeOf(fields: Partly<Stripe.Charge> = {}): Stripe.Charge {
  return asSent({
    id: 'ch_1',
    object: 'charge',
    customer: 'cus_1',
    amount: 4_900,
    amount_refunded: 0,
    payment_intent: 'pi_1',
    ...fields,
  })
}
