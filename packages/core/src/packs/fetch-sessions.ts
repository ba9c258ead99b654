import type Stripe from 'stripe'

/** More than any customer has. The client's paging requires a limit. */
const ALL = { limit: 10_000 }

/** All checkout sessions that a customer has completed, those of plans too. */
export function completedSessions(
  stripe: Stripe,
  customer: string,
): Promise<Stripe.Checkout.Session[]> {
  return stripe.checkout.sessions
    .list({ customer, status: 'complete', limit: 100 })
    .autoPagingToArray(ALL)
}
