// The catalogue at the root of the repository, for tests: the integration guide's meters and plans.
import type { MeterOf, PlanOf } from '@tollgate/core'
import type { catalog } from '../../../tollgate.config.ts'

export { catalog } from '../../../tollgate.config.ts'
export * from '../../../tollgate.helpers.ts'

export type Meter = MeterOf<typeof catalog>
export type PlanId = PlanOf<typeof catalog>
