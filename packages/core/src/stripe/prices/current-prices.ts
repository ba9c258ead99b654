import type Stripe from 'stripe'
import type { PlanId } from '../../catalog/index.ts'
import { catalog } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { isMissing } from '../stripe-error.ts'
import { lookupKeyOf } from './plan-of-price.ts'
import type { PlanPrice } from './price-store.ts'
import { rememberPrices } from './price-store.ts'

export type CurrentPrices = ReadonlyMap<PlanId, PlanPrice>

/** A page waits for these, so they fail early. */
const QUICK = { timeout: 8_000, maxNetworkRetries: 1 } as const

/**
 * The price that checkout charges for each plan: the one that the environment names, else the one under the
 * plan's lookup key. A plan that Stripe has no price for is left out. Remembers what it finds, so that whoever
 * subscribes to one of them keeps the plan when the price changes. Throws STRIPE_UNAVAILABLE.
 */
export async function currentPrices(ctx: Context): Promise<CurrentPrices> {
  const [configured, found] = await Promise.all([fetchConfigured(ctx), fetchByLookupKey(ctx)])
  const prices = new Map<PlanId, PlanPrice>()
  for (const plan of catalog.planIds) {
    const isConfigured = ctx.settings.priceIds[plan] !== undefined
    const price = isConfigured
      ? configured.get(plan)
      : found.find(({ lookup_key }) => lookup_key === lookupKeyOf(plan))
    const planPrice = price && toPlanPrice(plan, price)
    if (planPrice) prices.set(plan, planPrice)
    else
      ctx.log.warn({ plan }, 'Stripe has no monthly or yearly price for this plan: push the plans')
  }
  await rememberPrices(ctx.db.pool, [...prices.values()], ctx.clock.now())
  return prices
}

/** Null for a price that can't be subscribed to at an amount a unit. */
export function toPlanPrice(plan: PlanId, price: Stripe.Price): PlanPrice | null {
  const interval = price.recurring?.interval
  if (price.unit_amount === null || !isInterval(interval)) return null
  return { id: price.id, plan, currency: price.currency, unitAmount: price.unit_amount, interval }
}

async function fetchConfigured(ctx: Context): Promise<Map<PlanId, Stripe.Price>> {
  const prices = new Map<PlanId, Stripe.Price>()
  await Promise.all(
    catalog.planIds.map(async (plan) => {
      const id = ctx.settings.priceIds[plan]
      if (id === undefined) return
      try {
        prices.set(plan, await ctx.stripe.call((stripe) => stripe.prices.retrieve(id, {}, QUICK)))
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    }),
  )
  return prices
}

async function fetchByLookupKey(ctx: Context): Promise<Stripe.Price[]> {
  const keys = catalog.planIds
    .filter((plan) => ctx.settings.priceIds[plan] === undefined)
    .map(lookupKeyOf)
  if (keys.length === 0) return []
  const list = { lookup_keys: keys, active: true, limit: 100 }
  const { data } = await ctx.stripe.call((stripe) => stripe.prices.list(list, QUICK))
  return data
}

function isInterval(interval: string | undefined): interval is PlanPrice['interval'] {
  return interval === 'day' || interval === 'week' || interval === 'month' || interval === 'year'
}
