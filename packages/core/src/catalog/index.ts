export type { Catalog, MeterDefinition, PlanDefinition } from './define-plans.ts'
export { definePlans } from './define-plans.ts'
export type { Limit, Meter, PlanId } from './plans.ts'
export { catalog, isMeter, isPlan, planLimit } from './plans.ts'
