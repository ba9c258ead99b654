import type pg from 'pg'
import type { KeptBalance } from '../usage.ts'

export type ClosingKind = 'settled' | 'released' | 'voided'

/** What became of a ledger row later, with the answer given then. */
export interface Closing {
  userId: string
  id: string
  kind: ClosingKind
  at: Date
  amount: number | null
  reason: string | null
  actor: { kind: string; id: string } | null
  balance: KeptBalance
}

interface ClosingRow {
  user_id: string
  id: string
  kind: ClosingKind
  at: Date
  amount: string | null
  reason: string | null
  actor_kind: string | null
  actor_id: string | null
  balance_used: string
  balance_reserved: string
  balance_limit: string | null
}

/** Each thing that became of a ledger row. Read under its counter's lock, nobody adds one meanwhile. */
export async function findClosings(
  db: pg.ClientBase,
  { userId, id }: { userId: string; id: string },
): Promise<Map<ClosingKind, Closing>> {
  const { rows } = await db.query<ClosingRow>({
    name: 'find-closings',
    text: 'SELECT * FROM usage_closings WHERE user_id = $1 AND id = $2',
    values: [userId, id],
  })
  return new Map(rows.map((row) => [row.kind, toClosing(row)]))
}

export function insertClosing(db: pg.ClientBase, closing: Closing): Promise<unknown> {
  return db.query({
    name: 'insert-closing',
    text: `INSERT INTO usage_closings (user_id, id, kind, at, amount, reason, actor_kind, actor_id,
        balance_used, balance_reserved, balance_limit)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      closing.userId,
      closing.id,
      closing.kind,
      closing.at.toISOString(),
      closing.amount,
      closing.reason,
      closing.actor?.kind ?? null,
      closing.actor?.id ?? null,
      closing.balance.used,
      closing.balance.reserved,
      closing.balance.limit,
    ],
  })
}

function toClosing(row: ClosingRow): Closing {
  const { actor_kind: kind, actor_id: id } = row
  return {
    userId: row.user_id,
    id: row.id,
    kind: row.kind,
    at: row.at,
    amount: row.amount === null ? null : Number(row.amount),
    reason: row.reason,
    actor: kind === null || id === null ? null : { kind, id },
    balance: {
      used: Number(row.balance_used),
      reserved: Number(row.balance_reserved),
      limit: row.balance_limit === null ? null : Number(row.balance_limit),
    },
  }
}
