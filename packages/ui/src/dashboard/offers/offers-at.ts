import type { PlanOffer } from '../../api/types.ts'

export type Interval = PlanOffer['prices'][number]['interval']

/** A plan on offer at one interval and in one currency. */
export type Offer = Omit<PlanOffer, 'interval'> & { interval: Interval }

/** The intervals at which any plan is sold; a switch is needed where there are several. */
export function intervalsOf(offers: readonly PlanOffer[]): Interval[] {
  const sold = offers.flatMap(({ prices }) => prices.map(({ interval }) => interval))
  return (['month', 'year'] as const).filter((interval) => sold.includes(interval))
}

/** The currencies in which the plans are sold, the default one first. */
export function currenciesOf(offers: readonly PlanOffer[]): string[] {
  return [...new Set(offers.flatMap(({ prices }) => prices.map(({ currency }) => currency)))]
}

/**
 * The plans as they are sold at an interval in a currency; one that is not sold at that interval, at its other one. A plan
 * that is not sold in the currency is left out.
 */
export function offersAt(
  offers: readonly PlanOffer[],
  { interval, currency }: { interval: Interval; currency: string },
): Offer[] {
  return offers.flatMap((offer) => {
    const prices = offer.prices.filter((price) => price.currency === currency)
    const price = prices.find((each) => each.interval === interval) ?? prices[0]
    return price ? [{ ...offer, ...price }] : []
  })
}
