import type { Context } from '../context.ts'
import type { DriftCount } from './reconcile-store.ts'
import { countDrift, readLastRun } from './reconcile-store.ts'

/** The last reconcile run. Instants are ISO 8601, UTC. */
export interface LastReconcile {
  startedAt: string
  /** Null while it is not finished. */
  finishedAt: string | null
  /** How many customers were compared. */
  customers: number
  counts: DriftCount[]
  /** How many differences it could not repair. */
  unrepaired: number
}

/** The reconcile run that began last; null before the first one. */
export async function lastReconcile(ctx: Context): Promise<LastReconcile | null> {
  const run = await readLastRun(ctx.db.pool)
  if (!run) return null
  const counts = await countDrift(ctx.db.pool, run.id)
  return {
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    customers: run.customers,
    counts,
    unrepaired: counts.reduce((sum, { found, repaired }) => sum + found - repaired, 0),
  }
}

/** How many differences all runs have found, by kind. */
export function driftTotals(ctx: Context): Promise<DriftCount[]> {
  return countDrift(ctx.db.pool, null)
}
