import { meterOf } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'
import type { ChangedResets } from './resets-store.ts'
import { readChangedResets } from './resets-store.ts'

/**
 * The meters whose `resets` changed since a server last started, and which have use: a start refuses them unless told to
 * accept it, since everybody's count begins anew. Changes nothing.
 */
export async function changedResets({
  catalog,
  db,
}: Pick<Context, 'catalog' | 'db'>): Promise<ChangedResets[]> {
  const changed = await readChangedResets(db.pool, resetsOf({ catalog }))
  return changed.filter(({ users }) => users > 0)
}

/** How each meter of the catalogue resets. */
export function resetsOf({ catalog }: Pick<Context, 'catalog'>) {
  return catalog.meterIds.map((meter) => ({ meter, resets: meterOf(catalog, meter).resets }))
}

/** What changed, and what that does. */
export function describeChange({ before, now, users }: ChangedResets): string {
  const who = users === 1 ? '1 user has' : `${users} users have`
  return `was '${before}' and is '${now}' now: ${who} used it, and all begin at 0 again`
}
