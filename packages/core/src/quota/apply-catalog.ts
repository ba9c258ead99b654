import { catalog, planLimit } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import { writeLimits } from './catalog-store.ts'

/**
 * Rewrites the quotas of current subscriptions to the limits that the catalogue has now, and answers how many
 * rows changed. For server start; a repeat finds nothing to do. A plan that the catalogue dropped gives nothing,
 * as a price of nobody's does.
 */
export async function applyCatalog(ctx: Context): Promise<number> {
  const limits = catalog.planIds.flatMap((plan) =>
    catalog.meterIds.map((meter) => {
      const { limit, unlimited } = planLimit(plan, meter)
      return { plan, meter, limit_amount: limit, unlimited }
    }),
  )
  return writeLimits(ctx.db.pool, limits)
}
