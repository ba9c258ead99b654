import { defaultPrice, offeredPlans, perMeter, planLimit, planOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { configuredPrice, offeredPrices } from '../stripe/index.ts'

/** A plan as it is offered. `unitAmount` is in the minor unit of `currency`. */
export interface PlanOffer {
  id: string
  name: string
  description: string
  currency: string
  unitAmount: number
  interval: 'day' | 'week' | 'month' | 'year'
  /** A month's limit; 0 where unlimited. */
  limits: Record<string, number>
  unlimited: Record<string, boolean>
  trialDays: number
}

/**
 * The plans that can be bought, in the catalogue's order. The amount is that of the Stripe price that checkout charges,
 * at most a minute old. While Stripe can't be reached, or has no such price, it is the catalogue's. A plan whose price
 * is named by the environment and can't be sold (it was archived, say) is not offered.
 */
export async function listPlans(ctx: Context): Promise<PlanOffer[]> {
  const prices = await offeredPrices(ctx)
  return offeredPlans(ctx.catalog).flatMap((id) => {
    const plan = planOf(ctx.catalog, id)
    const isGone = prices !== null && !prices.has(id) && configuredPrice(ctx, id) !== undefined
    const price = prices?.get(id) ?? defaultPrice(plan)
    if (isGone || price === undefined) return []
    const { name, description, trialDays } = plan
    const { currency, unitAmount, interval } = price
    return {
      id,
      name,
      description,
      currency,
      unitAmount,
      interval,
      limits: perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, id, meter).limit),
      unlimited: perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, id, meter).unlimited),
      trialDays,
    }
  })
}
