import type { AnyCatalog } from '../../catalog/index.ts'
import { isPlan, priceLookupKey } from '../../catalog/index.ts'
import type { PriceIds } from '../../context.ts'

/** The part of a Stripe price by which it is mapped to a plan. */
export interface PriceLabels {
  id: string
  lookup_key: string | null
  metadata: Record<string, string>
}

/** The metadata of a product or price that names its plan. */
export const PLAN_MARK = 'tollgate_plan'

/** What we know about prices beyond what Stripe has in them. */
export interface KnownPrices {
  catalog: AnyCatalog
  /** Price ids from the environment. */
  configured: PriceIds
  /** The plan of every price that was ever mapped to one. */
  remembered: ReadonlyMap<string, string>
}

/**
 * The plan that a price maps to; null: it gives no quota. By environment, by lookup key, by the stored prices (a price
 * that lost its lookup key to its successor may still be paid), then by metadata. Retired plans too: their customers
 * keep them. Source: docs/contract.md.
 */
export function planOfPrice(price: PriceLabels, known: KnownPrices): string | null {
  const { catalog } = known
  const candidates = [
    catalog.planIds.find((plan) => isConfigured(known.configured[plan], price.id)),
    catalog.planIds.find((plan) => isKeyOf(plan, price.lookup_key)),
    known.remembered.get(price.id),
    price.metadata[PLAN_MARK],
  ]
  return candidates.find((plan) => plan !== undefined && isPlan(catalog, plan)) ?? null
}

function isConfigured(ids: PriceIds[string] | undefined, id: string): boolean {
  return ids?.month === id || ids?.year === id
}

function isKeyOf(plan: string, key: string | null): boolean {
  return key === priceLookupKey(plan, 'month') || key === priceLookupKey(plan, 'year')
}
