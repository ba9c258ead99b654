/** A field that Stripe sends though the types of the package leave it out. */
interface RawField {
  /** The type that lacks it. */
  type: string
  field: string
  source: string
}

/** Extra fields in answers are refused, but for these. */
export const rawFields: readonly RawField[] = [
  { type: 'Subscription', field: 'plan', source: 'recorded in every subscription' },
  { type: 'Subscription', field: 'quantity', source: 'recorded in every subscription' },
  { type: 'Charge', field: 'destination', source: 'recorded in every charge' },
  { type: 'Charge', field: 'dispute', source: 'recorded in every charge' },
  { type: 'Charge', field: 'order', source: 'recorded in every charge' },
  { type: 'ApiList', field: 'total_count', source: 'recorded in lists within an object' },
]

/** A field that an event's object lacks though its type requires it. */
export const absentFields: readonly { event: string; field: string; source: string }[] = [
  { event: 'invoice.upcoming', field: 'id', source: 'its JSDoc: it "will not have an invoice ID"' },
]

/** A route that Stripe has and the package does not call. */
export const rawRoutes: readonly { route: RegExp; source: string }[] = [
  {
    route: /\/v1\/payment_pages\//,
    source: "called by Stripe's own CLI to complete a Checkout session",
  },
]
