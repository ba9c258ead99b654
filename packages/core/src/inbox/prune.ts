import type { Context } from '../context.ts'
import { deleteOld } from './event-store.ts'

/** Stripe lists its events for 30 days. A day more, so that none that was handled looks like one that never came. */
const KEPT_MS = 31 * 86_400_000
const BATCH = 1_000

/** Deletes events older than 31 days that were handled or ignored, batch by batch. Returns how many. */
export async function pruneInbox(ctx: Context): Promise<number> {
  const receivedBefore = new Date(ctx.clock.now().getTime() - KEPT_MS)
  let pruned = 0
  for (let batch = BATCH; batch === BATCH; pruned += batch) {
    batch = await deleteOld(ctx.db.pool, { receivedBefore, limit: BATCH })
  }
  return pruned
}
