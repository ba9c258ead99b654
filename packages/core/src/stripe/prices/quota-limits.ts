import type { AnyCatalog, Limit, MeterOf } from '../../catalog/index.ts'
import { isPlan, perMeter, planLimit } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { isMissing } from '../stripe-error.ts'
import type { KnownPrices } from './plan-of-price.ts'
import { planOfPrice } from './plan-of-price.ts'
import { readKnownPrices } from './read-known-prices.ts'

/**
 * The limits that a price gives in a month: `get_quota_limits_for_price` of docs/integration-guide.md. Null for a price
 * that maps to no plan: it gives nothing. Throws STRIPE_UNAVAILABLE only for a price that was never seen before.
 */
export async function getQuotaLimitsForPrice<C extends AnyCatalog>(
  ctx: Context<C>,
  priceId: string,
): Promise<Record<MeterOf<C>, Limit> | null> {
  const plan = await findPlan(ctx, priceId, await readKnownPrices(ctx))
  if (plan === null) return null
  return perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, plan, meter))
}

async function findPlan(ctx: Context, priceId: string, known: KnownPrices): Promise<string | null> {
  try {
    const price = await ctx.stripe.call((stripe) => stripe.prices.retrieve(priceId))
    return planOfPrice(price, known)
  } catch (error) {
    const plan = known.remembered.get(priceId)
    if (plan !== undefined && isPlan(ctx.catalog, plan)) return plan
    if (isMissing(error)) return null
    throw error
  }
}
