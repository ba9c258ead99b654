import type pg from 'pg'
import { daysAtFirst } from '../../quota/index.ts'
import type { CounterKey } from '../ledger/counter-store.ts'
import type { DaySum, Totals } from './totals.ts'
import { addTotals, toTotals, whole } from './totals.ts'

/** What sums rows of the ledger to days of counters. */
export const DAY_SUM = `user_id, meter, period, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS date,
  coalesce(sum(amount) FILTER (WHERE voided_at IS NULL), 0) AS amount,
  count(*) FILTER (WHERE voided_at IS NULL AND amount > 0) AS events`

/** The next users after `after`, in order of id. */
export async function nextUsers(
  db: pg.ClientBase,
  after: string,
  count: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2',
    [after, count],
  )
  return rows.map((row) => row.id)
}

interface TotalsRow {
  user_id: string
  meter: string
  period: string
  used: string
  reserved: string
  /** Null: a day that was never used. */
  day_amounts: (string | null)[]
  day_events: (number | null)[]
}

export async function readCounters(db: pg.ClientBase, userIds: string[]): Promise<Totals[]> {
  const { rows } = await db.query<TotalsRow>(
    `SELECT user_id, meter, period, used, reserved, day_amounts, day_events
     FROM usage_counters WHERE user_id = ANY ($1)`,
    [userIds],
  )
  return rows.map(fromRow)
}

/** The sums of the ledger and of what was archived of it, of all counters of some users or of one. */
export async function sumLedger(
  db: pg.ClientBase,
  { userIds, only }: { userIds: string[]; only?: CounterKey },
): Promise<Totals[]> {
  const filter = 'user_id = ANY ($1) AND ($2::text IS NULL OR (meter = $2 AND period = $3))'
  const values = [userIds, only?.meter ?? null, only?.period ?? null]
  const ledger = await db.query<DaySum>(
    `SELECT ${DAY_SUM}, coalesce(sum(reserved) FILTER (WHERE held), 0) AS reserved
     FROM usage WHERE ${filter} GROUP BY 1, 2, 3, 4`,
    values,
  )
  const archived = await db.query<TotalsRow>(
    `SELECT user_id, meter, period, used, 0 AS reserved, day_amounts, day_events
     FROM usage_checksums WHERE ${filter}`,
    values,
  )
  return addTotals(toTotals(ledger.rows), archived.rows.map(fromRow))
}

function fromRow(row: TotalsRow): Totals {
  return {
    userId: row.user_id,
    meter: row.meter,
    period: row.period,
    used: Number(row.used),
    reserved: Number(row.reserved),
    dayAmounts: whole(row.day_amounts.map(Number)),
    dayEvents: whole(row.day_events.map(Number)),
  }
}

/** Makes a counter say what the ledger says. Under the counter's lock. */
export async function writeCounter(db: pg.ClientBase, totals: Totals): Promise<void> {
  await db.query(
    `UPDATE usage_counters SET used = $4, reserved = $5, day_amounts = $6, day_events = $7,
       next_expiry = (SELECT min(expires_at) FROM usage
         WHERE user_id = $1 AND meter = $2 AND period = $3 AND held)
     WHERE user_id = $1 AND meter = $2 AND period = $3`,
    [
      totals.userId,
      totals.meter,
      totals.period,
      totals.used,
      totals.reserved,
      padded(totals.dayAmounts, totals.period),
      padded(totals.dayEvents, totals.period),
    ],
  )
}

/** As many days as a new counter has, at least. */
function padded(days: readonly number[], period: string): number[] {
  return [...days, ...Array<number>(Math.max(0, daysAtFirst(period) - days.length)).fill(0)]
}
