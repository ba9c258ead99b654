import type pg from 'pg'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import { quotaRules } from '../../quota/index.ts'
import { notFound, parseUsageId } from '../usage.ts'
import { openCounters } from '../writer/batch.ts'
import type { OpenCounter } from '../writer/decide.ts'
import { counterKey, lockCounters } from './counter-store.ts'
import type { StoredEntry } from './ledger-store.ts'
import { findById } from './ledger-store.ts'
import type { Outcome, OutcomeKind } from './outcome-store.ts'
import { findOutcomes } from './outcome-store.ts'

/** A ledger entry while its counter is locked: no other transaction settles, releases, expires or voids it. */
export interface LockedEntry {
  db: pg.ClientBase
  now: Date
  entry: StoredEntry
  counter: OpenCounter
  outcomes: Map<OutcomeKind, Outcome>
}

/**
 * Runs `work` in a transaction that has locked the counter of a ledger entry, found by the id that its caller was
 * given. `field` is what the input calls that id. Throws NOT_FOUND.
 */
export async function withLockedEntry<T>(
  ctx: Context,
  { field, usageId }: { field: string; usageId: string },
  work: (locked: LockedEntry) => Promise<T>,
): Promise<T> {
  const key = parseUsageId(field, usageId)
  for (;;) {
    const done = await lockEntry(ctx, { field, usageId, key }, work)
    if (done !== null) return done.result
  }
}

/** Null where it moved to another month while this waited for its counter: a closed reservation was opened again. */
function lockEntry<T>(
  ctx: Context,
  { field, usageId, key }: { field: string; usageId: string; key: { userId: string; id: string } },
  work: (locked: LockedEntry) => Promise<T>,
): Promise<{ result: T } | null> {
  return inTransaction(ctx.db.pool, async (db) => {
    const now = ctx.clock.now()
    // Read twice: first to know its counter, then as it stands under the lock.
    const unlocked = await findById(db, key)
    if (!unlocked) throw notFound(field, usageId)
    const counters = await openCounters(db, await lockCounters(db, [unlocked]), {
      now,
      rules: quotaRules(ctx.catalog, ctx.settings.pastDueGraceDays),
    })
    const counter = counters.get(counterKey(unlocked))
    const entry = await findById(db, key)
    if (!entry || !counter) throw notFound(field, usageId)
    if (counterKey(entry) !== counterKey(unlocked)) return null
    const outcomes = await findOutcomes(db, key)
    return { result: await work({ db, now, entry, counter, outcomes }) }
  })
}
