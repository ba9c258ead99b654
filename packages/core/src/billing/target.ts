import { checkOffered, planOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { PlanPrice } from '../stripe/index.ts'
import { currentPrices } from '../stripe/index.ts'

/** A plan and the price at which Stripe sells it now. */
export interface Target {
  plan: string
  /** The plan's, as people read it. */
  name: string
  price: PlanPrice
}

/**
 * Throws UNKNOWN_PLAN for what is not offered, also where the price at Stripe can't be offered truly; STRIPE_UNAVAILABLE
 * where Stripe has no price for it.
 */
export async function findTarget(ctx: Context, plan: string): Promise<Target> {
  checkOffered(ctx.catalog, plan)
  const { name } = planOf(ctx.catalog, plan)
  const offer = (await currentPrices(ctx)).get(plan)
  if (offer && 'price' in offer) return { plan, name, price: offer.price }
  if (offer) throw new TollgateError('UNKNOWN_PLAN', `${name} is not on offer at the moment.`)
  const message = `${name} can't be bought at the moment.`
  throw new TollgateError('STRIPE_UNAVAILABLE', message)
}
