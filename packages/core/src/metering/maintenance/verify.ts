import { isDeepStrictEqual } from 'node:util'
import { appendAudit } from '../../accounts/index.ts'
import type { Actor } from '../../actor.ts'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import type { CounterKey } from '../ledger/counter-store.ts'
import { counterKey, createCounters, lockCounters } from '../ledger/counter-store.ts'
import type { Totals } from './totals.ts'
import { noTotals } from './totals.ts'
import type { SourceDifference } from './verify-sources.ts'
import { repairSources, verifySources } from './verify-sources.ts'
import { nextUsers, readCounters, sumLedger, writeCounter } from './verify-store.ts'

/** A counter that does not say what the ledger says. */
export interface Difference {
  counter: Totals
  ledger: Totals
}

export interface Verification {
  counters: number
  differences: Difference[]
  /** Where grants, overage, and what counters say of them, differ from the ledger. */
  sources: SourceDifference[]
}

/** How many users are compared in one snapshot. */
const USERS_AT_ONCE = 500

/**
 * Recomputes every counter and per-day total, what was used and is held of every grant, and every sale of overage from the
 * ledger and returns where they differ. With `repairedBy`, sets
 * those to what the ledger says, each with an entry in the audit log. Safe while usage is recorded: each comparison is of one snapshot, and a repair recomputes
 * under the counter's lock. The ledger is never changed.
 */
export async function verifyUsage(
  ctx: Context,
  { repairedBy }: { repairedBy?: Actor | undefined } = {},
): Promise<Verification> {
  const result: Verification = { counters: 0, differences: [], sources: [] }
  let after = ''
  while (true) {
    const { users, ...found } = await compareUsers(ctx, after)
    result.counters += found.counters
    result.differences.push(...found.differences)
    result.sources.push(...found.sources)
    if (repairedBy) {
      for (const { ledger } of found.differences) await repairCounter(ctx, ledger, repairedBy)
      await repairSources(ctx, found.sources, repairedBy)
    }
    const last = users.at(-1)
    if (last === undefined) return result
    after = last
  }
}

async function compareUsers(
  ctx: Context,
  after: string,
): Promise<Verification & { users: string[] }> {
  return inTransaction(ctx.db.pool, async (db) => {
    await db.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const users = await nextUsers(db, after, USERS_AT_ONCE)
    const counters = await readCounters(db, users)
    const ledger = await sumLedger(db, { userIds: users })
    const keys = new Map([...counters, ...ledger].map((each) => [counterKey(each), each]))
    const [byCounter, byLedger] = [counters, ledger].map(index)
    const differences = [...keys].flatMap(([key, place]) => {
      const counter = byCounter?.get(key) ?? noTotals(place)
      const expected = byLedger?.get(key) ?? noTotals(place)
      return isDeepStrictEqual(counter, expected) ? [] : [{ counter, ledger: expected }]
    })
    const sources = await verifySources(db, users)
    return { users, counters: keys.size, differences, sources }
  })
}

async function repairCounter(ctx: Context, key: CounterKey, actor: Actor): Promise<void> {
  await inTransaction(ctx.db.pool, async (db) => {
    // A missing counter is created first. Else there is no row to lock, and one created meanwhile would be overwritten.
    await createCounters(db, [key])
    await lockCounters(db, [key], { now: ctx.clock.now(), rules: { alerts: [] } })
    const before = (await readCounters(db, [key.userId])).find(
      (each) => counterKey(each) === counterKey(key),
    )
    const [after = noTotals(key)] = await sumLedger(db, { userIds: [key.userId], only: key })
    if (before && isDeepStrictEqual(before, after)) return
    await writeCounter(db, after)
    const { userId, meter, period } = key
    const details = { meter, period, before: sumsOf(before ?? noTotals(key)), after: sumsOf(after) }
    await appendAudit(ctx, { actor, action: 'usage.repair', userId, details }, db)
  })
}

function sumsOf({ used, reserved }: Totals): Pick<Totals, 'used' | 'reserved'> {
  return { used, reserved }
}

function index(totals: readonly Totals[]): Map<string, Totals> {
  return new Map(totals.map((each) => [counterKey(each), each]))
}
