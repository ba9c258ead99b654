import type Stripe from 'stripe'
import { defaultPrice, offeredPlans, planOf, priceLookupKey } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { isMissing } from '../stripe-error.ts'
import type { PlanPrice } from './price-store.ts'
import { rememberPrices } from './price-store.ts'

export type CurrentPrices = ReadonlyMap<string, PlanPrice>

/** How many lookup keys Stripe takes at once. */
const MOST_KEYS = 10
/** A page waits for these calls, so they fail early. */
const QUICK = { timeout: 8_000, maxNetworkRetries: 1 } as const

/**
 * The price that checkout charges for each plan: the one that the environment names, else the one under the
 * plan's lookup key. A plan that Stripe has no price for, or whose price was archived, is left out. Stores what it finds, so that a customer of one of
 * these prices keeps the plan when the plan gets a new price. Throws STRIPE_UNAVAILABLE.
 */
export async function currentPrices(ctx: Context): Promise<CurrentPrices> {
  const [configured, found] = await Promise.all([fetchConfigured(ctx), fetchByLookupKey(ctx)])
  const prices = new Map<string, PlanPrice>()
  for (const plan of offeredPlans(ctx.catalog)) {
    const isConfigured = configuredPrice(ctx, plan) !== undefined
    const price = isConfigured
      ? configured.get(plan)
      : found.find(({ lookup_key }) => lookup_key === lookupKeyOf(ctx, plan))
    const planPrice = price && toPlanPrice(plan, price)
    if (planPrice) prices.set(plan, planPrice)
    else
      ctx.log.warn({ plan }, 'Stripe has no price for this plan that can be sold: run the doctor')
  }
  await rememberPrices(ctx.db.pool, [...prices.values()], ctx.clock.now())
  return prices
}

/** Null for a price that is not recurring, or has no amount per unit. */
export function toPlanPrice(plan: string, price: Stripe.Price): PlanPrice | null {
  const interval = price.recurring?.interval
  if (price.unit_amount === null || !isInterval(interval)) return null
  return { id: price.id, plan, currency: price.currency, unitAmount: price.unit_amount, interval }
}

async function fetchConfigured(ctx: Context): Promise<Map<string, Stripe.Price>> {
  const prices = new Map<string, Stripe.Price>()
  await Promise.all(
    offeredPlans(ctx.catalog).map(async (plan) => {
      const id = configuredPrice(ctx, plan)
      if (id === undefined) return
      try {
        const price = await ctx.stripe.call((stripe) => stripe.prices.retrieve(id, {}, QUICK))
        if (price.active) prices.set(plan, price)
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    }),
  )
  return prices
}

async function fetchByLookupKey(ctx: Context): Promise<Stripe.Price[]> {
  const keys = offeredPlans(ctx.catalog)
    .filter((plan) => configuredPrice(ctx, plan) === undefined)
    .map((plan) => lookupKeyOf(ctx, plan))
  const lists = await Promise.all(
    chunk(keys, MOST_KEYS).map((some) => {
      const list = { lookup_keys: some, active: true, limit: 100 }
      return ctx.stripe.call((stripe) => stripe.prices.list(list, QUICK))
    }),
  )
  return lists.flatMap(({ data }) => data)
}

/** The id of a plan's default price in the environment. */
export function configuredPrice({ catalog, settings }: Context, plan: string): string | undefined {
  return settings.priceIds[plan]?.[defaultPrice(planOf(catalog, plan))?.interval ?? 'month']
}

/** What a plan's default price is found by in Stripe. */
export function lookupKeyOf({ catalog }: Context, plan: string): string {
  return priceLookupKey(plan, defaultPrice(planOf(catalog, plan))?.interval)
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const starts = items.flatMap((_, index) => (index % size === 0 ? [index] : []))
  return starts.map((start) => items.slice(start, start + size))
}

function isInterval(interval: string | undefined): interval is PlanPrice['interval'] {
  return interval === 'day' || interval === 'week' || interval === 'month' || interval === 'year'
}
