import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import { addChecksum, moveOldRows, nextUserWithOldRows } from './archive-store.ts'
import { toTotals } from './totals.ts'

/** How long a key is remembered at least, and so how old a row has to be. Source: docs/contract.md, "Meaning of usage". */
const KEPT_MS = 400 * 86_400_000

/** How many rows move in one transaction: few enough that recording usage does not wait for it. */
const BATCH_ROWS = 2_000

/**
 * Moves ledger rows older than 400 days into `usage_archive`, in bounded batches while usage is recorded, and
 * returns how many. No counter, per-day total or balance changes: what was moved is summed in `usage_checksums`, which
 * `verifyUsage` adds to the ledger that is left. Their keys are forgotten with them. A repeat goes on where the
 * last one stopped.
 */
export async function archiveUsage(ctx: Context): Promise<{ rows: number }> {
  // By its id a row is found; a reservation that was opened again later has a later time, and is younger than its id.
  const before = new Date(ctx.clock.now().getTime() - KEPT_MS)
  const beforeId = firstIdAt(before)
  let rows = 0
  let after = ''
  while (true) {
    const userId = await nextUserWithOldRows(ctx.db.pool, { after, beforeId, before })
    if (userId === null) return { rows }
    for (let moved = -1; moved !== 0; rows += moved) {
      moved = await archiveBatch(ctx, { userId, beforeId, before })
    }
    after = userId
  }
}

async function archiveBatch(
  ctx: Context,
  old: { userId: string; beforeId: string; before: Date },
): Promise<number> {
  return inTransaction(ctx.db.pool, async (db) => {
    const days = await moveOldRows(db, { ...old, count: BATCH_ROWS })
    for (const totals of toTotals(days)) await addChecksum(db, totals)
    return days.reduce((sum, { rows }) => sum + Number(rows), 0)
  })
}

/** The least UUIDv7 of an instant: ids of rows recorded before it are less. */
function firstIdAt(instant: Date): string {
  const hex = instant.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
