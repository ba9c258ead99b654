/** Every way in which our rows can differ from Stripe. */
export const driftKinds = [
  /** Stripe has it, and we have no row. */
  'subscription_missing',
  'invoice_missing',
  'quota_missing',
  'price_missing',
  /** Stripe says something else of it than our row. */
  'subscription_differs',
  'invoice_differs',
  'quota_differs',
  'trial_differs',
  /** We have a row, and Stripe has nothing of the kind. */
  'subscription_unknown',
  'invoice_unknown',
  'quota_unknown',
  /** Stripe does not know the customer; nothing of it is deleted here. */
  'customer_unknown',
  /** Stripe or the database refused to have this customer compared; the log says why. */
  'customer_failed',
  /** A customer at Stripe names a user of ours who is bound to none. */
  'customer_unbound',
  /** It runs, at a price of a plan, and its customer is nobody's here: somebody may be paying for nothing. */
  'subscription_unclaimed',
  /** Stripe could not deliver it. */
  'event_undelivered',
  /** It came, and was given up. */
  'event_dead',
] as const

export type DriftKind = (typeof driftKinds)[number]

/** One difference between Stripe and our rows. */
export interface Drift {
  kind: DriftKind
  /** Of the subscription, invoice, price, customer or event; of a quota its meter. */
  objectId: string
  customerId: string | null
  userId: string | null
  /** What differed, as names of columns. */
  detail: string
  /** Whether our rows are equal to Stripe now. */
  repaired: boolean
}
