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
  /** What a subscription sells beyond its plan, as decisions read it, is not what its items say. */
  'overage_terms_missing',
  'overage_terms_differs',
  'overage_terms_unknown',
  /** In an hour Stripe's meter has something else than what was sold and delivered. */
  'overage_differs',
  /** Stripe took a delivery of overage, and reported an error for it later. */
  'overage_rejected',
  /** Sold, and its billing period was invoiced, or its 35 days were over, before Stripe had it. */
  'overage_unbilled',
  /** Taken back after its billing period was invoiced: the payer is to get it back. */
  'overage_refund_due',
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

/** The differences that a sync can't repair: the operator has to see to them. */
export const forOperator: ReadonlySet<DriftKind> = new Set([
  'overage_differs',
  'overage_rejected',
  'overage_unbilled',
  'overage_refund_due',
])

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
