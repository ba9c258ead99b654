import type pg from 'pg'
import { bigints, instants, texts } from '../../database/arrays.ts'
import type { Reached } from './thresholds.ts'

/** A threshold that a decision has reached. */
export interface NewAlert extends Reached {
  userId: string
  meter: string
  period: string
}

/** In SQL, the thresholds that were reached in the window of a counter, as `Reached[]`; null: none. */
export function reachedSql(counter: string): string {
  return `(SELECT jsonb_agg(jsonb_build_object('threshold', a.threshold, 'limit', a.limit_amount)) FROM quota_alerts a
    WHERE a.user_id = ${counter}.user_id AND a.meter = ${counter}.meter AND a.period = ${counter}.period)`
}

/**
 * Writes what was reached, while the window's counter is locked. One that is there already stays: whoever waited for the
 * lock may have read what was reached before it.
 */
export async function insertAlerts(
  tx: pg.ClientBase,
  alerts: readonly NewAlert[],
  now: Date,
): Promise<void> {
  if (alerts.length === 0) return
  await tx.query({
    name: 'insert-quota-alerts',
    text: `INSERT INTO quota_alerts (user_id, meter, period, threshold, limit_amount, at)
      SELECT k.user_id, k.meter, k.period, k.threshold::double precision, k.limit_amount, k.at
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
        AS k (user_id, meter, period, threshold, limit_amount, at)
      ON CONFLICT DO NOTHING`,
    values: [
      texts(alerts, ({ userId }) => userId),
      texts(alerts, ({ meter }) => meter),
      texts(alerts, ({ period }) => period),
      texts(alerts, ({ threshold }) => String(threshold)),
      bigints(alerts, ({ limit }) => limit),
      instants(alerts, () => now),
    ],
  })
}

/** When each threshold was last reached in these windows of a user, meter by meter. */
export async function readAlerts(
  db: pg.Pool | pg.ClientBase,
  userId: string,
  windows: readonly { meter: string; period: string }[],
): Promise<{ meter: string; threshold: number; at: Date }[]> {
  const { rows } = await db.query<{ meter: string; threshold: number; at: Date }>({
    name: 'read-quota-alerts',
    text: `SELECT k.meter, a.threshold, max(a.at) AS at
      FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS k (meter, period, place)
      JOIN quota_alerts a ON a.user_id = $1 AND a.meter = k.meter AND a.period = k.period
      GROUP BY k.meter, k.place, a.threshold
      ORDER BY k.place, a.threshold`,
    values: [userId, texts(windows, ({ meter }) => meter), texts(windows, ({ period }) => period)],
  })
  return rows
}
