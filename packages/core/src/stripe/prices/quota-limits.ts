import type { AnyCatalog, Limit, MeterOf } from '../../catalog/index.ts'
import { isPlan, perMeter, planLimit } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { isMissing } from '../stripe-error.ts'
import { knownPrices, planOfPrice } from './plan-of-price.ts'
import { readPricePlans } from './price-store.ts'

/**
 * The limits that a price gives in a month: `get_quota_limits_for_price` of docs/integration-guide.md. Null for a price
 * that maps to no plan: it gives nothing. Throws STRIPE_UNAVAILABLE only for a price that was never seen before.
 */
export async function getQuotaLimitsForPrice<C extends AnyCatalog>(
  ctx: Context<C>,
  priceId: string,
): Promise<Record<MeterOf<C>, Limit> | null> {
  const remembered = await readPricePlans(ctx.db.pool)
  const plan = await findPlan(ctx, priceId, remembered)
  if (plan === null) return null
  return perMeter(ctx.catalog, (meter) => planLimit(ctx.catalog, plan, meter))
}

async function findPlan(
  ctx: Context,
  priceId: string,
  remembered: ReadonlyMap<string, string>,
): Promise<string | null> {
  try {
    const price = await ctx.stripe.call((stripe) => stripe.prices.retrieve(priceId))
    return planOfPrice(price, knownPrices(ctx, remembered))
  } catch (error) {
    const plan = remembered.get(priceId)
    if (plan !== undefined && isPlan(ctx.catalog, plan)) return plan
    if (isMissing(error)) return null
    throw error
  }
}
