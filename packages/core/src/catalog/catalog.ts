import { invalid, TollgateError } from '../errors.ts'
import type {
  Amounts,
  CheckoutDefinition,
  Interval,
  OverageDefinition,
  Resets,
} from './definition.ts'

/** A window's limit; where `unlimited`, `limit` is 0 and says nothing. */
export interface Limit {
  limit: number
  unlimited: boolean
}

export interface Meter {
  readonly name: string
  readonly unit: readonly [singular: string, plural: string]
  readonly resets: Resets
}

export interface Feature {
  readonly name: string
  readonly type: 'boolean' | 'number'
}

/** One price of a plan, in the currency's minor unit. */
export interface CatalogPrice {
  readonly interval: Interval
  readonly currency: string
  readonly unitAmount: number
}

export interface Plan<M extends string = string, F extends string = string> {
  readonly name: string
  readonly description: string
  readonly trialDays: number
  readonly retired: boolean
  /** The default price first; none for the free plan. */
  readonly prices: readonly CatalogPrice[]
  readonly limits: Readonly<Record<M, Limit>>
  readonly features: Readonly<Record<F, boolean | number>>
  readonly overage: { readonly [K in M]?: OverageDefinition }
}

export interface Pack<M extends string = string> {
  readonly name: string
  readonly meter: M
  readonly amount: number
  readonly price: Amounts
  readonly expiresAfterDays: number | null
}

/**
 * A deployment's meters, features, plans and packs, complete and checked, as `definePlans` makes it. Names, units and
 * order on pages come from here, and so do schemas, rows and what is pushed to Stripe.
 */
export interface Catalog<
  M extends string = string,
  P extends string = string,
  F extends string = string,
  K extends string = string,
> {
  readonly meters: Readonly<Record<M, Meter>>
  readonly features: Readonly<Record<F, Feature>>
  readonly plans: Readonly<Record<P, Plan<M, F>>>
  readonly packs: Readonly<Record<K, Pack<M>>>
  readonly alerts: readonly number[]
  readonly checkout: Required<CheckoutDefinition>
  /** The currency that every price is also given in. */
  readonly defaultCurrency: string
  /** In the order of their declaration, as all ids are. */
  readonly meterIds: readonly M[]
  readonly featureIds: readonly F[]
  readonly planIds: readonly P[]
  readonly packIds: readonly K[]
}

/** What reads a catalogue of unknown names. */
export type AnyCatalog = Catalog

export type MeterOf<C extends AnyCatalog> = C['meterIds'][number]
export type PlanOf<C extends AnyCatalog> = C['planIds'][number]
export type FeatureOf<C extends AnyCatalog> = C['featureIds'][number]
export type PackOf<C extends AnyCatalog> = C['packIds'][number]

/** What a plan gives of a feature: true or false, or a number where the catalogue says so. */
export type FeatureValue<
  C extends AnyCatalog,
  F extends FeatureOf<C> = FeatureOf<C>,
> = C['features'][F]['type'] extends infer T ? (T extends 'number' ? number : boolean) : never

/** Throws VALIDATION for a feature that the catalogue lacks, and names those that it has. */
export function checkFeature(catalog: AnyCatalog, feature: string): void {
  if (Object.hasOwn(catalog.features, feature)) return
  throw invalid('feature', isNotOneOf(feature, catalog.featureIds))
}

/** What a plan gives of a feature; no plan, and a plan or feature that the catalogue lacks: false or 0. */
export function planFeature(
  catalog: AnyCatalog,
  plan: string | null,
  feature: string,
): boolean | number {
  const given = plan === null ? {} : (findPlan(catalog, plan)?.features ?? {})
  const value = Object.hasOwn(given, feature) ? given[feature] : undefined
  const isNumber =
    Object.hasOwn(catalog.features, feature) && catalog.features[feature]?.type === 'number'
  return value ?? (isNumber ? 0 : false)
}

export function isMeter<C extends AnyCatalog>(catalog: C, value: string): value is MeterOf<C> {
  return Object.hasOwn(catalog.meters, value)
}

/** Throws UNKNOWN_METER for a meter that the catalogue lacks, and names those that it has. */
export function checkMeter(catalog: AnyCatalog, meter: string): void {
  if (isMeter(catalog, meter)) return
  throw new TollgateError('UNKNOWN_METER', notOneOf('meter', meter, catalog.meterIds))
}

export function isPlan<C extends AnyCatalog>(catalog: C, value: string): value is PlanOf<C> {
  return Object.hasOwn(catalog.plans, value)
}

/** Throws UNKNOWN_PLAN for a plan that the catalogue lacks, and names those that it has, retired ones too. */
export function checkPlan(catalog: AnyCatalog, plan: string): void {
  if (isPlan(catalog, plan)) return
  throw new TollgateError('UNKNOWN_PLAN', notOneOf('plan', plan, catalog.planIds))
}

export function notOneOf(field: string, id: string, known: readonly string[]): string {
  return `${field}: ${isNotOneOf(id, known)}`
}

function isNotOneOf(id: string, known: readonly string[]): string {
  return `${JSON.stringify(id)} is not one of ${known.join(', ')}`
}

/** The plan of an id that the catalogue may lack. */
export function findPlan(catalog: AnyCatalog, id: string): Plan | undefined {
  return Object.hasOwn(catalog.plans, id) ? catalog.plans[id] : undefined
}

/** The plan of an id that is known to be in the catalogue. Throws on any other. */
export function planOf(catalog: AnyCatalog, id: string): Plan {
  const plan = findPlan(catalog, id)
  if (plan === undefined) throw new Error(`There is no plan ${id} in the catalogue`)
  return plan
}

/** The meter of an id that is known to be in the catalogue. Throws on any other. */
export function meterOf(catalog: AnyCatalog, id: string): Meter {
  const meter = Object.hasOwn(catalog.meters, id) ? catalog.meters[id] : undefined
  if (meter === undefined) throw new Error(`There is no meter ${id} in the catalogue`)
  return meter
}

/** What a plan allows of a meter in a window; nothing of a plan or meter that the catalogue lacks. */
export function planLimit(catalog: AnyCatalog, plan: string, meter: string): Limit {
  const limits = findPlan(catalog, plan)?.limits ?? {}
  return (Object.hasOwn(limits, meter) && limits[meter]) || { limit: 0, unlimited: false }
}

/** Something for each meter. */
export function perMeter<C extends AnyCatalog, T>(
  catalog: C,
  value: (meter: MeterOf<C>) => T,
): Record<MeterOf<C>, T> {
  const entries = catalog.meterIds.map((meter: MeterOf<C>) => [meter, value(meter)] as const)
  // Object.fromEntries forgets which keys it was given; these are all of them.
  return Object.fromEntries(entries) as Record<MeterOf<C>, T>
}
