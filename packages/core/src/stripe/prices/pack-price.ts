import type Stripe from 'stripe'
import { packLookupKey } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { isMissing } from '../stripe-error.ts'
import { amountIn, hasUnitAmount } from './amount.ts'

/** The metadata of a product or price that names its pack. */
export const PACK_MARK = 'tollgate_pack'

/** A person waits for these calls. */
const QUICK = { timeout: 8_000, maxNetworkRetries: 1 } as const

/** The id of a pack's price in the environment. */
export function configuredPackPrice({ settings }: Context, pack: string): string | undefined {
  return settings.packPriceIds?.[pack]
}

/**
 * The price at which a pack is sold, with its amounts in all currencies: the one that the environment names, else the
 * one under the pack's lookup key. Null where Stripe has none. Throws STRIPE_UNAVAILABLE.
 */
export async function findPackPrice(ctx: Context, pack: string): Promise<Stripe.Price | null> {
  const id = configuredPackPrice(ctx, pack)
  if (id === undefined) return findPackPriceByKey(ctx, pack)
  try {
    const expand = { expand: ['currency_options'] }
    return await ctx.stripe.call((stripe) => stripe.prices.retrieve(id, expand, QUICK))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The price under a pack's lookup key; null where there is none. Throws STRIPE_UNAVAILABLE. */
export async function findPackPriceByKey(ctx: Context, pack: string): Promise<Stripe.Price | null> {
  const list = {
    lookup_keys: [packLookupKey(pack)],
    active: true,
    limit: 1,
    expand: ['data.currency_options'],
  }
  const { data } = await ctx.stripe.call((stripe) => stripe.prices.list(list, QUICK))
  return data[0] ?? null
}

/** Why a price can't be that of a pack: so much for one, paid once. Null: it can. Its amount may be any. */
export function packPriceRefusal(price: Stripe.Price): string | null {
  if (!price.active) return 'is archived'
  if (price.recurring) return `is paid each ${price.recurring.interval}`
  if (!hasUnitAmount(price)) return 'has tiers or packages'
  return amountIn(price, price.currency) === null ? 'has no whole amount for one' : null
}

/** Whether a price is sold in a currency. */
export function isSoldIn(price: Stripe.Price, currency: string): boolean {
  return amountIn(price, currency) !== null
}
