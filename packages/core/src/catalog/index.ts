export type {
  AnyCatalog,
  Catalog,
  CatalogPrice,
  Feature,
  FeatureOf,
  FeatureValue,
  Limit,
  Meter,
  MeterOf,
  Pack,
  PackOf,
  Plan,
  PlanOf,
} from './catalog.ts'
export {
  checkFeature,
  checkMeter,
  checkPlan,
  findPlan,
  isMeter,
  isPlan,
  meterOf,
  perMeter,
  planFeature,
  planLimit,
  planOf,
} from './catalog.ts'
export type { CatalogIssue } from './catalog-error.ts'
export { CatalogError } from './catalog-error.ts'
export { definePlans } from './define-plans.ts'
export type {
  Amounts,
  CatalogDefinition,
  FeatureDefinition,
  Interval,
  LimitDefinition,
  MeterDefinition,
  OverageDefinition,
  PackDefinition,
  PlanDefinition,
  Resets,
} from './definition.ts'
export type { PlanInterval } from './offered.ts'
export {
  checkCurrency,
  checkOffered,
  freePlan,
  intervalOf,
  offeredIntervals,
  offeredPlans,
  pricesAt,
} from './offered.ts'
export {
  meterEventName,
  overageLookupKey,
  packLookupKey,
  packVariable,
  priceLookupKey,
  priceVariable,
} from './stripe-names.ts'
export { exactUnitPrice } from './unit-price.ts'
export type { CatalogView } from './view-catalog.ts'
export { viewCatalog } from './view-catalog.ts'
