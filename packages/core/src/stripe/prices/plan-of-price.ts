import type { PlanId } from '../../catalog/index.ts'
import { catalog, isPlan } from '../../catalog/index.ts'

/** The part of a Stripe price that tells what it stands for. */
export interface PriceLabels {
  id: string
  lookup_key: string | null
  metadata: Record<string, string>
}

/** What we know of prices beyond what they say of themselves. */
export interface KnownPrices {
  /** Price ids from the environment. */
  configured: Partial<Record<PlanId, string>>
  /** The plan of every price that ever stood for one. */
  remembered: ReadonlyMap<string, string>
}

/** The lookup key under which Stripe finds a plan's price. */
export function lookupKeyOf(plan: PlanId): string {
  return `tollgate_${plan}`
}

/**
 * The plan that a price stands for, or null: then it gives nothing. By environment, lookup key, memory (a price
 * that lost its lookup key to its successor is still being paid), then metadata. Source: contract.
 */
export function planOfPrice(price: PriceLabels, known: KnownPrices): PlanId | null {
  const { planIds } = catalog
  const candidates = [
    planIds.find((plan) => known.configured[plan] === price.id),
    planIds.find((plan) => lookupKeyOf(plan) === price.lookup_key),
    known.remembered.get(price.id),
    price.metadata['tollgate_plan'],
  ]
  return candidates.find((plan) => plan !== undefined && isPlan(plan)) ?? null
}
