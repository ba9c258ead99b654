import type { PlanId } from '../catalog/index.ts'
import { catalog, isPlan } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'
import type { PlanPrice } from '../stripe/index.ts'
import { currentPrices } from '../stripe/index.ts'

/** A plan and the price at which Stripe sells it now. */
export interface Target {
  plan: PlanId
  price: PlanPrice
}

/** Throws UNKNOWN_PLAN, STRIPE_UNAVAILABLE where Stripe has no price for it. */
export async function findTarget(ctx: Context, plan: PlanId): Promise<Target> {
  if (!isPlan(plan)) throw unknownPlan(plan)
  const price = (await currentPrices(ctx)).get(plan)
  if (price) return { plan, price }
  const message = `${catalog.plans[plan].name} can't be bought at the moment.`
  throw new TollgateError('STRIPE_UNAVAILABLE', message)
}

export function unknownPlan(plan: string): TollgateError {
  const known = catalog.planIds.join(', ')
  return new TollgateError('UNKNOWN_PLAN', `plan: ${JSON.stringify(plan)} is not one of ${known}`)
}
