// The verbs of this domain that other packages use. They build on those of quota.
export { resolveOverage } from './resolve-overage.ts'
export type { OverageCapInput } from './set-overage-cap.ts'
export { setOverageCap } from './set-overage-cap.ts'
