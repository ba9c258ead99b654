import type { Meter, PlanId } from '../catalog/index.ts'
import { catalog, perMeter, planLimit } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { offeredPrices } from '../stripe/index.ts'

/** A plan as it is offered. `unitAmount` is in the minor unit of `currency`. */
export interface PlanOffer {
  id: PlanId
  name: string
  description: string
  currency: string
  unitAmount: number
  interval: 'day' | 'week' | 'month' | 'year'
  /** A month's limit; 0 where unlimited. */
  limits: Record<Meter, number>
  unlimited: Record<Meter, boolean>
  trialDays: number
}

/**
 * The plans, in the catalogue's order. The amount is that of the Stripe price that checkout will charge, at
 * most a minute old; while Stripe is away or lacks the price, the catalogue's.
 */
export async function listPlans(ctx: Context): Promise<PlanOffer[]> {
  const prices = await offeredPrices(ctx)
  return catalog.planIds.map((id) => {
    const { name, description, trialDays, ...declared } = catalog.plans[id]
    const { currency, unitAmount, interval } = prices.get(id) ?? declared
    return {
      id,
      name,
      description,
      currency,
      unitAmount,
      interval,
      limits: perMeter((meter) => planLimit(id, meter).limit),
      unlimited: perMeter((meter) => planLimit(id, meter).unlimited),
      trialDays,
    }
  })
}
