import type { AnyCatalog } from '../../catalog/index.ts'
import { isPlan, priceLookupKey } from '../../catalog/index.ts'
import type { Context, PriceIds } from '../../context.ts'

/** The part of a Stripe price that tells what it stands for. */
export interface PriceLabels {
  id: string
  lookup_key: string | null
  metadata: Record<string, string>
}

/** What we know of prices beyond what they say of themselves. */
export interface KnownPrices {
  catalog: AnyCatalog
  /** Price ids from the environment. */
  configured: PriceIds
  /** The plan of every price that ever stood for one. */
  remembered: ReadonlyMap<string, string>
}

/** What a deployment knows of prices, with the plans that the database remembers. */
export function knownPrices(
  { catalog, settings }: Pick<Context, 'catalog' | 'settings'>,
  remembered: ReadonlyMap<string, string>,
): KnownPrices {
  return { catalog, configured: settings.priceIds, remembered }
}

/**
 * The plan that a price stands for, or null: then it gives nothing. By environment, lookup key, memory (a price
 * that lost its lookup key to its successor is still being paid), then metadata. Source: contract.
 */
export function planOfPrice(price: PriceLabels, known: KnownPrices): string | null {
  const { catalog } = known
  const candidates = [
    catalog.planIds.find((plan) => isConfigured(known.configured[plan], price.id)),
    catalog.planIds.find((plan) => isKeyOf(plan, price.lookup_key)),
    known.remembered.get(price.id),
    price.metadata['tollgate_plan'],
  ]
  return candidates.find((plan) => plan !== undefined && isPlan(catalog, plan)) ?? null
}

function isConfigured(ids: PriceIds[string] | undefined, id: string): boolean {
  return ids?.month === id || ids?.year === id
}

function isKeyOf(plan: string, key: string | null): boolean {
  return key === priceLookupKey(plan, 'month') || key === priceLookupKey(plan, 'year')
}
