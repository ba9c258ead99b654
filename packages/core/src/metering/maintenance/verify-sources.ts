import type pg from 'pg'
import { appendAudit } from '../../accounts/index.ts'
import type { Actor } from '../../actor.ts'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import type { MeterKey } from '../ledger/sources-store.ts'
import { meterKey } from '../ledger/sources-store.ts'
import type { SourceRow } from './verify-sources-store.ts'
import { compareSources, lockMeter, writeSource } from './verify-sources-store.ts'

/** A counter, a grant or sales of overage that do not say what the ledger says was taken from grants and overage. */
export interface SourceDifference extends MeterKey {
  kind: SourceRow['kind']
  place: string[]
  stored: number[]
  ledger: number[]
}

/** Where grants, overage and what counters say of them differ from the ledger, of some users. In one snapshot. */
export async function verifySources(
  db: pg.ClientBase,
  userIds: readonly string[],
): Promise<SourceDifference[]> {
  return (await compareSources(db, userIds)).map(toDifference)
}

function toDifference(row: SourceRow): SourceDifference {
  const { user_id: userId, meter, kind, place } = row
  const [stored, ledger] = [row.stored.map(Number), row.ledger.map(Number)]
  return { userId, meter, kind, place, stored, ledger }
}

/** Makes what differs say what the ledger says, each with an entry in the audit log. Under the locks of a decision. */
export async function repairSources(
  ctx: Context,
  differences: readonly SourceDifference[],
  actor: Actor,
): Promise<void> {
  const meters = new Map(differences.map((each) => [meterKey(each), each]))
  for (const { userId, meter } of meters.values()) {
    await inTransaction(ctx.db.pool, async (db) => {
      await lockMeter(db, { userId, meter })
      // Twice: the total of a period is that of its hours, once those are right.
      for (const kinds of [['counter', 'grant', 'held', 'hour'], ['period']]) {
        const rows = await compareSources(db, [userId], meter)
        for (const row of rows.filter(({ kind }) => kinds.includes(kind))) {
          await writeSource(db, row)
          const { kind, place, stored, ledger } = toDifference(row)
          const details = { meter, kind, place, before: stored, after: ledger }
          await appendAudit(ctx, { actor, action: 'usage.repair', userId, details }, db)
        }
      }
    })
  }
}
