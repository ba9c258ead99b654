import type pg from 'pg'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/transaction.ts'
import { openCounters } from '../writer/batch.ts'
import type { OpenCounter } from '../writer/decide.ts'
import type { Closing, ClosingKind } from './closing-store.ts'
import { findClosings } from './closing-store.ts'
import { counterKey, lockCounters } from './counter-store.ts'
import type { LedgerRow } from './ledger-store.ts'
import { findById } from './ledger-store.ts'
import { notFound, parseUsageId } from './usage-id.ts'

/** A ledger row under its counter's lock: nobody else settles, releases, expires or voids it meanwhile. */
export interface OpenEntry {
  db: pg.ClientBase
  now: Date
  row: LedgerRow
  counter: OpenCounter
  closings: Map<ClosingKind, Closing>
}

/**
 * Opens a ledger row by the id that its caller was given, for one transaction. `field` is the input's name
 * for it, for the NOT_FOUND.
 */
export function withEntry<T>(
  ctx: Context,
  { field, usageId }: { field: string; usageId: string },
  work: (entry: OpenEntry) => Promise<T>,
): Promise<T> {
  const key = parseUsageId(field, usageId)
  return inTransaction(ctx.db.pool, async (db) => {
    const now = ctx.clock.now()
    // Read twice: the first time for its counter, the second time as it stands under the lock.
    const unlocked = await findById(db, key)
    if (!unlocked) throw notFound(field, usageId)
    const { meter, period, user_id: userId } = unlocked
    const locked = await lockCounters(db, [{ userId, meter, period }])
    const { pastDueGraceDays } = ctx.settings
    const counters = await openCounters(db, locked, { now, pastDueGraceDays })
    const counter = counters.get(counterKey({ userId, meter, period }))
    const row = await findById(db, key)
    if (!row || !counter) throw notFound(field, usageId)
    const closings = await findClosings(db, key)
    return work({ db, now, row, counter, closings })
  })
}
