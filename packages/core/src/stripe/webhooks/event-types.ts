/** The guide's five: they suffice for access. */
const access = [
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'invoice.paid',
  'invoice.payment_failed',
]

/** What keeps the rest equal to Stripe: refunds, voids, pauses, deletions, pending updates, checkout. */
const detail = [
  'charge.refunded',
  'checkout.session.completed',
  'customer.deleted',
  'customer.subscription.paused',
  'customer.subscription.pending_update_applied',
  'customer.subscription.pending_update_expired',
  'customer.subscription.resumed',
  'invoice.deleted',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.payment_action_required',
  'invoice.updated',
  'invoice.voided',
]

/** The events that make a sync, whatever they say; every other one is stored and ignored. */
export const syncedEventTypes: ReadonlySet<string> = new Set([...access, ...detail])
