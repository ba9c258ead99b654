import type pg from 'pg'
import { bigints, booleans, instants, integers, jsons, texts } from '../../database/arrays.ts'
import { compareText } from '../../text.ts'
import type { LedgerEntry, Snapshot, UsageCall } from '../usage.ts'
import type { Parts, StoredParts } from '../writer/parts.ts'
import { fromStored, toStored } from '../writer/parts.ts'
import { canonicalJson } from '../writer/usage-call.ts'

/** A ledger row found by its key. */
export interface KnownEntry extends LedgerEntry {
  /** A reservation that was released, or expired unsettled: its key is unused. */
  isClosed: boolean
}

/** A ledger row as it stands now: what became of the entry since it was written. */
export interface StoredEntry extends LedgerEntry {
  /** What it counts: of a reservation what it was settled to, 0 before. */
  counted: number
  /** What a reservation set aside; 0 for other entries. */
  reserved: number
  /** Whether `reserved` still counts. */
  held: boolean
}

interface LedgerRow {
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
  metadata: Record<string, unknown> | null
  over_limit: boolean
  balance_used: string
  balance_reserved: string
  balance_limit: string | null
  balance_resets_at: Date | null
  parts: StoredParts | null
  balance_beyond: Snapshot['beyond']
}

/**
 * The ledger rows that already hold one of these keys, as they stand at `now`. Asked for as the first row in the order of the primary key:
 * of the indexes that begin with the user only that one has this order, so PostgreSQL takes no other while the ledger
 * is small.
 */
export async function findEntries(
  db: pg.ClientBase,
  keys: readonly Pick<UsageCall, 'userId' | 'idempotencyKey'>[],
  now: Date,
): Promise<KnownEntry[]> {
  const { rows } = await db.query<LedgerRow & { is_settled: boolean }>({
    name: 'find-entries',
    text: `SELECT u.*, u.verb = 'reserve' AND EXISTS (
        SELECT FROM usage_closings c WHERE c.user_id = u.user_id AND c.id = u.id AND c.kind = 'settled'
      ) AS is_settled
      FROM unnest($1::text[], $2::text[]) AS k (user_id, idempotency_key)
      CROSS JOIN LATERAL (
        SELECT * FROM usage
        WHERE user_id = k.user_id AND idempotency_key >= k.idempotency_key
        ORDER BY user_id, idempotency_key LIMIT 1
      ) AS u
      WHERE u.idempotency_key = k.idempotency_key`,
    values: [texts(keys, (key) => key.userId), texts(keys, (key) => key.idempotencyKey)],
  })
  return rows.map((row) => {
    const isHeld = row.held && row.expires_at !== null && row.expires_at > now
    return { ...toEntry(row), isClosed: row.verb === 'reserve' && !row.is_settled && !isHeld }
  })
}

/** One ledger row by its id; null where there is none. */
export async function findById(
  db: pg.ClientBase,
  { userId, id }: { userId: string; id: string },
): Promise<StoredEntry | null> {
  const { rows } = await db.query<LedgerRow>({
    name: 'find-usage',
    text: 'SELECT * FROM usage WHERE user_id = $1 AND id = $2',
    values: [userId, id],
  })
  const row = rows[0]
  if (!row) return null
  const [counted, reserved] = [Number(row.amount), Number(row.reserved ?? 0)]
  const parts = fromStored(counted > 0 ? counted : reserved, row.parts)
  return { ...toEntry(row), parts, counted, reserved, held: row.held }
}

