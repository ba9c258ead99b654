import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'

/** Ends the connections of this database that wait for a lock, as a server does that stops; waits until there is one. */
export async function endWaiting(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rowCount !== 0) return
    await delay(20)
  }
}
