import type { Context } from '../context.ts'
import type { Count } from './beyond.ts'
import type { Entitlement } from './entitlement.ts'
import { entitlementAt, quotaRules } from './entitlement.ts'
import { overageAt } from './overage.ts'
import type { Standing } from './quota-store.ts'
import { readStandings } from './quota-store.ts'
import type { Window } from './windows.ts'

/** What a user has used of a meter in a month, and the entitlement that holds now. */
export type Entitled<M extends string = string> = Omit<
  Standing<M>,
  'quota' | 'credits' | 'overage'
> &
  Count & { entitlement: Entitlement }

/** The standings of `readStandings` with the entitlement of each at this moment: what a decision would see. */
export async function readEntitled<M extends string>(
  { db, clock, settings, catalog }: Pick<Context, 'db' | 'clock' | 'settings' | 'catalog'>,
  { userIds, meters, month }: { userIds: readonly string[]; meters: readonly M[]; month: Window },
): Promise<Entitled<M>[]> {
  const now = clock.now()
  const rules = quotaRules(catalog, settings.pastDueGraceDays)
  const rows = await readStandings(db.pool, { userIds, period: month.period, meters, now })
  return rows.map(({ quota, credits, overage, ...standing }) => {
    const entitlement = entitlementAt({ meter: standing.meter, quota }, now, rules)
    const beyond = { credits, overage: overageAt(overage, entitlement, now) }
    return { ...standing, beyond, entitlement }
  })
}
