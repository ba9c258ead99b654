import type pg from 'pg'
import type { CounterKey } from '../ledger/counter-store.ts'

/** What a counter holds, or what the ledger says that it should hold. */
export interface Totals extends CounterKey {
  used: number
  reserved: number
  dayAmounts: number[]
  dayEvents: number[]
}

const DAYS = 31

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

export async function readCounters(db: pg.ClientBase, userIds: string[]): Promise<Totals[]> {
  const { rows } = await db.query<{
    user_id: string
    meter: string
    period: string
    used: string
    reserved: string
    day_amounts: string[]
    day_events: number[]
  }>('SELECT * FROM usage_counters WHERE user_id = ANY ($1)', [userIds])
  return rows.map((row) => ({
    userId: row.user_id,
    meter: row.meter,
    period: row.period,
    used: Number(row.used),
    reserved: Number(row.reserved),
    dayAmounts: row.day_amounts.map(Number),
    dayEvents: row.day_events,
  }))
}

/** The sums of the ledger, of all counters of some users or of one. */
export async function sumLedger(
  db: pg.ClientBase,
  { userIds, only }: { userIds: string[]; only?: CounterKey },
): Promise<Totals[]> {
  const { rows } = await db.query<LedgerSum>(
    `SELECT user_id, meter, period, extract(day FROM occurred_at AT TIME ZONE 'UTC')::int AS day,
        coalesce(sum(amount) FILTER (WHERE voided_at IS NULL), 0) AS amount,
        count(*) FILTER (WHERE voided_at IS NULL AND amount > 0) AS events,
        coalesce(sum(reserved) FILTER (WHERE held), 0) AS reserved
      FROM usage
      WHERE user_id = ANY ($1) AND ($2::text IS NULL OR (meter = $2 AND period = $3))
      GROUP BY 1, 2, 3, 4
      ORDER BY 1, 2, 3`,
    [userIds, only?.meter ?? null, only?.period ?? null],
  )
  const totals: Totals[] = []
  for (const row of rows) addDay(totals, row)
  return totals
}

interface LedgerSum {
  user_id: string
  meter: string
  period: string
  day: number
  amount: string
  events: string
  reserved: string
}

function addDay(totals: Totals[], row: LedgerSum): void {
  const last = totals.at(-1)
  const same =
    last?.userId === row.user_id && last.meter === row.meter && last.period === row.period
  const total = last && same ? last : emptyTotals(row)
  if (total !== last) totals.push(total)
  total.used += Number(row.amount)
  total.reserved += Number(row.reserved)
  total.dayAmounts[row.day - 1] = Number(row.amount)
  total.dayEvents[row.day - 1] = Number(row.events)
}

function emptyTotals({ user_id, meter, period }: LedgerSum): Totals {
  return noTotals({ userId: user_id, meter, period })
}

/** A counter on which nothing was counted. */
export function noTotals({ userId, meter, period }: CounterKey): Totals {
  const dayAmounts = Array<number>(DAYS).fill(0)
  return { userId, meter, period, used: 0, reserved: 0, dayAmounts, dayEvents: [...dayAmounts] }
}

/** Makes a counter say what the ledger says. Under the counter's lock. */
export async function writeCounter(db: pg.ClientBase, totals: Totals): Promise<void> {
  await db.query(
    `INSERT INTO usage_counters AS c (user_id, meter, period, used, reserved, day_amounts, day_events, next_expiry)
     VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT min(expires_at) FROM usage
       WHERE user_id = $1 AND meter = $2 AND period = $3 AND held))
     ON CONFLICT (user_id, meter, period) DO UPDATE SET used = EXCLUDED.used, reserved = EXCLUDED.reserved,
       day_amounts = EXCLUDED.day_amounts, day_events = EXCLUDED.day_events, next_expiry = EXCLUDED.next_expiry`,
    [
      totals.userId,
      totals.meter,
      totals.period,
      totals.used,
      totals.reserved,
      totals.dayAmounts,
      totals.dayEvents,
    ],
  )
}
