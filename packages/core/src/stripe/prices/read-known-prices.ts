import type { Context } from '../../context.ts'
import type { KnownPrices } from './plan-of-price.ts'
import { readPricePlans } from './price-store.ts'

/** What this deployment knows of prices: its catalogue, its environment, and the plans that the database remembers. */
export async function readKnownPrices({ catalog, settings, db }: Context): Promise<KnownPrices> {
  const remembered = await readPricePlans(db.pool)
  return { catalog, configured: settings.priceIds, remembered }
}
