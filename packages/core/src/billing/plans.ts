import type { Meter, PlanId } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

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
export async function listPlans(_ctx: Context): Promise<PlanOffer[]> {
  throw new TollgateError('INTERNAL', 'not yet')
}
