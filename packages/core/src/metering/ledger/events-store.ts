import type pg from 'pg'

/** A ledger row with use, as `listEvents` selects it. */
export interface EventRow {
  user_id: string
  idempotency_key: string
  id: string
  verb: string
  meter: string
  amount: string
  occurred_at: Date
  recorded_at: Date
  metadata: Record<string, unknown> | null
  settled_metadata: Record<string, unknown> | null
  over_limit: boolean
  voided_at: Date | null
}

export interface EventQuery {
  userId: string
  meter?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  /** Only rows older than the one with this id. */
  before: string | null
  limit: number
}

/** The newest first, by id, which ascends with time: served by the ledger's index (user, id), however long the ledger is. */
export async function listEvents(
  db: pg.Pool | pg.ClientBase,
  query: EventQuery,
): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>({
    name: 'list-events',
    text: `SELECT user_id, idempotency_key, id, verb, meter, amount, occurred_at, recorded_at, metadata,
        settled_metadata, over_limit, voided_at
      FROM usage
      WHERE user_id = $1 AND amount > 0
        AND ($2::uuid IS NULL OR id < $2)
        AND ($3::text IS NULL OR meter = $3)
        AND ($4::timestamptz IS NULL OR occurred_at >= $4)
        AND ($5::timestamptz IS NULL OR occurred_at < $5)
      ORDER BY id DESC
      LIMIT $6`,
    values: [
      query.userId,
      query.before,
      query.meter ?? null,
      query.from?.toISOString() ?? null,
      query.to?.toISOString() ?? null,
      query.limit,
    ],
  })
  return rows
}
