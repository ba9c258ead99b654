/** A field that Stripe sends and the types of the package omit. */
interface RawField {
  /** The type that omits it. */
  type: string
  field: string
  source: string
}

/** The extra fields that are allowed in responses. */
export const rawFields: readonly RawField[] = [
  { type: 'Subscription', field: 'plan', source: 'recorded in every subscription' },
  { type: 'Subscription', field: 'quantity', source: 'recorded in every subscription' },
  { type: 'Charge', field: 'destination', source: 'recorded in every charge' },
  { type: 'Charge', field: 'dispute', source: 'recorded in every charge' },
  { type: 'Charge', field: 'order', source: 'recorded in every charge' },
  { type: 'ApiList', field: 'total_count', source: 'recorded in lists within an object' },
]

/** A field that the type of an event's object requires and Stripe omits. */
export const absentFields: readonly { event: string; field: string; source: string }[] = [
  { event: 'invoice.upcoming', field: 'id', source: 'its JSDoc: it "will not have an invoice ID"' },
]

/** The errors of the v2 API, which the types of the package do not list. */
export const v2Errors = {
  codes: [
    'archived_meter',
    'billing_meter_event_session_expired',
    'duplicate_meter_event',
    'no_meter',
    'payload_invalid_value',
    'payload_no_customer_defined',
    'payload_no_value_defined',
  ],
  types: ['temporary_session_expired'],
  source: 'docs.stripe.com/api/v2/billing/meter-events/create and meter-event-stream/create',
} as const

/** Routes of Stripe that the package does not call. */
export const rawRoutes: readonly { route: RegExp; source: string }[] = [
  {
    route: /\/v1\/payment_pages\//,
    source: "called by Stripe's own CLI to complete a Checkout session",
  },
  {
    route: /\/v2\/core\/events\//,
    source: 'called by the package; its types describe the event with its methods',
  },
]

/** Error codes that Stripe sends and the types of the package omit. */
export const rawCodes: readonly { code: string; source: string }[] = [
  {
    code: 'coupon_applies_to_nothing',
    source: 'answers of Checkout in the tests of public projects',
  },
  { code: 'more_permissions_required', source: 'quoted in public by users of restricted keys' },
  { code: 'property_expansion_max_depth', source: 'quoted in public, several times' },
  {
    code: 'subscription_payment_intent_requires_action',
    source: 'probed (docs/stripe.md, fact 25)',
  },
]
