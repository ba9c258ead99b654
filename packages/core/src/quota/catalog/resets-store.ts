import type pg from 'pg'
import type { Resets } from '../../catalog/index.ts'
import { KIND_OF_KEY } from '../windows/days.ts'

/** A meter that resets otherwise than when a server last started. */
export interface ChangedResets {
  meter: string
  before: Resets
  now: Resets
  /** How many users have use in the windows that it had. */
  users: number
}

/**
 * The meters that reset otherwise than before, in order. A meter of which nothing is stored reset by the month: until
 * it was stored there was no other way.
 */
export async function readChangedResets(
  db: pg.Pool | pg.ClientBase,
  meters: readonly { meter: string; resets: Resets }[],
): Promise<ChangedResets[]> {
  const { rows } = await db.query<ChangedResets>(
    `SELECT m.meter, coalesce(s.resets, 'month') AS before, m.resets AS now, (
         SELECT count(DISTINCT c.user_id)::int FROM usage_counters c
         WHERE c.meter = m.meter AND c.used + c.reserved > 0 AND ${KIND_OF_KEY} = coalesce(s.resets, 'month')
       ) AS users
     FROM jsonb_to_recordset($1) AS m (meter text, resets text)
     LEFT JOIN meter_resets s ON s.meter = m.meter
     WHERE m.resets <> coalesce(s.resets, 'month')
     ORDER BY m.meter`,
    [JSON.stringify(meters)],
  )
  return rows
}

export async function writeResets(
  db: pg.Pool | pg.ClientBase,
  meters: readonly { meter: string; resets: Resets }[],
): Promise<void> {
  await db.query(
    `INSERT INTO meter_resets AS s (meter, resets)
     SELECT meter, resets FROM jsonb_to_recordset($1) AS m (meter text, resets text)
     ON CONFLICT (meter) DO UPDATE SET resets = EXCLUDED.resets WHERE s.resets <> EXCLUDED.resets`,
    [JSON.stringify(meters)],
  )
}
