import type { AnyCatalog, CatalogPrice, MeterOf, Pack, PackOf, PlanOf } from './catalog.ts'
import { meterOf, planLimit, planOf } from './catalog.ts'
import type { Interval, Resets } from './definition.ts'

/** What is metered and sold, as pages and siblings read it. Lists are in the catalogue's order. */
export interface CatalogView<
  M extends string = string,
  P extends string = string,
  K extends string = string,
> {
  defaultCurrency: string
  meters: { id: M; name: string; unit: [singular: string, plural: string]; resets: Resets }[]
  features: { id: string; name: string; type: 'boolean' | 'number' }[]
  plans: PlanView<M, P>[]
  packs: PackView<M, K>[]
}

export interface PlanView<M extends string, P extends string> {
  id: P
  name: string
  description: string
  trialDays: number
  /** What users have who subscribe to nothing. */
  free: boolean
  /** Not offered any more; customers who have it keep it. */
  retired: boolean
  /** As declared, the default first; in the currency's minor unit. */
  prices: { interval: Interval; currency: string; unitAmount: number }[]
  limits: { meter: M; limit: number; unlimited: boolean }[]
  features: { feature: string; value: boolean | number }[]
}

export interface PackView<M extends string, K extends string> {
  id: K
  name: string
  meter: M
  amount: number
  expiresAfterDays: number | null
  prices: { currency: string; unitAmount: number }[]
}

/**
 * The whole catalogue of this deployment, retired plans too, so that customers who have one see its name. Prices are the
 * declared ones; what checkout charges is `listPlans`. Asks neither the database nor Stripe.
 */
export function viewCatalog<C extends AnyCatalog>(
  catalog: C,
): CatalogView<MeterOf<C>, PlanOf<C>, PackOf<C>> {
  const meterIds: readonly MeterOf<C>[] = catalog.meterIds
  const planIds: readonly PlanOf<C>[] = catalog.planIds
  return {
    defaultCurrency: catalog.defaultCurrency,
    meters: meterIds.map((id) => {
      const { name, unit, resets } = meterOf(catalog, id)
      return { id, name, unit: [...unit], resets }
    }),
    features: Object.entries(catalog.features).map(([id, feature]) => ({ id, ...feature })),
    plans: planIds.map((id) => viewPlan(catalog, id)),
    packs: Object.entries<Pack>(catalog.packs).map(([id, { price, ...pack }]) => ({
      id,
      ...pack,
      prices: Object.entries(price).map(([currency, unitAmount]) => ({ currency, unitAmount })),
    })),
  }
}

function viewPlan<C extends AnyCatalog>(
  catalog: C,
  id: PlanOf<C>,
): PlanView<MeterOf<C>, PlanOf<C>> {
  const { name, description, trialDays, retired, prices, features } = planOf(catalog, id)
  return {
    id,
    name,
    description,
    trialDays,
    free: prices.length === 0,
    retired,
    prices: prices.map((price: CatalogPrice) => ({ ...price })),
    limits: catalog.meterIds.map((meter: MeterOf<C>) => ({
      meter,
      ...planLimit(catalog, id, meter),
    })),
    features: Object.entries(features).map(([feature, value]) => ({ feature, value })),
  }
}
