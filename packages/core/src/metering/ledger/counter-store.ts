import type pg from 'pg'
import { bigints, instants, integers, texts } from '../../database/arrays.ts'
import type { QuotaColumns, QuotaRow } from '../../quota/index.ts'
import { daysAtFirst, QUOTA_COLUMNS, toQuotaRow } from '../../quota/index.ts'
import { compareText } from '../../text.ts'

export interface CounterKey {
  userId: string
  meter: string
  period: string
}

/** Unambiguous whatever characters a user id has: a NUL is in none of the parts. */
export function counterKey({ userId, meter, period }: CounterKey): string {
  return `${userId}\0${meter}\0${period}`
}

export interface LockedCounter extends CounterKey {
  used: number
  reserved: number
  nextExpiry: Date | null
  quota: QuotaRow
}

interface CounterRow {
  user_id: string
  meter: string
  period: string
  used: string
  reserved: string
  next_expiry: Date | null
}

/**
 * Locks counters one after the other in the order of `keys`, and reads them with the users' quotas. That order must
 * be `inKeyOrder`, so that two batches never wait for each other in a circle. A counter that does not exist yet is
 * left out: see `createCounters`.
 */
export async function lockCounters(
  db: pg.ClientBase,
  keys: readonly CounterKey[],
): Promise<LockedCounter[]> {
  const { rows } = await db.query<LockedColumns>({
    name: 'lock-counters',
    text: `SELECT k.place::int, c.used, c.reserved, c.next_expiry, ${QUOTA_COLUMNS}
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (user_id, meter, period, place)
      JOIN usage_counters c USING (user_id, meter, period)
      LEFT JOIN quotas q ON q.user_id = c.user_id AND q.meter = c.meter
      LEFT JOIN quota_overrides o ON o.user_id = c.user_id AND o.meter = c.meter
      ORDER BY k.place
      FOR UPDATE OF c`,
    values: keyColumns(keys),
  })
  return rows.flatMap((row) => {
    const key = keys[row.place - 1]
    return key ? [toLocked(key, row)] : []
  })
}

type LockedColumns = Omit<CounterRow, keyof CounterKey> & QuotaColumns & { place: number }

function toLocked(key: CounterKey, row: LockedColumns): LockedCounter {
  return {
    userId: key.userId,
    meter: key.meter,
    period: key.period,
    used: Number(row.used),
    reserved: Number(row.reserved),
    nextExpiry: row.next_expiry,
    quota: toQuotaRow(row),
  }
}

/** The one order in which counters are locked and created, in every process. */
export function inKeyOrder(a: CounterKey, b: CounterKey): number {
  return (
    compareText(a.userId, b.userId) ||
    compareText(a.meter, b.meter) ||
    compareText(a.period, b.period)
  )
}

/**
 * Creates the counters that are missing, for users that exist. In a transaction of its own and in key order:
 * a batch that held locks while it waits for another batch's new counter could deadlock.
 */
export async function createCounters(
  db: pg.ClientBase,
  keys: readonly CounterKey[],
): Promise<void> {
  await db.query({
    name: 'create-counters',
    text: `INSERT INTO usage_counters (user_id, meter, period, day_amounts, day_events)
      SELECT k.user_id, k.meter, k.period, array_fill(0::bigint, ARRAY[k.days]), array_fill(0, ARRAY[k.days])
      FROM unnest($1::text[], $2::text[], $3::text[], $4::int[])
        WITH ORDINALITY AS k (user_id, meter, period, days, place)
      JOIN users u ON u.id = k.user_id
      ORDER BY k.place
      ON CONFLICT DO NOTHING`,
    values: [...keyColumns(keys), integers(keys, ({ period }) => daysAtFirst(period))],
  })
}

/**
 * Ends the reservations of locked counters that have expired, and returns what is still reserved of each. No job has
 * to run for a reservation to expire: this happens before the next decision, and readers do not count such rows.
 */
export async function expireReservations(
  db: pg.ClientBase,
  keys: readonly CounterKey[],
  now: Date,
): Promise<(CounterKey & { reserved: number })[]> {
  const { rows } = await db.query<Omit<CounterRow, 'used' | 'next_expiry'>>({
    name: 'expire-reservations',
    text: `WITH k AS (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS k (user_id, meter, period)
      ), expired AS (
        UPDATE usage u SET held = false FROM k
        WHERE u.user_id = k.user_id AND u.meter = k.meter AND u.period = k.period
          AND u.held AND u.expires_at <= $4
        RETURNING u.user_id, u.meter, u.period, u.reserved
      )
      UPDATE usage_counters c
      SET reserved = c.reserved - coalesce((SELECT sum(e.reserved) FROM expired e
          WHERE (e.user_id, e.meter, e.period) = (c.user_id, c.meter, c.period)), 0),
        next_expiry = (SELECT min(u.expires_at) FROM usage u
          WHERE u.user_id = c.user_id AND u.meter = c.meter AND u.period = c.period
            AND u.held AND u.expires_at > $4)
      FROM k
      WHERE c.user_id = k.user_id AND c.meter = k.meter AND c.period = k.period
      RETURNING c.user_id, c.meter, c.period, c.reserved`,
    values: [...keyColumns(keys), now.toISOString()],
  })
  return rows.map((row) => ({
    userId: row.user_id,
    meter: row.meter,
    period: row.period,
    reserved: Number(row.reserved),
  }))
}

/** What a transaction adds to a counter and to one of its days; negative where it takes back. */
export interface CounterChange extends CounterKey {
  day: number
  amount: number
  events: number
  reserved: number
  /** When the first of the reservations that it adds expires. */
  expiresAt: Date | null
}

/** Adds to counters and their days, which this transaction has locked; a counter at most once a call. */
export function changeCounters(
  db: pg.ClientBase,
  changes: readonly CounterChange[],
): Promise<unknown> {
  return db.query({
    name: 'change-counters',
    text: `UPDATE usage_counters c
      SET used = c.used + k.amount,
        reserved = c.reserved + k.reserved,
        next_expiry = least(c.next_expiry, k.expires_at),
        day_amounts[k.day] = coalesce(c.day_amounts[k.day], 0) + k.amount,
        day_events[k.day] = coalesce(c.day_events[k.day], 0) + k.events
      FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::int[], $7::bigint[],
        $8::timestamptz[]) AS k (user_id, meter, period, day, amount, events, reserved, expires_at)
      WHERE c.user_id = k.user_id AND c.meter = k.meter AND c.period = k.period`,
    values: [
      ...keyColumns(changes),
      integers(changes, (change) => change.day),
      bigints(changes, (change) => change.amount),
      integers(changes, (change) => change.events),
      bigints(changes, (change) => change.reserved),
      instants(changes, (change) => change.expiresAt),
    ],
  })
}

function keyColumns(keys: readonly CounterKey[]): unknown[] {
  return [
    texts(keys, (key) => key.userId),
    texts(keys, (key) => key.meter),
    texts(keys, (key) => key.period),
  ]
}
