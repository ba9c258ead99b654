import { amountsOf, defaultCurrencyOf } from './amounts.ts'
import type { Catalog, CatalogPrice, Feature, Limit, Meter, Pack, Plan } from './catalog.ts'
import { checkDefinition } from './check/definition.ts'
import type {
  AnyDefinition,
  AnyPlanDefinition,
  CatalogDefinition,
  CheckoutDefinition,
  FeatureDefinition,
  LimitDefinition,
  PackDefinition,
} from './definition.ts'

/**
 * Declares what a deployment meters and sells, once. Every type, schema, row, Stripe price and page follows from it.
 * Throws a CatalogError that names each mistake by its path, and the fix.
 */
export function definePlans<
  const M extends string,
  const P extends string,
  const D extends Readonly<Record<string, FeatureDefinition>> = Record<never, FeatureDefinition>,
  const K extends string = never,
>(definition: CatalogDefinition<M, P, D, K>): Catalog<M, P, keyof D & string, K> & FeatureTypes<D> {
  // The names are the caller's. Inside they are any strings; the type of the result has them again.
  const any = definition as unknown as AnyDefinition
  checkDefinition(any)
  return catalogFrom(any) as Catalog<M, P, keyof D & string, K> & FeatureTypes<D>
}

/** Which features are numbers, as far as the declaration says it in its type. */
interface FeatureTypes<D> {
  readonly features: { readonly [F in keyof D]: { readonly type: FeatureType<D[F]> } }
}

type FeatureType<D> = FeatureDefinition extends D
  ? Feature['type']
  : D extends { readonly type: 'number' }
    ? 'number'
    : 'boolean'

function catalogFrom(definition: AnyDefinition): Catalog {
  const { meters, features = {}, plans, packs = {}, alerts = [], checkout = {} } = definition
  const meterIds = Object.keys(meters)
  return {
    meters: mapValues(
      meters,
      ({ name, unit, resets = 'month' }): Meter => ({ name, unit, resets }),
    ),
    features: mapValues(features, ({ name, type = 'boolean' }): Feature => ({ name, type })),
    plans: mapValues(plans, (plan) => planFrom(plan, meterIds, features)),
    packs: mapValues(packs, packFrom),
    alerts,
    checkout: checkoutFrom(checkout),
    defaultCurrency: defaultCurrencyOf(definition),
    meterIds,
    featureIds: Object.keys(features),
    planIds: Object.keys(plans),
    packIds: Object.keys(packs),
  }
}

function planFrom(
  plan: AnyPlanDefinition,
  meterIds: readonly string[],
  features: Readonly<Record<string, FeatureDefinition>>,
): Plan {
  const { name, description, trialDays = 0, retired = false, overage = {} } = plan
  const limits = meterIds.map((id) => [id, limitFrom(plan.limits[id] ?? 'none')] as const)
  const given = Object.entries(features).map(([id, { type }]) => {
    const value = Object.hasOwn(plan.features ?? {}, id) ? plan.features?.[id] : undefined
    return [id, value ?? (type === 'number' ? 0 : false)] as const
  })
  return {
    name,
    description,
    trialDays,
    retired,
    prices: pricesOf(plan),
    limits: Object.fromEntries(limits),
    features: Object.fromEntries(given),
    overage,
  }
}

function packFrom({
  name,
  meter,
  amount,
  price,
  expiresAfterDays = null,
}: PackDefinition<string>): Pack {
  return { name, meter, amount, price, expiresAfterDays }
}

function checkoutFrom({
  promotionCodes = false,
  automaticTax = false,
  taxIds = false,
}: CheckoutDefinition): Required<CheckoutDefinition> {
  return { promotionCodes, automaticTax, taxIds }
}

function limitFrom(limit: LimitDefinition): Limit {
  if (limit === 0 || limit === 'unlimited') return { limit: 0, unlimited: true }
  return { limit: limit === 'none' ? 0 : limit, unlimited: false }
}

/** The prices of a plan: by the month before by the year, in the order of the currencies. */
function pricesOf(plan: AnyPlanDefinition): CatalogPrice[] {
  const byInterval = amountsOf(plan)
  return byInterval.flatMap(([interval, amounts]) => {
    return Object.entries(amounts).map(([currency, unitAmount]) => ({
      interval,
      currency,
      unitAmount,
    }))
  })
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
