import type pg from 'pg'
import { bigints, instants, integers, texts } from '../../database/arrays.ts'
import type { Reached } from '../../outgoing/index.ts'
import { reachedSql } from '../../outgoing/index.ts'
import type { QuotaColumns, QuotaRow, QuotaRules } from '../../quota/index.ts'
import {
  creditedSql,
  daysAtFirst,
  liveSql,
  QUOTA_COLUMNS,
  soldSql,
  toQuotaRow,
} from '../../quota/index.ts'
import { compareText } from '../../text.ts'
import type { Parts, StoredParts } from '../writer/parts.ts'
import { fromStored } from '../writer/parts.ts'

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
  /** What of used and reserved was taken from grants, and from overage. */
  credited: number
  sold: number
  nextExpiry: Date | null
  /** Whether the user has live grants of this meter, and whether they buy overage of it. */
  hasGrants: boolean
  hasOverage: boolean
  /** Thresholds that were reached in this window; read where the catalogue has any. */
  reached: readonly Reached[]
  quota: QuotaRow
}

interface CounterRow {
  user_id: string
  meter: string
  period: string
  used: string
  reserved: string
  credited: string
  sold: string
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
  { now, rules }: { now: Date; rules: Pick<QuotaRules, 'alerts'> },
): Promise<LockedCounter[]> {
  const hasAlerts = rules.alerts.length > 0
  const { rows } = await db.query<LockedColumns>({
    name: hasAlerts ? 'lock-counters-with-alerts' : 'lock-counters',
    text: `SELECT k.place::int, c.used, c.reserved, c.credited, c.sold, c.next_expiry,
        ${HAS_GRANTS} AS has_grants, ${HAS_OVERAGE} AS has_overage,
        ${hasAlerts ? `${reachedSql('c')} AS reached,` : ''} ${QUOTA_COLUMNS}
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (user_id, meter, period, place)
      JOIN usage_counters c USING (user_id, meter, period)
      LEFT JOIN quotas q ON q.user_id = c.user_id AND q.meter = c.meter
      LEFT JOIN quota_overrides o ON o.user_id = c.user_id AND o.meter = c.meter
      ORDER BY k.place
      FOR UPDATE OF c`,
    values: [...keyColumns(keys), now.toISOString()],
  })
  return rows.flatMap((row) => {
    const key = keys[row.place - 1]
    return key ? [toLocked(key, row)] : []
  })
}

/** A look-up in an index for each counter. As EXISTS, PostgreSQL might read the table whole for all of them. */
const HAS_GRANTS = `coalesce((SELECT true FROM grants g
    WHERE g.user_id = c.user_id AND g.meter = c.meter AND g.is_open AND ${liveSql('$4')} LIMIT 1), false)`
const HAS_OVERAGE = `coalesce((SELECT t.selling FROM overage_terms t
    WHERE t.user_id = c.user_id AND t.meter = c.meter), false)`

type LockedColumns = Omit<CounterRow, keyof CounterKey> &
  QuotaColumns & {
    place: number
    has_grants: boolean
    has_overage: boolean
    reached?: Reached[] | null
  }

function toLocked(key: CounterKey, row: LockedColumns): LockedCounter {
  return {
    userId: key.userId,
    meter: key.meter,
    period: key.period,
    used: Number(row.used),
    reserved: Number(row.reserved),
    credited: Number(row.credited),
    sold: Number(row.sold),
    nextExpiry: row.next_expiry,
    hasGrants: row.has_grants,
    hasOverage: row.has_overage,
    reached: row.reached ?? [],
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

/** What is left of a locked counter without the reservations that have expired. */
interface ExpiredCounter extends CounterKey {
  reserved: number
  credited: number
  sold: number
  /** What the expired ones held, where it was not of the allowance alone. */
  expired: Parts[]
}

type ExpiredRow = Omit<CounterRow, 'used' | 'next_expiry'> & {
  expired: { reserved: number; parts: StoredParts }[] | null
}

/**
 * Ends the reservations of locked counters that have expired, and returns what is still reserved of each. No job has
 * to run for a reservation to expire: this happens before the next decision, and readers do not count such rows.
 */
export async function expireReservations(
  db: pg.ClientBase,
  keys: readonly CounterKey[],
  now: Date,
): Promise<ExpiredCounter[]> {
  const { rows } = await db.query<ExpiredRow>({
    name: 'expire-reservations',
    text: `WITH k AS (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS k (user_id, meter, period)
      ), expired AS (
        UPDATE usage u SET held = false FROM k
        WHERE u.user_id = k.user_id AND u.meter = k.meter AND u.period = k.period
          AND u.held AND u.expires_at <= $4
        RETURNING u.user_id, u.meter, u.period, u.reserved, u.parts
      ), gone AS (
        SELECT e.user_id, e.meter, e.period, sum(e.reserved) AS reserved,
          sum(${creditedSql('e.parts')}) AS credited, sum(${soldSql('e.parts')}) AS sold,
          jsonb_agg(jsonb_build_object('reserved', e.reserved, 'parts', e.parts))
            FILTER (WHERE e.parts IS NOT NULL) AS expired
        FROM expired e GROUP BY e.user_id, e.meter, e.period
      )
      UPDATE usage_counters c
      SET reserved = c.reserved - coalesce(gone.reserved, 0),
        credited = c.credited - coalesce(gone.credited, 0),
        sold = c.sold - coalesce(gone.sold, 0),
        next_expiry = (SELECT min(u.expires_at) FROM usage u
          WHERE u.user_id = c.user_id AND u.meter = c.meter AND u.period = c.period
            AND u.held AND u.expires_at > $4)
      FROM k LEFT JOIN gone USING (user_id, meter, period)
      WHERE c.user_id = k.user_id AND c.meter = k.meter AND c.period = k.period
      RETURNING c.user_id, c.meter, c.period, c.reserved, c.credited, c.sold, gone.expired`,
    values: [...keyColumns(keys), now.toISOString()],
  })
  return rows.map((row) => ({
    userId: row.user_id,
    meter: row.meter,
    period: row.period,
    reserved: Number(row.reserved),
    credited: Number(row.credited),
    sold: Number(row.sold),
    expired: (row.expired ?? []).map(({ reserved, parts }) => fromStored(reserved, parts)),
  }))
}

/** What a transaction adds to a counter and to one of its days; negative where it takes back. */
export interface CounterChange extends CounterKey {
  day: number
  amount: number
  events: number
  reserved: number
  /** What of amount and reserved was taken from grants, and from overage. */
  credited: number
  sold: number
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
        credited = c.credited + k.credited,
        sold = c.sold + k.sold,
        next_expiry = least(c.next_expiry, k.expires_at),
        day_amounts[k.day] = coalesce(c.day_amounts[k.day], 0) + k.amount,
        day_events[k.day] = coalesce(c.day_events[k.day], 0) + k.events
      FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::int[], $7::bigint[],
        $8::timestamptz[], $9::bigint[], $10::bigint[])
        AS k (user_id, meter, period, day, amount, events, reserved, expires_at, credited, sold)
      WHERE c.user_id = k.user_id AND c.meter = k.meter AND c.period = k.period`,
    values: [
      ...keyColumns(changes),
      integers(changes, (change) => change.day),
      bigints(changes, (change) => change.amount),
      integers(changes, (change) => change.events),
      bigints(changes, (change) => change.reserved),
      instants(changes, (change) => change.expiresAt),
      bigints(changes, (change) => change.credited),
      bigints(changes, (change) => change.sold),
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
