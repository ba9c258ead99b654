import type pg from 'pg'
import { FIRST_DATE, overlapping } from './days.ts'

/** What a user used of a meter that the catalogue no longer has, in a month (UTC). */
export interface FormerUsage {
  meter: string
  /** YYYY-MM */
  period: string
  used: number
}

/** A user's use of all meters but `meters`, the newest month first; at most 100 rows. */
export async function readFormerUsage(
  db: pg.Pool | pg.ClientBase,
  { userId, meters }: { userId: string; meters: readonly string[] },
): Promise<FormerUsage[]> {
  const { rows } = await db.query<{ meter: string; period: string; used: string }>(
    `SELECT c.meter, to_char(${FIRST_DATE} + d.day::int - 1, 'YYYY-MM') AS period, sum(d.amount) AS used
     FROM usage_counters c
     CROSS JOIN unnest(c.day_amounts) WITH ORDINALITY AS d (amount, day)
     WHERE c.user_id = $1 AND NOT c.meter = ANY ($2::text[])
     GROUP BY 1, 2 HAVING sum(d.amount) > 0
     ORDER BY 2 DESC, 1 LIMIT 100`,
    [userId, meters],
  )
  return rows.map((row) => ({ ...row, used: Number(row.used) }))
}

/** One row a day with use of a meter, in whatever windows: amount and number of usage events. */
export async function readDays(
  db: pg.Pool | pg.ClientBase,
  key: { userId: string; from: string; to: string; meters: readonly string[] },
): Promise<{ date: string; meter: string; amount: number; events: number }[]> {
  const { rows } = await db.query<{ date: string; meter: string; amount: string; events: string }>({
    name: 'read-days',
    text: `SELECT to_char(d.date, 'YYYY-MM-DD') AS date, d.meter, sum(d.amount) AS amount, sum(d.events) AS events
      FROM (
        SELECT c.meter, ${FIRST_DATE} + t.day::int - 1 AS date, t.amount, t.events
        FROM usage_counters c
        CROSS JOIN unnest(c.day_amounts, c.day_events) WITH ORDINALITY AS t (amount, events, day)
        WHERE c.user_id = $1 AND c.meter = ANY ($4::text[]) AND ${overlapping('$2', '$3')}
          AND (t.amount <> 0 OR t.events <> 0)
      ) AS d
      WHERE d.date BETWEEN $2::date AND $3::date
      GROUP BY d.date, d.meter
      ORDER BY d.date DESC, d.meter`,
    values: [key.userId, key.from, key.to, key.meters],
  })
  return rows.map((row) => ({ ...row, amount: Number(row.amount), events: Number(row.events) }))
}

/**
 * What all users used of meters on the days from one date to another (both included), in whatever windows. Days are added up
 * only of windows that reach beyond: there may be as many counters as users.
 */
export async function readTotalsOfDays(
  db: pg.Pool | pg.ClientBase,
  { from, to, meters }: { from: string; to: string; meters: readonly string[] },
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ meter: string; used: string }>(
    `SELECT c.meter, sum(
         CASE WHEN f.date >= $1::date AND f.date + cardinality(c.day_amounts) - 1 <= $2::date THEN c.used
         ELSE (SELECT coalesce(sum(amount), 0) FROM unnest(
           c.day_amounts[greatest(1, $1::date - f.date + 1):$2::date - f.date + 1]) AS t (amount)) END
       ) AS used
     FROM usage_counters c
     CROSS JOIN LATERAL (SELECT ${FIRST_DATE}) AS f (date)
     WHERE c.meter = ANY ($3::text[]) AND ${overlapping('$1', '$2')}
     GROUP BY c.meter`,
    [from, to, meters],
  )
  return new Map(rows.map(({ meter, used }) => [meter, Number(used)]))
}
