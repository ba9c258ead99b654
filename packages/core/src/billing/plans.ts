import type { CatalogPrice, PlanInterval } from '../catalog/index.ts'
import {
  offeredIntervals,
  offeredPlans,
  perMeter,
  planLimit,
  planOf,
  priceLookupKey,
  pricesAt,
} from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { CurrentPrices, PlanPrice } from '../stripe/index.ts'
import { offeredPrices } from '../stripe/index.ts'

/** A plan as it is offered. `unitAmount` is in the minor unit of `currency`. */
export interface PlanOffer {
  id: string
  name: string
  description: string
  currency: string
  unitAmount: number
  interval: 'day' | 'week' | 'month' | 'year'
  /** In further currencies, for those who already pay in one of them. */
  otherAmounts: Readonly<Record<string, number>>
  /** What it is sold at: each interval in each currency, the default first. */
  prices: CatalogPrice[]
  /** A month's limit; 0 where unlimited. */
  limits: Record<string, number>
  unlimited: Record<string, boolean>
  trialDays: number
}

/**
 * The plans that can be bought, in the catalogue's order, at their default price and at all others. The amounts are those
 * of the Stripe prices that checkout charges, at most a minute old; where Stripe was never reached, the catalogue's. An
 * interval is left out where Stripe has no price for it, or one that is not what the catalogue says: archived, every
 * three months, with tiers. So is a plan without its default price.
 */
export async function listPlans(ctx: Context): Promise<PlanOffer[]> {
  const prices = await offeredPrices(ctx)
  return offeredPlans(ctx.catalog).flatMap((id) => {
    const { name, description, trialDays, prices: declared } = planOf(ctx.catalog, id)
    const [first] = declared
    const price = first && soldAt(ctx, prices, { plan: id, interval: first.interval })
    if (price === undefined) return []
    const { currency, unitAmount, interval, otherAmounts } = price
    return {
      id,
      name,
      description,
      currency,
      unitAmount,
      interval,
      otherAmounts,
      prices: offeredIntervals(ctx.catalog)
        .filter(({ plan }) => plan === id)
        .flatMap((each) => amountsOf(ctx, prices, each)),
      limits: perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, id, meter).limit),
      unlimited: perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, id, meter).unlimited),
      trialDays,
    }
  })
}

type Sold = Pick<PlanPrice, 'currency' | 'unitAmount' | 'interval' | 'otherAmounts'>

/** What checkout charges for a plan at an interval; undefined where that is not on offer. */
function soldAt(
  { catalog }: Context,
  prices: CurrentPrices | null,
  { plan, interval }: PlanInterval,
): Sold | undefined {
  if (prices !== null) {
    const offer = prices.get(priceLookupKey(plan, interval))
    return offer && 'price' in offer ? offer.price : undefined
  }
  const [price, ...others] = pricesAt(planOf(catalog, plan), interval)
  const otherAmounts = others.map(({ currency, unitAmount }) => [currency, unitAmount] as const)
  return price && { ...price, otherAmounts: Object.fromEntries(otherAmounts) }
}

/** The amounts in the currencies that the catalogue names, in its order, as far as Stripe has them. */
function amountsOf(ctx: Context, prices: CurrentPrices | null, of: PlanInterval): CatalogPrice[] {
  const sold = soldAt(ctx, prices, of)
  if (sold === undefined) return []
  return pricesAt(planOf(ctx.catalog, of.plan), of.interval).flatMap(({ currency }) => {
    const unitAmount = currency === sold.currency ? sold.unitAmount : sold.otherAmounts[currency]
    return unitAmount === undefined ? [] : [{ interval: of.interval, currency, unitAmount }]
  })
}
