import type { Interval, PlanInterval } from '../catalog/index.ts'
import { checkOffered, intervalOf, planOf, priceLookupKey } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { PlanPrice } from '../stripe/index.ts'
import { currentPrices } from '../stripe/index.ts'

/** A plan at an interval, and the price at which Stripe sells it now. */
export interface Target extends PlanInterval {
  /** The plan's, as people read it. */
  name: string
  price: PlanPrice
}

/** What a caller asks for: a plan, by its default interval unless another is named. */
export interface Wanted {
  plan: string
  interval?: Interval | undefined
}

/**
 * The plan and interval that a caller asks for. Throws UNKNOWN_PLAN for what is not offered, VALIDATION for the free plan
 * and for an interval at which the plan is not sold.
 */
export function checkWanted({ catalog }: Context, { plan, interval }: Wanted): PlanInterval {
  checkOffered(catalog, plan)
  return { plan, interval: intervalOf(catalog, plan, interval) }
}

/**
 * Throws what `checkWanted` throws, UNKNOWN_PLAN also where the price at Stripe can't be offered truly;
 * STRIPE_UNAVAILABLE where Stripe has no price for it.
 */
export async function findTarget(ctx: Context, wanted: Wanted): Promise<Target> {
  const { plan, interval } = checkWanted(ctx, wanted)
  const { name } = planOf(ctx.catalog, plan)
  const offer = (await currentPrices(ctx)).get(priceLookupKey(plan, interval))
  if (offer && 'price' in offer) return { plan, interval, name, price: offer.price }
  if (offer) throw new TollgateError('UNKNOWN_PLAN', `${name} is not on offer at the moment.`)
  const message = `${name} can't be bought at the moment.`
  throw new TollgateError('STRIPE_UNAVAILABLE', message)
}
