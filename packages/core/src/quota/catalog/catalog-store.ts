import type pg from 'pg'

/** What a plan allows of a meter in a month. */
export interface LimitRow {
  plan: string
  meter: string
  limit_amount: number
  unlimited: boolean
}

/**
 * Makes the quotas of current subscriptions what these limits say, and returns how many rows changed. One
 * statement: it waits for a sync under way and then sees what that wrote.
 */
export async function writeLimits(
  db: pg.Pool | pg.ClientBase,
  limits: readonly LimitRow[],
): Promise<number> {
  const { rows } = await db.query<{ changed: string }>(
    `WITH limits AS (
       SELECT * FROM jsonb_to_recordset($1) AS l (plan text, meter text, limit_amount bigint, unlimited boolean)
     ), removed AS (
       DELETE FROM quotas WHERE NOT meter IN (SELECT meter FROM limits) RETURNING 1
     ), dropped AS (
       UPDATE quotas SET plan = NULL, limit_amount = 0, unlimited = false
       WHERE plan IS NOT NULL AND NOT plan IN (SELECT plan FROM limits) AND meter IN (SELECT meter FROM limits)
       RETURNING 1
     ), changed AS (
       UPDATE quotas q SET limit_amount = l.limit_amount, unlimited = l.unlimited
       FROM limits l
       WHERE q.plan = l.plan AND q.meter = l.meter
         AND (q.limit_amount, q.unlimited) IS DISTINCT FROM (l.limit_amount, l.unlimited)
       RETURNING 1
     ), incomplete AS (
       SELECT * FROM subscriptions s WHERE is_current AND EXISTS (
         SELECT meter FROM limits EXCEPT SELECT meter FROM quotas WHERE user_id = s.user_id)
       FOR SHARE
     ), added AS (
       INSERT INTO quotas (user_id, meter, subscription_id, plan, status, past_due_since, limit_amount, unlimited)
       SELECT s.user_id, m.meter, s.id, l.plan, s.status, s.past_due_since,
         coalesce(l.limit_amount, 0), coalesce(l.unlimited, false)
       FROM incomplete s
       CROSS JOIN (SELECT DISTINCT meter FROM limits) m
       LEFT JOIN limits l ON l.plan = s.plan AND l.meter = m.meter
       ON CONFLICT (user_id, meter) DO NOTHING
       RETURNING 1
     )
     SELECT count(*) AS changed FROM (
       TABLE removed UNION ALL TABLE dropped UNION ALL TABLE changed UNION ALL TABLE added
     ) AS everything`,
    [JSON.stringify(limits)],
  )
  return Number(rows[0]?.changed ?? 0)
}

/** The plans that subscriptions name and the catalogue lacks: how many users are on each now, and ever were. */
export async function countUsersOfOtherPlans(
  db: pg.Pool | pg.ClientBase,
  planIds: readonly string[],
): Promise<{ plan: string; current: number; ever: number }[]> {
  const { rows } = await db.query<{ plan: string; current: number; ever: number }>(
    `SELECT named.plan, count(DISTINCT s.user_id) FILTER (WHERE s.is_current)::int AS current,
       count(DISTINCT s.user_id)::int AS ever
     FROM subscriptions s
     CROSS JOIN LATERAL (VALUES (s.plan), (s.pending_plan)) AS named (plan)
     WHERE named.plan IS NOT NULL AND NOT named.plan = ANY ($1::text[])
     GROUP BY named.plan ORDER BY named.plan`,
    [planIds],
  )
  return rows
}
