export type {
  AnyCatalog,
  Catalog,
  CatalogPrice,
  Feature,
  FeatureOf,
  Limit,
  Meter,
  MeterOf,
  Pack,
  PackOf,
  Plan,
  PlanOf,
} from './catalog.ts'
export {
  checkMeter,
  checkOffered,
  checkPlan,
  defaultPrice,
  findPlan,
  isMeter,
  isPlan,
  meterOf,
  offeredPlans,
  perMeter,
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
export {
  meterEventName,
  overageLookupKey,
  packLookupKey,
  packVariable,
  priceLookupKey,
  priceVariable,
} from './stripe-names.ts'
export type { CatalogView } from './view-catalog.ts'
export { viewCatalog } from './view-catalog.ts'
