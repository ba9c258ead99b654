import type { PlanOffer, Subscription } from '../../api/types.ts'

/**
 * The plans that a subscription can change to, each at what all of its seats cost in its own currency. Plans that are not
 * sold in that currency are left out, and so are the present plan and the one that is to come.
 */
export function offersFor(
  { plan, pendingPlan, price }: Subscription,
  offers: readonly PlanOffer[],
): PlanOffer[] {
  const { currency, quantity } = price
  return offers.flatMap((offer) => {
    const unit = offer.currency === currency ? offer.unitAmount : offer.otherAmounts[currency]
    if (unit === undefined || offer.id === plan || offer.id === pendingPlan) return []
    return [{ ...offer, currency, unitAmount: unit * quantity }]
  })
}
