import type pg from 'pg'
import { isMeter } from '../../catalog/index.ts'
import { columns } from '../../database/columns.ts'
import type { LedgerEntry, UsageCall } from '../usage.ts'
import { canonicalJson } from '../validate.ts'

export interface LedgerRow {
  user_id: string
  idempotency_key: string
  id: string
  verb: UsageCall['verb']
  meter: string
  period: string
  amount: string
  reserved: string | null
  ttl_seconds: number | null
  expires_at: Date | null
  held: boolean
  occurred_at: Date
  occurred_at_sent: boolean
  recorded_at: Date
  metadata: Record<string, unknown> | null
  settled_metadata: Record<string, unknown> | null
  over_limit: boolean
  balance_used: string
  balance_reserved: string
  balance_limit: string | null
  voided_at: Date | null
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
    values: columns(keys, 2, (key) => [key.userId, key.idempotencyKey]),
  })
  return rows.flatMap((row) => toEntry(row) ?? [])
}

/** One ledger row by its id, as it stands; null where there is none. */
export async function findById(
  db: pg.ClientBase,
  { userId, id }: { userId: string; id: string },
): Promise<LedgerRow | null> {
  const { rows } = await db.query<LedgerRow>({
    name: 'find-usage',
    text: 'SELECT * FROM usage WHERE user_id = $1 AND id = $2',
    values: [userId, id],
  })
  return rows[0] ?? null
}

/** Adds rows to the ledger, in key order. Fails as a whole where somebody else took a key meanwhile (23505). */
export function insertEntries(
  db: pg.ClientBase,
  entries: readonly LedgerEntry[],
  recordedAt: Date,
): Promise<unknown> {
  const sorted = entries.toSorted(byKey)
  return db.query({
    name: 'insert-entries',
    text: `INSERT INTO usage (user_id, idempotency_key, id, verb, meter, period, amount, reserved, ttl_seconds,
        expires_at, occurred_at, occurred_at_sent, metadata, over_limit, balance_used, balance_reserved,
        balance_limit, held, recorded_at)
      SELECT k.*, k.expires_at IS NOT NULL, $18
      FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[],
        $8::bigint[], $9::int[], $10::timestamptz[], $11::timestamptz[], $12::boolean[], $13::jsonb[],
        $14::boolean[], $15::bigint[], $16::bigint[], $17::bigint[])
        AS k (user_id, idempotency_key, id, verb, meter, period, amount, reserved, ttl_seconds, expires_at)`,
    values: [...columns(sorted, 17, toCells), recordedAt.toISOString()],
  })
}

function toCells(entry: LedgerEntry): readonly unknown[] {
  const reserve = entry.verb === 'reserve'
  return [
    entry.userId,
    entry.idempotencyKey,
    entry.id,
    entry.verb,
    entry.meter,
    entry.period,
    reserve ? 0 : entry.amount,
    reserve ? entry.amount : null,
    entry.ttlSeconds,
    entry.expiresAt?.toISOString() ?? null,
    entry.occurredAt.toISOString(),
    entry.occurredAtSent,
    entry.metadata,
    entry.overLimit,
    entry.balance.used,
    entry.balance.reserved,
    entry.balance.limit,
  ]
}

function byKey(a: LedgerEntry, b: LedgerEntry): number {
  return compare(a.userId, b.userId) || compare(a.idempotencyKey, b.idempotencyKey)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Null for a row of a meter that the catalogue no longer has: no call that passed the checks repeats it. */
function toEntry(row: LedgerRow): LedgerEntry | null {
  if (!isMeter(row.meter)) return null
  return {
    id: row.id,
    verb: row.verb,
    userId: row.user_id,
    meter: row.meter,
    amount: Number(row.reserved ?? row.amount),
    idempotencyKey: row.idempotency_key,
    occurredAt: row.occurred_at,
    occurredAtSent: row.occurred_at_sent,
    period: row.period,
    metadata: row.metadata === null ? null : canonicalJson(row.metadata),
    ttlSeconds: row.ttl_seconds,
    overLimit: row.over_limit,
    expiresAt: row.expires_at,
    balance: {
      used: Number(row.balance_used),
      reserved: Number(row.balance_reserved),
      limit: row.balance_limit === null ? null : Number(row.balance_limit),
    },
  }
}

/** Closes a reservation's row: it is no longer held, and counts `amount`. */
export async function settleEntry(
  db: pg.ClientBase,
  entry: {
    userId: string
    id: string
    amount: number
    overLimit: boolean
    metadata: string | null
  },
): Promise<void> {
  await db.query({
    name: 'settle-entry',
    text: `UPDATE usage SET held = false, amount = $3, over_limit = $4, settled_metadata = $5
      WHERE user_id = $1 AND id = $2`,
    values: [entry.userId, entry.id, entry.amount, entry.overLimit, entry.metadata],
  })
}

export async function markVoided(
  db: pg.ClientBase,
  { userId, id, at }: { userId: string; id: string; at: Date },
): Promise<void> {
  await db.query({
    name: 'mark-voided',
    text: 'UPDATE usage SET voided_at = $3 WHERE user_id = $1 AND id = $2',
    values: [userId, id, at.toISOString()],
  })
}
