import { randomUUID } from 'node:crypto'
import type { Context } from '@tollgate/core'
import type { Meter } from '@tollgate/testing/catalog'
import type pg from 'pg'

// What users have beyond their allowance, and what must hold of it, checked by what the tables hold. Written anew rather
// than with `verifyUsage`, whose work is checked here too.

const METERS: readonly Meter[] = ['tokens', 'apiCalls']

/** Gives a user a grant of credits for each meter, and overage with a cap of so many units. */
export async function addSources(
  { db, clock }: Context,
  userId: string,
  { credits, cap }: { credits: number; cap: number },
): Promise<void> {
  const now = clock.now()
  for (const meter of METERS) {
    await db.pool.query(
      `INSERT INTO grants (id, user_id, meter, amount, remaining, source, effective_at, created_at)
       VALUES ($1, $2, $3, $4, $4, 'admin', $5, $5)`,
      [randomUUID(), userId, meter, credits, new Date(now.getTime() - 40 * 86_400_000)],
    )
    await db.pool.query(
      `INSERT INTO overage_terms (user_id, meter, subscription_id, item_id, price_id, currency, unit_price,
         period_start, period_end, anchor, item_since, selling, default_cap)
       VALUES ($1, $2, 'sub_' || $1, 'si_1', 'price_1', 'usd', 1, $3, $4, $3, $3, true, $5)`,
      [userId, meter, now, new Date(now.getTime() + 400 * 86_400_000), cap],
    )
  }
}

/** What of ledger rows was taken from each source, where it counts or is held. */
const PARTS = `SELECT user_id, meter, period, held, parts, CASE WHEN amount > 0 THEN amount ELSE reserved END AS amount,
    coalesce((parts ->> 'overage')::bigint, 0) AS overage, coalesce((parts ->> 'over')::bigint, 0) AS over,
    coalesce((SELECT sum((part ->> 1)::bigint) FROM jsonb_array_elements(parts -> 'grants') AS part), 0) AS credits
  FROM usage WHERE (held OR amount > 0) AND voided_at IS NULL AND parts IS NOT NULL`

const RULES: Record<string, string> = {
  'each unit belongs to one source': `SELECT * FROM (${PARTS}) AS p WHERE credits + overage + over > amount`,
  'counters say what was taken from grants and overage': `
    SELECT * FROM (SELECT user_id, meter, period, credited, sold FROM usage_counters WHERE credited + sold <> 0) AS c
    FULL JOIN (
      SELECT user_id, meter, period, sum(credits) AS credits, sum(overage) AS overage FROM (${PARTS}) AS p
      GROUP BY 1, 2, 3 HAVING sum(credits) + sum(overage) <> 0
    ) AS p USING (user_id, meter, period)
    WHERE (credited, sold) IS DISTINCT FROM (credits, overage)`,
  'a grant is what was used, is held and remains': `
    SELECT g.id, g.amount, g.remaining, g.held FROM grants g
    LEFT JOIN (
      SELECT part ->> 0 AS id, sum((part ->> 1)::bigint) FILTER (WHERE held) AS held, sum((part ->> 1)::bigint) AS taken
      FROM (${PARTS}) AS p, jsonb_array_elements(parts -> 'grants') AS part GROUP BY 1
    ) AS t ON t.id = g.id::text
    WHERE g.held <> coalesce(t.held, 0) OR g.remaining <> g.amount - coalesce(t.taken, 0)`,
  'what was sold is what the ledger says, and within the cap': `
    SELECT user_id, meter, s.units, s.total, t.held, p.sold FROM overage_terms t
    LEFT JOIN (
      SELECT user_id, meter, sum(units) AS units, (array_agg(total ORDER BY hour DESC))[1] AS total
      FROM overage_sales GROUP BY 1, 2
    ) AS s USING (user_id, meter)
    LEFT JOIN (
      SELECT user_id, meter, sum(overage) FILTER (WHERE held) AS held, sum(overage) FILTER (WHERE NOT held) AS sold
      FROM (${PARTS}) AS p GROUP BY 1, 2
    ) AS p USING (user_id, meter)
    WHERE (coalesce(s.units, 0), coalesce(s.total, 0), t.held)
        <> (coalesce(p.sold, 0), coalesce(p.sold, 0), coalesce(p.held, 0))
      OR coalesce(p.sold, 0) + t.held > t.default_cap`,
}

/** Each rule about credits and overage that does not hold. */
export async function findWrongSources(db: pg.Pool): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(RULES).map(async ([rule, query]) => {
      const { rows } = await db.query<object>(query)
      return rows.map((row) => `${rule}: ${JSON.stringify(row)}`)
    }),
  )
  return found.flat()
}
