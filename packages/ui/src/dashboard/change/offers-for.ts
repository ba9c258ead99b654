import type { PlanOffer, Subscription } from '../../api/types.ts'
import type { Offer } from '../offers/offers-at.ts'

/**
 * The plans that a subscription can change to, at each interval, each at what all of its seats cost in its own currency.
 * Plans that are not sold in that currency are left out, and so are the present plan at its interval and the one that is
 * to come.
 */
export function offersFor(
  { plan, pendingPlan, pendingInterval, price }: Subscription,
  offers: readonly PlanOffer[],
): Offer[] {
  const { currency, quantity } = price
  return offers.flatMap((offer) =>
    offer.prices.flatMap((each) => {
      const isPresent = offer.id === plan && each.interval === price.interval
      const isPending = offer.id === pendingPlan && each.interval === pendingInterval
      if (each.currency !== currency || isPresent || isPending) return []
      return [{ ...offer, ...each, unitAmount: each.unitAmount * quantity }]
    }),
  )
}

/** An offer among others: a plan may be on offer at two intervals. */
export function keyOf({ id, interval }: Pick<Offer, 'id' | 'interval'>): string {
  return `${id} ${interval}`
}
