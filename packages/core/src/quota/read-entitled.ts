import { meterOf } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Count } from './balance/beyond.ts'
import { overageAt } from './balance/overage.ts'
import type { Entitlement } from './entitlement.ts'
import { entitlementAt, quotaRules } from './entitlement.ts'
import type { Standing, StandingKey } from './quota-store.ts'
import { readStandings } from './quota-store.ts'
import { readBases } from './windows/span-store.ts'
import type { Window } from './windows/windows.ts'
import { clockWindow, windowOf } from './windows/windows.ts'

/** What a user has used of a meter in a window, and the entitlement that holds now. */
export type Entitled<M extends string = string> = Omit<
  Standing<M>,
  'quota' | 'credits' | 'overage'
> &
  Count & { entitlement: Entitlement }

interface Query<M extends string> {
  userIds: readonly string[]
  meters: readonly M[]
  /** Instead of each meter's window of now. */
  window?: Window | undefined
}

/**
 * The standings of users, each in its meter's window, with the entitlement of this moment: what a decision would see.
 * Users that do not exist have none.
 */
export async function readEntitled<M extends string>(
  ctx: Pick<Context, 'catalog' | 'db' | 'clock' | 'settings'>,
  query: Query<M>,
): Promise<Entitled<M>[]> {
  const now = ctx.clock.now()
  const rules = quotaRules(ctx.catalog, ctx.settings.pastDueGraceDays)
  const keys = await keysOf(ctx, query, now)
  const rows = await readStandings(ctx.db.pool, { keys, now })
  return rows.map(({ quota, credits, overage, ...standing }) => {
    const entitlement = entitlementAt({ meter: standing.meter, quota }, now, rules)
    const beyond = { credits, overage: overageAt(overage, entitlement, now) }
    return { ...standing, beyond, entitlement }
  })
}

/** Each user with each meter and its window. What the windows depend on is read only where the clock does not say it. */
async function keysOf<M extends string>(
  { catalog, db }: Pick<Context, 'catalog' | 'db'>,
  { userIds, meters, window }: Query<M>,
  now: Date,
): Promise<StandingKey<M>[]> {
  const windows = meters.map((meter) => ({
    meter,
    window: window ?? clockWindow(meterOf(catalog, meter).resets, now),
  }))
  const isOfClock = windows.every((each) => each.window !== null)
  const bases = isOfClock ? new Map() : await readBases(db.pool, userIds)
  return userIds.flatMap((userId) =>
    windows.flatMap(({ meter, window }) => {
      const basis = bases.get(userId)
      const its = window ?? (basis && windowOf(meterOf(catalog, meter).resets, now, basis))
      return its ? [{ userId, meter, window: its }] : []
    }),
  )
}
