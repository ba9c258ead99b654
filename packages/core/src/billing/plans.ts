import type { AnyCatalog } from '../catalog/index.ts'
import { defaultPrice, offeredPlans, perMeter, planLimit, planOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Offer, PlanPrice } from '../stripe/index.ts'
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
  /** A month's limit; 0 where unlimited. */
  limits: Record<string, number>
  unlimited: Record<string, boolean>
  trialDays: number
}

/**
 * The plans that can be bought, in the catalogue's order. The amount is that of the Stripe price that checkout charges,
 * at most a minute old; where Stripe was never reached, the catalogue's. A plan is left out where Stripe has no price for
 * it, or one that is not what the catalogue says: archived, every three months, with tiers.
 */
export async function listPlans(ctx: Context): Promise<PlanOffer[]> {
  const prices = await offeredPrices(ctx)
  return offeredPlans(ctx.catalog).flatMap((id) => {
    const plan = planOf(ctx.catalog, id)
    const price = prices === null ? declaredPrice(plan) : soldPrice(prices.get(id))
    if (price === undefined) return []
    const { name, description, trialDays } = plan
    const { currency, unitAmount, interval, otherAmounts } = price
    return {
      id,
      name,
      description,
      currency,
      unitAmount,
      interval,
      otherAmounts,
      limits: perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, id, meter).limit),
      unlimited: perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, id, meter).unlimited),
      trialDays,
    }
  })
}

type Sold = Pick<PlanPrice, 'currency' | 'unitAmount' | 'interval' | 'otherAmounts'>

function soldPrice(offer: Offer | undefined): Sold | undefined {
  return offer && 'price' in offer ? offer.price : undefined
}

function declaredPrice(plan: AnyCatalog['plans'][string]): Sold | undefined {
  const price = defaultPrice(plan)
  return price && { ...price, otherAmounts: {} }
}
