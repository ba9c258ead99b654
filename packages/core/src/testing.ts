// What tests and benchmarks of other packages need of core, beside its index.ts. Nothing of it is for production.
export { planLimit } from './catalog/index.ts'
export type { Clock } from './clock.ts'
export { ManualClock, systemClock } from './clock.ts'
export { silentLog } from './log.ts'
export { monthOf } from './quota/index.ts'
