import type pg from 'pg'
import { isMeter } from '../catalog/index.ts'
import type { QuotaRow } from '../quota/index.ts'
import type { QuotaColumns } from '../quota/quota-store.ts'
import { QUOTA_COLUMNS, toQuotaRow } from '../quota/quota-store.ts'
import type { LedgerEntry } from './decide.ts'
import type { UsageCall } from './usage.ts'
import { canonicalJson } from './validate.ts'

export interface CounterKey {
  userId: string
  meter: string
  period: string
}

export interface LockedCounter extends CounterKey {
  used: number
  reserved: number
  quota: QuotaRow
}

/**
 * Locks the counters in key order, so that two batches never wait for each other in a circle, and reads them
 * with the right that holds. A counter that does not exist yet is left out: see `createCounters`.
 */
export async function lockCounters(
  db: pg.ClientBase,
  keys: CounterKey[],
): Promise<LockedCounter[]> {
  const { rows } = await db.query<
    QuotaColumns & {
      user_id: string
      meter: string
      period: string
      used: string
      reserved: string
    }
  >({
    name: 'lock-counters',
    text: `SELECT c.user_id, c.meter, c.period, c.used, c.reserved, ${QUOTA_COLUMNS}
      FROM unnest($1::text[], $2::text[], $3::text[]) AS k (user_id, meter, period)
      JOIN usage_counters c USING (user_id, meter, period)
      LEFT JOIN quotas q ON q.user_id = c.user_id AND q.meter = c.meter
      LEFT JOIN quota_overrides o ON o.user_id = c.user_id AND o.meter = c.meter
      ORDER BY c.user_id, c.meter, c.period
      FOR UPDATE OF c`,
    values: columns(keys, (key) => [key.userId, key.meter, key.period], 3),
  })
  return rows.map((row) => ({
    userId: row.user_id,
    meter: row.meter,
    period: row.period,
    used: Number(row.used),
    reserved: Number(row.reserved),
    quota: toQuotaRow(row),
  }))
}

/**
 * Creates the counters that are missing, for users that exist. In a transaction of its own and in key order:
 * a batch that held locks while it waits for somebody else's new counter could deadlock.
 */
export async function createCounters(db: pg.ClientBase, keys: CounterKey[]): Promise<void> {
  await db.query({
    name: 'create-counters',
    text: `INSERT INTO usage_counters (user_id, meter, period, day_amounts, day_events)
      SELECT k.user_id, k.meter, k.period, array_fill(0::bigint, ARRAY[31]), array_fill(0, ARRAY[31])
      FROM unnest($1::text[], $2::text[], $3::text[]) AS k (user_id, meter, period)
      JOIN users u ON u.id = k.user_id
      ORDER BY k.user_id, k.meter, k.period
      ON CONFLICT DO NOTHING`,
    values: columns(keys, (key) => [key.userId, key.meter, key.period], 3),
  })
}

/** The ledger rows that already hold one of these keys. */
export async function findEntries(
  db: pg.ClientBase,
  keys: readonly Pick<UsageCall, 'userId' | 'idempotencyKey'>[],
): Promise<LedgerEntry[]> {
  const { rows } = await db.query<LedgerRow>({
    name: 'find-entries',
    text: `SELECT u.* FROM unnest($1::text[], $2::text[]) AS k (user_id, idempotency_key)
      JOIN usage u USING (user_id, idempotency_key)`,
    values: columns(keys, (key) => [key.userId, key.idempotencyKey], 2),
  })
  return rows.flatMap((row) => toEntry(row) ?? [])
}

/** Adds rows to the ledger, in key order. Fails as a whole where somebody else took a key meanwhile (23505). */
export function insertEntries(
  db: pg.ClientBase,
  entries: LedgerEntry[],
  recordedAt: Date,
): Promise<unknown> {
  const sorted = entries.toSorted(
    (a, b) => compare(a.userId, b.userId) || compare(a.idempotencyKey, b.idempotencyKey),
  )
  return db.query({
    name: 'insert-entries',
    text: `INSERT INTO usage (user_id, idempotency_key, id, verb, meter, period, amount, occurred_at,
        occurred_at_sent, metadata, over_limit, balance_used, balance_reserved, balance_limit, recorded_at)
      SELECT k.*, $15 FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[],
        $7::bigint[], $8::timestamptz[], $9::boolean[], $10::jsonb[], $11::boolean[], $12::bigint[],
        $13::bigint[], $14::bigint[]) AS k`,
    values: [
      ...columns(
        sorted,
        (entry) => [
          entry.userId,
          entry.idempotencyKey,
          entry.id,
          entry.verb,
          entry.meter,
          entry.period,
          entry.amount,
          entry.occurredAt.toISOString(),
          entry.occurredAtSent,
          entry.metadata,
          entry.overLimit,
          entry.balance.used,
          entry.balance.reserved,
          entry.balance.limit,
        ],
        14,
      ),
      recordedAt.toISOString(),
    ],
  })
}

/** What a batch adds to one day of one counter. */
export interface DayTotal extends CounterKey {
  day: number
  amount: number
  events: number
}

/** Adds to the counters and their days, which this transaction has locked; a counter at most once a call. */
export function addToCounters(db: pg.ClientBase, totals: DayTotal[]): Promise<unknown> {
  return db.query({
    name: 'add-to-counters',
    text: `UPDATE usage_counters c
      SET used = c.used + k.amount,
        day_amounts[k.day] = c.day_amounts[k.day] + k.amount,
        day_events[k.day] = c.day_events[k.day] + k.events
      FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::int[])
        AS k (user_id, meter, period, day, amount, events)
      WHERE c.user_id = k.user_id AND c.meter = k.meter AND c.period = k.period`,
    values: columns(
      totals,
      (total) => [total.userId, total.meter, total.period, total.day, total.amount, total.events],
      6,
    ),
  })
}

export interface LedgerRow {
  user_id: string
  idempotency_key: string
  id: string
  verb: UsageCall['verb']
  meter: string
  period: string
  amount: string
  occurred_at: Date
  occurred_at_sent: boolean
  recorded_at: Date
  metadata: Record<string, unknown> | null
  over_limit: boolean
  balance_used: string
  balance_reserved: string
  balance_limit: string | null
  voided_at: Date | null
}

/** Null for a row of a meter that the catalogue no longer has: it can't be repeated by a call that passed the checks. */
function toEntry(row: LedgerRow): LedgerEntry | null {
  if (!isMeter(row.meter)) return null
  return {
    id: row.id,
    verb: row.verb,
    userId: row.user_id,
    meter: row.meter,
    amount: Number(row.amount),
    idempotencyKey: row.idempotency_key,
    occurredAt: row.occurred_at,
    occurredAtSent: row.occurred_at_sent,
    period: row.period,
    metadata: row.metadata === null ? null : canonicalJson(row.metadata),
    overLimit: row.over_limit,
    balance: {
      used: Number(row.balance_used),
      reserved: Number(row.balance_reserved),
      limit: row.balance_limit === null ? null : Number(row.balance_limit),
    },
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Rows turned into one array a column, as unnest takes them. */
function columns<T>(
  rows: readonly T[],
  cells: (row: T) => readonly unknown[],
  width: number,
): unknown[][] {
  const result: unknown[][] = Array.from({ length: width }, () => [])
  for (const row of rows)
    for (const [index, cell] of cells(row).entries()) result[index]?.push(cell)
  return result
}
