/** Every way in which our rows can differ from Stripe. */
export const driftKinds = [
  /** Stripe has it, and we have no row. */
  'subscription_missing',
  'invoice_missing',
  'quota_missing',
  'price_missing',
  /** A pack was paid, and its credits were not granted. */
  'grant_missing',
  /** Stripe and our row have different values. */
  'subscription_differs',
  'invoice_differs',
  'quota_differs',
  'trial_differs',
  /** Refunds or disputes of a pack's payment are not in its grant. */
  'grant_differs',
  /** We have a row, and Stripe does not have the object. */
  'subscription_unknown',
  'invoice_unknown',
  'quota_unknown',
  /** Stripe does not know the customer. Its rows are kept. */
  'customer_unknown',
  /** Stripe could not be asked about this customer, however often the run tried. */
  'customer_unreached',
  /** This customer could not be compared; the log says why. */
  'customer_failed',
  /** A customer at Stripe names a user of ours who is bound to no customer. */
  'customer_unbound',
  /** A running subscription to a plan of ours, whose customer is bound to no user: somebody may be paying for nothing. */
  'subscription_unclaimed',
  /** Stripe could not deliver the event. */
  'event_undelivered',
  /** The event was received, and is dead. */
  'event_dead',
] as const

export type DriftKind = (typeof driftKinds)[number]

/** One difference between Stripe and our rows. */
export interface Drift {
  kind: DriftKind
  /** Of the subscription, invoice, price, customer, event or checkout session; of a quota its meter. */
  objectId: string
  customerId: string | null
  userId: string | null
  /** What differed, as names of columns; or a remark. */
  detail: string
  /** Whether our rows were made equal to Stripe. */
  repaired: boolean
}
