import type pg from 'pg'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import type { Window } from '../../quota/index.ts'
import { kindOfKey, quotaRules, readBases, windowOf, windowOfKey } from '../../quota/index.ts'
import { notFound, parseUsageId } from '../usage.ts'
import { openCounters } from '../writer/batch.ts'
import type { OpenCounter } from '../writer/decide.ts'
import { writeReached } from '../writer/reached.ts'
import type { CounterKey } from './counter-store.ts'
import { counterKey, inKeyOrder, lockCounters } from './counter-store.ts'
import type { StoredEntry } from './ledger-store.ts'
import { findById } from './ledger-store.ts'
import { openSources, sourcesOf, writeSources } from './open-sources.ts'
import type { Outcome, OutcomeKind } from './outcome-store.ts'
import { findOutcomes } from './outcome-store.ts'

/** A ledger entry while its counter is locked: no other transaction settles, releases, expires or voids it. */
export interface LockedEntry {
  db: pg.ClientBase
  now: Date
  entry: StoredEntry
  counter: OpenCounter
  /** That the entry counts in. */
  window: Window
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
  let others: readonly CounterKey[] = []
  for (;;) {
    try {
      return await lockEntry(ctx, { field, usageId, key, others }, work)
    } catch (error) {
      if (!(error instanceof OtherLocks)) throw error
      others = [...others, ...error.counters]
    }
  }
}

/** Rolls back, because the entry's own counter is not all that has to be locked. */
class OtherLocks extends Error {
  readonly counters: readonly CounterKey[]

  constructor(counters: readonly CounterKey[]) {
    super('other counters have to be locked first')
    this.counters = counters
  }
}

interface Wanted {
  field: string
  usageId: string
  key: { userId: string; id: string }
  /** Counters to lock beside the entry's own. */
  others: readonly CounterKey[]
}

/**
 * Throws `OtherLocks` where reservations have expired in other windows that hold parts of the same grants, and where the entry
 * moved to another window while this waited for its counter: a closed reservation was opened again.
 */
function lockEntry<T>(
  ctx: Context,
  { field, usageId, key, others }: Wanted,
  work: (locked: LockedEntry) => Promise<T>,
): Promise<T> {
  return inTransaction(ctx.db.pool, async (db) => {
    const now = ctx.clock.now()
    // Read twice: first to know its counter, then as it stands under the lock.
    const unlocked = await findById(db, key)
    if (!unlocked) throw notFound(field, usageId)
    const keys = new Map([unlocked, ...others].map((each) => [counterKey(each), each]))
    const rules = quotaRules(ctx.catalog, ctx.settings.pastDueGraceDays)
    const locked = await lockCounters(db, [...keys.values()].toSorted(inKeyOrder), { now, rules })
    const counters = await openCounters(db, locked, { now, rules })
    const counter = counters.get(counterKey(unlocked))
    const entry = await findById(db, key)
    if (!entry || !counter) throw notFound(field, usageId)
    if (counterKey(entry) !== counterKey(unlocked)) throw new OtherLocks([])
    const closing = { counter, parts: entry.parts }
    const expired = await openSources(db, counters.values(), { now, closing })
    if (expired.length > 0) throw new OtherLocks(expired)
    const outcomes = await findOutcomes(db, key)
    const window = await windowOfEntry(db, entry)
    const result = await work({ db, now, entry, counter, window, outcomes })
    await writeSources(db, sourcesOf(counters.values()))
    await writeReached(db, [counter], now)
    return result
  })
}

/** The window of an entry as it stands now: of a `billing` window it may have been cut after the entry was written. */
async function windowOfEntry(db: pg.ClientBase, { userId, period }: StoredEntry): Promise<Window> {
  const window = windowOfKey(period, null)
  if (kindOfKey(period) !== 'billing') return window
  const basis = (await readBases(db, [userId])).get(userId)
  return basis ? { ...windowOf('billing', window.start, basis), period } : window
}
