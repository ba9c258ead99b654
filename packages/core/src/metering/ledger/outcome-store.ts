import type pg from 'pg'
import type { Snapshot } from '../usage.ts'

export type OutcomeKind = 'settled' | 'released' | 'voided'

/** What became of a ledger entry later, with the counter as it stood then. */
export interface Outcome {
  userId: string
  id: string
  kind: OutcomeKind
  at: Date
  amount: number | null
  reason: string | null
  actor: { kind: string; id: string } | null
  snapshot: Snapshot
}

interface OutcomeRow {
  user_id: string
  id: string
  kind: OutcomeKind
  at: Date
  amount: string | null
  reason: string | null
  actor_kind: string | null
  actor_id: string | null
  balance_used: string
  balance_reserved: string
  balance_limit: string | null
  balance_resets_at: Date | null
  balance_beyond: Snapshot['beyond']
}

/** The outcomes of an entry. While its counter is locked, no other transaction adds one. */
export async function findOutcomes(
  db: pg.ClientBase,
  { userId, id }: { userId: string; id: string },
): Promise<Map<OutcomeKind, Outcome>> {
  const { rows } = await db.query<OutcomeRow>({
    name: 'find-outcomes',
    text: 'SELECT * FROM usage_closings WHERE user_id = $1 AND id = $2',
    values: [userId, id],
  })
  return new Map(rows.map((row) => [row.kind, toOutcome(row)]))
}

export function insertOutcome(db: pg.ClientBase, outcome: Outcome): Promise<unknown> {
  return db.query({
    name: 'insert-outcome',
    text: `INSERT INTO usage_closings (user_id, id, kind, at, amount, reason, actor_kind, actor_id,
        balance_used, balance_reserved, balance_limit, balance_resets_at, balance_beyond)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      outcome.userId,
      outcome.id,
      outcome.kind,
      outcome.at.toISOString(),
      outcome.amount,
      outcome.reason,
      outcome.actor?.kind ?? null,
      outcome.actor?.id ?? null,
      outcome.snapshot.used,
      outcome.snapshot.reserved,
      outcome.snapshot.limit,
      outcome.snapshot.resetsAt?.toISOString() ?? null,
      outcome.snapshot.beyond,
    ],
  })
}

function toOutcome(row: OutcomeRow): Outcome {
  const { actor_kind: kind, actor_id: id } = row
  return {
    userId: row.user_id,
    id: row.id,
    kind: row.kind,
    at: row.at,
    amount: row.amount === null ? null : Number(row.amount),
    reason: row.reason,
    actor: kind === null || id === null ? null : { kind, id },
    snapshot: {
      used: Number(row.balance_used),
      reserved: Number(row.balance_reserved),
      limit: row.balance_limit === null ? null : Number(row.balance_limit),
      resetsAt: row.balance_resets_at,
      beyond: row.balance_beyond,
    },
  }
}
