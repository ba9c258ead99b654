import { CatalogError, planLimit } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import { countUsersOfOtherPlans, writeLimits } from './catalog-store.ts'
import { changedResets, describeChange, resetsOf } from './changed-resets.ts'
import { writeResets } from './resets-store.ts'

/**
 * Rewrites the quotas of current subscriptions to the limits that the catalogue has now, and returns how many
 * rows changed. For server start; a repeat finds nothing to do. Throws a CatalogError, and has changed nothing, where
 * the catalogue lacks a plan that a customer has or had, and where a meter with use resets otherwise than before, unless
 * that is accepted: everybody's count of it begins anew.
 */
export async function applyCatalog(
  ctx: Context,
  { acceptResets = false }: { acceptResets?: boolean } = {},
): Promise<number> {
  await assertNoPlanIsMissing(ctx)
  if (!acceptResets) await assertSameResets(ctx)
  await writeResets(ctx.db.pool, resetsOf(ctx))
  const limits = ctx.catalog.planIds.flatMap((plan) =>
    ctx.catalog.meterIds.map((meter) => {
      const { limit, unlimited } = planLimit(ctx.catalog, plan, meter)
      return { plan, meter, limit_amount: limit, unlimited }
    }),
  )
  return writeLimits(ctx.db.pool, limits)
}

/** A plan that was sold stays in the catalogue: taken out by accident, it would take the quota of who pays for it. */
async function assertNoPlanIsMissing({ catalog, db }: Context): Promise<void> {
  const missing = await countUsersOfOtherPlans(db.pool, catalog.planIds)
  const issues = missing.map(({ plan, current, ever }) => {
    const who = current > 0 ? `${customers(current)} on it` : `${customers(ever)} that had it`
    const message = `is not in the catalogue, and there ${ever === 1 ? 'is' : 'are'} ${who}. Put it back with retired: true, then nobody can buy it`
    return { path: `plans.${plan}`, message }
  })
  if (issues.length > 0) throw new CatalogError(issues)
}

async function assertSameResets(ctx: Context): Promise<void> {
  const issues = (await changedResets(ctx)).map((change) => ({
    path: `meters.${change.meter}.resets`,
    message: `${describeChange(change)}. Put it back, or start once with --accept-resets`,
  }))
  if (issues.length > 0) throw new CatalogError(issues)
}

function customers(count: number): string {
  return count === 1 ? '1 customer' : `${count} customers`
}