/** Adds rows to the ledger, in key order. Fails as a whole where another transaction took a key meanwhile (23505). */
export function insertEntries(
  db: pg.ClientBase,
  entries: readonly LedgerEntry[],
  recordedAt: Date,
): Promise<unknown> {
  const rows = entries.toSorted(byKey)
  return db.query({
    name: 'insert-entries',
    text: `INSERT INTO usage (user_id, idempotency_key, id, verb, meter, period, amount, reserved, ttl_seconds,
        expires_at, occurred_at, occurred_at_sent, metadata, over_limit, balance_used, balance_reserved,
        balance_limit, balance_resets_at, held, recorded_at, parts, balance_beyond)
      SELECT k.user_id, k.idempotency_key, k.id::uuid, k.verb, k.meter, k.period,
        CASE k.verb WHEN 'reserve' THEN 0 ELSE k.amount END, CASE k.verb WHEN 'reserve' THEN k.amount END,
        k.ttl_seconds, k.expires_at, k.occurred_at, k.occurred_at_sent, k.metadata, k.over_limit,
        k.balance_used, k.balance_reserved, k.balance_limit, k.balance_resets_at, k.expires_at IS NOT NULL, $16,
        k.parts, k.balance_beyond
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
        $8::int[], $9::timestamptz[], $10::timestamptz[], $11::boolean[], $12::jsonb[], $13::boolean[],
        $14::bigint[], $15::bigint[], $17::bigint[], $18::timestamptz[], $19::jsonb[], $20::jsonb[])
        AS k (user_id, idempotency_key, id, verb, meter, period, amount, ttl_seconds, expires_at, occurred_at,
          occurred_at_sent, metadata, over_limit, balance_used, balance_reserved, balance_limit, balance_resets_at,
          parts, balance_beyond)`,
    values: [
      texts(rows, (row) => row.userId),
      texts(rows, (row) => row.idempotencyKey),
      texts(rows, (row) => row.id),
      texts(rows, (row) => row.verb),
      texts(rows, (row) => row.meter),
      texts(rows, (row) => row.period),
      bigints(rows, (row) => row.amount),
      integers(rows, (row) => row.ttlSeconds),
      instants(rows, (row) => row.expiresAt),
      instants(rows, (row) => row.occurredAt),
      booleans(rows, (row) => row.occurredAtSent),
      jsons(rows, (row) => row.metadata),
      booleans(rows, (row) => row.overLimit),
      bigints(rows, (row) => row.snapshot.used),
      bigints(rows, (row) => row.snapshot.reserved),
      recordedAt.toISOString(),
      bigints(rows, (row) => row.snapshot.limit),
      instants(rows, (row) => row.snapshot.resetsAt),
      jsons(rows, (row) => toStored(row.parts)),
      jsons(rows, (row) => row.snapshot.beyond && JSON.stringify(row.snapshot.beyond)),
    ],
  })
}

/**
 * Opens closed reservations again, as `entries` say: under the same ids, with the window, the end and the balance of
 * now. The counters of the closed and of the opened ones are locked, so none was settled meanwhile. Throws where a row
 * is not there.
 */
export async function reopenEntries(
  db: pg.ClientBase,
  entries: readonly LedgerEntry[],
  recordedAt: Date,
): Promise<void> {
  for (const entry of entries) {
    const { userId, id, snapshot } = entry
    const { rowCount } = await db.query({
      name: 'reopen-entry',
      text: `WITH closing AS (
          DELETE FROM usage_closings WHERE user_id = $1 AND id = $2 AND kind = 'released'
        )
        UPDATE usage SET period = $3, occurred_at = $4, expires_at = $5, recorded_at = $6, held = true,
          balance_used = $7, balance_reserved = $8, balance_limit = $9, balance_resets_at = $10, parts = $11,
          balance_beyond = $12
        WHERE user_id = $1 AND id = $2 AND NOT held AND amount = 0`,
      values: [
        userId,
        id,
        entry.period,
        entry.occurredAt.toISOString(),
        entry.expiresAt?.toISOString(),
        recordedAt.toISOString(),
        snapshot.used,
        snapshot.reserved,
        snapshot.limit,
        snapshot.resetsAt?.toISOString() ?? null,
        toStored(entry.parts),
        snapshot.beyond,
      ],
    })
    if (rowCount !== 1) throw new Error(`the reservation ${id} can't be opened again`)
  }
}

function byKey(a: LedgerEntry, b: LedgerEntry): number {
  return compareText(a.userId, b.userId) || compareText(a.idempotencyKey, b.idempotencyKey)
}

function toEntry(row: LedgerRow): LedgerEntry {
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
    parts: fromStored(Number(row.reserved ?? row.amount), row.parts),
    snapshot: {
      used: Number(row.balance_used),
      reserved: Number(row.balance_reserved),
      limit: row.balance_limit === null ? null : Number(row.balance_limit),
      resetsAt: row.balance_resets_at,
      beyond: row.balance_beyond,
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
    parts: Parts
    metadata: string | null
  },
): Promise<void> {
  await db.query({
    name: 'settle-entry',
    text: `UPDATE usage SET held = false, amount = $3, over_limit = $4, settled_metadata = $5, parts = $6
      WHERE user_id = $1 AND id = $2`,
    values: [
      entry.userId,
      entry.id,
      entry.amount,
      entry.overLimit,
      entry.metadata,
      toStored(entry.parts),
    ],
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
