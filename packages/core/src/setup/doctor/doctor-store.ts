import type pg from 'pg'

/** How long ago, in seconds, the worker of any process last ran the schedule; null if none ever did. */
export async function readWorkerSilence(db: pg.Pool | pg.ClientBase): Promise<number | null> {
  const { rows: tables } = await db.query<{ crontabs: string | null }>(
    `SELECT to_regclass('graphile_worker._private_known_crontabs') AS crontabs`,
  )
  if (tables[0]?.crontabs === null) return null
  const { rows } = await db.query<{ seconds: string | null }>(
    `SELECT extract(epoch FROM now() - max(coalesce(last_execution, known_since))) AS seconds
     FROM graphile_worker._private_known_crontabs`,
  )
  const seconds = rows[0]?.seconds ?? null
  return seconds === null ? null : Number(seconds)
}

/** When the last event came; null if none did. */
export async function readLastReceived(db: pg.Pool | pg.ClientBase): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    'SELECT max(received_at) AS at FROM stripe_events',
  )
  return rows[0]?.at ?? null
}
