import type pg from 'pg'
import { creditedSql, soldSql } from '../../quota/index.ts'
import type { MeterKey } from '../ledger/sources-store.ts'

/** What does not say what the ledger says of grants and overage. */
export interface SourceRow {
  user_id: string
  meter: string
  /**
   * counter: what it took from grants, from overage · grant: what was used of it, what is held · held: units of overage that
   * are held · hour: units sold in it · period: units sold in it, as its last hour says
   */
  kind: 'counter' | 'grant' | 'held' | 'hour' | 'period'
  /** Of a counter its window, of a grant its id, of sales their subscription, period and hour. */
  place: string[]
  stored: string[]
  ledger: string[]
}

/** The differences of some users, or of one meter of theirs. */
export async function compareSources(
  db: pg.ClientBase,
  userIds: readonly string[],
  meter: string | null = null,
): Promise<SourceRow[]> {
  const { rows } = await db.query<SourceRow>(
    `WITH ${PARTS}, differences AS (
       ${COUNTERS} UNION ALL ${GRANTS} UNION ALL ${HELD} UNION ALL ${HOURS} UNION ALL ${PERIODS}
     )
     SELECT * FROM differences
     WHERE stored IS DISTINCT FROM ledger AND ($2::text IS NULL OR meter = $2)
     ORDER BY user_id, meter, kind, place`,
    [userIds, meter],
  )
  return rows
}

/** What rows of the ledger and of its archive hold or count of grants and overage. */
const PARTS = `parts AS (
    SELECT user_id, meter, period, parts, held FROM usage
    WHERE user_id = ANY ($1) AND parts IS NOT NULL AND (held OR (amount > 0 AND voided_at IS NULL))
    UNION ALL
    SELECT user_id, meter, period, parts, false FROM usage_archive
    WHERE user_id = ANY ($1) AND parts IS NOT NULL AND amount > 0 AND voided_at IS NULL
  ), sales AS (
    SELECT user_id, meter, subscription_id, period_start, hour, units, total FROM overage_sales
    WHERE user_id = ANY ($1)
  ), sold AS (
    SELECT user_id, meter, parts #>> '{sale,subscription}' AS subscription_id,
      (parts #>> '{sale,period}')::timestamptz AS period_start, (parts #>> '{sale,hour}')::timestamptz AS hour,
      sum(${soldSql('parts')}) AS units
    FROM parts WHERE parts ? 'sale' GROUP BY 1, 2, 3, 4, 5
  )`

const COUNTERS = `SELECT user_id, meter, 'counter' AS kind, ARRAY[period] AS place,
    ARRAY[coalesce(c.credited, 0), coalesce(c.sold, 0)]::numeric[] AS stored,
    ARRAY[coalesce(p.credited, 0), coalesce(p.sold, 0)]::numeric[] AS ledger
  FROM (
    SELECT user_id, meter, period, sum(${creditedSql('parts')}) AS credited, sum(${soldSql('parts')}) AS sold
    FROM parts GROUP BY 1, 2, 3
  ) AS p
  FULL JOIN (
    SELECT user_id, meter, period, credited, sold FROM usage_counters
    WHERE user_id = ANY ($1) AND (credited <> 0 OR sold <> 0)
  ) AS c USING (user_id, meter, period)`

const GRANTS = `SELECT coalesce(g.user_id, p.user_id), coalesce(g.meter, p.meter), 'grant', ARRAY[id],
    ARRAY[g.amount - g.remaining - g.held, g.held]::numeric[],
    ARRAY[coalesce(p.used, 0), coalesce(p.held, 0)]::numeric[]
  FROM (
    SELECT part ->> 0 AS id, min(user_id) AS user_id, min(meter) AS meter,
      sum((part ->> 1)::bigint) FILTER (WHERE NOT held) AS used,
      sum((part ->> 1)::bigint) FILTER (WHERE held) AS held
    FROM parts CROSS JOIN LATERAL jsonb_array_elements(parts -> 'grants') AS part GROUP BY 1
  ) AS p
  FULL JOIN (
    SELECT id::text AS id, user_id, meter, amount, remaining, held FROM grants WHERE user_id = ANY ($1)
  ) AS g USING (id)`

