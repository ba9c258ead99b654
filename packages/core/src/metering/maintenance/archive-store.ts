import type pg from 'pg'
import type { DaySum, Totals } from './totals.ts'
import { DAY_SUM } from './verify-store.ts'

/** The next user after `after` with a ledger row older than `beforeId`; null when there is none. */
export async function nextUserWithOldRows(
  db: pg.Pool,
  { after, beforeId, before }: { after: string; beforeId: string; before: Date },
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM users WHERE id > $1 AND EXISTS (
       SELECT 1 FROM usage WHERE user_id = users.id AND id < $2 AND recorded_at < $3 AND NOT held)
     ORDER BY id LIMIT 1`,
    [after, beforeId, before],
  )
  return rows[0]?.id ?? null
}

/** Moves the oldest rows of a user out of the ledger, and returns what they sum to. */
export async function moveOldRows(
  db: pg.ClientBase,
  {
    userId,
    beforeId,
    before,
    count,
  }: { userId: string; beforeId: string; before: Date; count: number },
): Promise<(DaySum & { rows: string })[]> {
  const { rows } = await db.query<DaySum & { rows: string }>(
    `WITH moved AS (
       DELETE FROM usage WHERE user_id = $1 AND id = ANY (ARRAY(
         SELECT id FROM usage WHERE user_id = $1 AND id < $2 AND recorded_at < $4 AND NOT held
         ORDER BY id LIMIT $3))
       RETURNING *
     ), kept AS (
       INSERT INTO usage_archive (user_id, idempotency_key, id, verb, meter, period, amount, reserved,
         occurred_at, recorded_at, metadata, settled_metadata, over_limit, voided_at, parts)
       SELECT user_id, idempotency_key, id, verb, meter, period, amount, reserved,
         occurred_at, recorded_at, metadata, settled_metadata, over_limit, voided_at, parts FROM moved
     )
     SELECT ${DAY_SUM}, 0 AS reserved, count(*) AS rows FROM moved GROUP BY 1, 2, 3, 4`,
    [userId, beforeId, count, before],
  )
  return rows
}

/** Adds to what the archived rows of a counter sum to. */
export async function addChecksum(db: pg.ClientBase, totals: Totals): Promise<void> {
  await db.query(
    `INSERT INTO usage_checksums AS c (user_id, meter, period, used, day_amounts, day_events)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, meter, period) DO UPDATE SET used = c.used + EXCLUDED.used,
       day_amounts = ARRAY(SELECT coalesce(a, 0) + coalesce(b, 0) FROM unnest(c.day_amounts, EXCLUDED.day_amounts)
         WITH ORDINALITY AS t (a, b, day) ORDER BY day),
       day_events = ARRAY(SELECT coalesce(a, 0) + coalesce(b, 0) FROM unnest(c.day_events, EXCLUDED.day_events)
         WITH ORDINALITY AS t (a, b, day) ORDER BY day)`,
    [totals.userId, totals.meter, totals.period, totals.used, totals.dayAmounts, totals.dayEvents],
  )
}
