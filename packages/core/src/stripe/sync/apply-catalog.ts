import { catalog, planLimit } from '../../catalog/index.ts'
import type { Context } from '../../context.ts'

/**
 * Rewrites the quotas of current subscriptions to the limits that the catalogue has now, and answers how many
 * rows changed. For server start; a repeat finds nothing to do. A plan that the catalogue dropped gives nothing,
 * as a price of nobody's does. One statement, that waits for a sync under way and then sees what that wrote.
 */
export async function applyCatalog(ctx: Context): Promise<number> {
  const { rows } = await ctx.db.pool.query<{ changed: string }>(
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
     ), current AS (
       SELECT * FROM subscriptions WHERE is_current FOR SHARE
     ), added AS (
       INSERT INTO quotas (user_id, meter, subscription_id, plan, status, past_due_since, limit_amount, unlimited)
       SELECT s.user_id, m.meter, s.id, l.plan, s.status, s.past_due_since,
         coalesce(l.limit_amount, 0), coalesce(l.unlimited, false)
       FROM current s
       CROSS JOIN (SELECT DISTINCT meter FROM limits) m
       LEFT JOIN limits l ON l.plan = s.plan AND l.meter = m.meter
       WHERE NOT EXISTS (SELECT FROM quotas q WHERE q.user_id = s.user_id AND q.meter = m.meter)
       ON CONFLICT (user_id, meter) DO NOTHING
       RETURNING 1
     )
     SELECT count(*) AS changed FROM (
       TABLE removed UNION ALL TABLE dropped UNION ALL TABLE changed UNION ALL TABLE added
     ) AS everything`,
    [JSON.stringify(catalogLimits())],
  )
  return Number(rows[0]?.changed ?? 0)
}

function catalogLimits() {
  return catalog.planIds.flatMap((plan) =>
    catalog.meterIds.map((meter) => {
      const { limit, unlimited } = planLimit(plan, meter)
      return { plan, meter, limit_amount: limit, unlimited }
    }),
  )
}
