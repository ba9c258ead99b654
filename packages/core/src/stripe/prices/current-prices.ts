import type Stripe from 'stripe'
import type { PlanInterval } from '../../catalog/index.ts'
import { offeredIntervals, planOf, priceLookupKey, pricesAt } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { isMissing } from '../stripe-error.ts'
import type { Offer } from './offer.ts'
import { offerOf } from './offer.ts'
import { rememberPrices } from './price-store.ts'

/** By lookup key. A plan and interval that Stripe has no price for is left out. */
export type CurrentPrices = ReadonlyMap<string, Offer>

/** How many lookup keys Stripe takes at once. */
const MOST_KEYS = 10
/** A page waits for these calls, so they fail early. */
const QUICK = { timeout: 8_000, maxNetworkRetries: 1 } as const

/**
 * The price that checkout charges for each plan and interval: the one that the environment names, else the one under the
 * lookup key; or why that can't be offered. Stores what it finds, so that a customer of one of these prices keeps the
 * plan when the plan gets a new price. Throws STRIPE_UNAVAILABLE.
 */
export async function currentPrices(ctx: Context): Promise<CurrentPrices> {
  const [configured, found] = await Promise.all([fetchConfigured(ctx), fetchByLookupKey(ctx)])
  const offers = new Map<string, Offer>()
  for (const { plan, interval } of offeredIntervals(ctx.catalog)) {
    const key = priceLookupKey(plan, interval)
    const isConfigured = configuredPrice(ctx, { plan, interval }) !== undefined
    const price = isConfigured
      ? configured.get(key)
      : found.find(({ lookup_key }) => lookup_key === key)
    const [declared] = pricesAt(planOf(ctx.catalog, plan), interval)
    const offer = price && offerOf(plan, price, declared)
    if (offer) offers.set(key, offer)
    const of = { plan, interval }
    if (!offer) ctx.log.warn(of, 'Stripe has no price for this plan: push the plans')
    else if ('refused' in offer) ctx.log.warn({ ...of, reason: offer.refused }, 'not offered')
  }
  const sold = [...offers.values()].flatMap((offer) => ('price' in offer ? [offer.price] : []))
  await rememberPrices(ctx.db.pool, sold, ctx.clock.now())
  return offers
}

const OPTIONS = 'currency_options'

async function fetchConfigured(ctx: Context): Promise<Map<string, Stripe.Price>> {
  const prices = new Map<string, Stripe.Price>()
  await Promise.all(
    offeredIntervals(ctx.catalog).map(async (of) => {
      const id = configuredPrice(ctx, of)
      if (id === undefined) return
      try {
        const expand = { expand: [OPTIONS] }
        prices.set(
          priceLookupKey(of.plan, of.interval),
          await ctx.stripe.call((stripe) => stripe.prices.retrieve(id, expand, QUICK)),
        )
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    }),
  )
  return prices
}

async function fetchByLookupKey(ctx: Context): Promise<Stripe.Price[]> {
  const keys = offeredIntervals(ctx.catalog)
    .filter((of) => configuredPrice(ctx, of) === undefined)
    .map(({ plan, interval }) => priceLookupKey(plan, interval))
  const lists = await Promise.all(
    chunk(keys, MOST_KEYS).map((some) => {
      const list = { lookup_keys: some, active: true, limit: 100, expand: [`data.${OPTIONS}`] }
      return ctx.stripe.call((stripe) => stripe.prices.list(list, QUICK))
    }),
  )
  return lists.flatMap(({ data }) => data)
}

/** The id of a plan's price in the environment. */
export function configuredPrice(
  { settings }: Context,
  { plan, interval }: PlanInterval,
): string | undefined {
  return settings.priceIds[plan]?.[interval]
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const starts = items.flatMap((_, index) => (index % size === 0 ? [index] : []))
  return starts.map((start) => items.slice(start, start + size))
}