const HELD = `SELECT user_id, meter, 'held', ARRAY[]::text[], ARRAY[coalesce(t.held, 0)]::numeric[],
    ARRAY[coalesce(p.held, 0)]::numeric[]
  FROM (
    SELECT user_id, meter, sum(${soldSql('parts')}) AS held FROM parts WHERE held GROUP BY 1, 2
  ) AS p
  FULL JOIN (
    SELECT user_id, meter, held FROM overage_terms WHERE user_id = ANY ($1)
  ) AS t USING (user_id, meter)`

const HOURS = `SELECT user_id, meter, 'hour', ARRAY[subscription_id, period_start::text, hour::text],
    ARRAY[coalesce(s.units, 0)]::numeric[], ARRAY[coalesce(p.units, 0)]::numeric[]
  FROM sold p FULL JOIN sales s USING (user_id, meter, subscription_id, period_start, hour)`

const PERIODS = `SELECT user_id, meter, 'period', ARRAY[subscription_id, period_start::text],
    ARRAY[(array_agg(total ORDER BY hour DESC))[1]]::numeric[], ARRAY[sum(units)]::numeric[]
  FROM sales GROUP BY user_id, meter, subscription_id, period_start`

/** Locks all counters of a user's meter, then its grants, then the terms of its overage: as decisions do. */
export async function lockMeter(db: pg.ClientBase, key: MeterKey): Promise<void> {
  const [counters, grants, terms] = ['usage_counters', 'grants', 'overage_terms']
  for (const [table, order] of [
    // The order of decisions, whatever the locale of the database.
    [counters, 'period COLLATE "C"'],
    [grants, 'id'],
    [terms, 'meter'],
  ]) {
    await db.query(
      `SELECT FROM ${table} WHERE user_id = $1 AND meter = $2 ORDER BY ${order} FOR UPDATE`,
      [key.userId, key.meter],
    )
  }
}

/** Makes what is stored say what the ledger says. Under the locks of `lockMeter`. */
export async function writeSource(db: pg.ClientBase, row: SourceRow): Promise<void> {
  await db.query(REPAIRS[row.kind], [row.user_id, row.meter, row.place, row.ledger])
}

/** $1 user, $2 meter, $3 place, $4 what the ledger says. */
const REPAIRS: Record<SourceRow['kind'], string> = {
  counter: `UPDATE usage_counters SET credited = ($4::bigint[])[1], sold = ($4::bigint[])[2]
    WHERE user_id = $1 AND meter = $2 AND period = ($3::text[])[1]`,
  grant: `UPDATE grants SET held = ($4::bigint[])[2], remaining = amount - ($4::bigint[])[1] - ($4::bigint[])[2]
    WHERE user_id = $1 AND meter = $2 AND id = ($3::uuid[])[1]`,
  held: `UPDATE overage_terms SET held = ($4::bigint[])[1]
    WHERE user_id = $1 AND meter = $2 AND $3::text[] = '{}'`,
  hour: `INSERT INTO overage_sales (user_id, meter, subscription_id, period_start, hour, units, total)
    VALUES ($1, $2, ($3::text[])[1], (($3::text[])[2])::timestamptz, (($3::text[])[3])::timestamptz,
      ($4::bigint[])[1], 0)
    ON CONFLICT (user_id, meter, subscription_id, period_start, hour) DO UPDATE SET units = EXCLUDED.units`,
  period: `UPDATE overage_sales s SET total = ($4::bigint[])[1]
    WHERE user_id = $1 AND meter = $2 AND subscription_id = ($3::text[])[1]
      AND period_start = (($3::text[])[2])::timestamptz
      AND hour = (SELECT max(hour) FROM overage_sales l
        WHERE l.user_id = s.user_id AND l.meter = s.meter AND l.subscription_id = s.subscription_id
          AND l.period_start = s.period_start)`,
}
