import type pg from 'pg'
import type { Actor } from '../actor.ts'
import { creditedSql, creditsSql, overageSql, soldSql } from './beyond-store.ts'
import type { QuotaRow } from './entitlement.ts'
import type { OverageRow } from './overage.ts'

/** The columns that `toQuotaRow` reads, for a query with quotas as q and quota_overrides as o. */
export const QUOTA_COLUMNS = `
  q.status, q.plan, q.past_due_since, q.limit_amount, q.unlimited,
  o.limit_amount AS override_limit, o.unlimited AS override_unlimited`

export interface QuotaColumns {
  status: string | null
  plan: string | null
  past_due_since: Date | null
  limit_amount: string | null
  unlimited: boolean | null
  override_limit: string | null
  override_unlimited: boolean | null
}

export function toQuotaRow(row: QuotaColumns): QuotaRow {
  return {
    status: row.status,
    plan: row.plan,
    pastDueSince: row.past_due_since,
    planLimit: { limit: Number(row.limit_amount ?? 0), unlimited: row.unlimited ?? false },
    override:
      row.override_unlimited === null
        ? null
        : { limit: Number(row.override_limit), unlimited: row.override_unlimited },
  }
}

/** A user's entitlement to a meter as stored, and what they have used of it in a month. */
export interface Standing<M extends string = string> {
  userId: string
  meter: M
  used: number
  reserved: number
  /** What of used and reserved was taken from grants, and from overage. */
  credited: number
  sold: number
  /** What remains in live grants. */
  credits: number
  overage: OverageRow | null
  quota: QuotaRow
}

/**
 * Standings of users in a month, for each of `meters` in that order; users that do not exist have none. Locks nothing.
 * A reservation that has expired at `now` is not counted, although its row says so only after the next decision: so
 * the numbers are those that a decision would see.
 */
export async function readStandings<M extends string>(
  db: pg.Pool | pg.ClientBase,
  query: { userIds: readonly string[]; period: string; meters: readonly M[]; now: Date },
): Promise<Standing<M>[]> {
  const place = { user: 'u.id', meter: 'm.meter', now: '$4' }
  const expired = `usage r
          WHERE r.user_id = u.id AND r.meter = m.meter AND r.period = $2 AND r.held AND r.expires_at <= $4`
  const { rows } = await db.query<StandingColumns & { user_id: string; meter: M }>({
    name: 'read-standings',
    text: `SELECT u.id AS user_id, m.meter, coalesce(c.used, 0) AS used,
        coalesce(c.reserved, 0) - CASE WHEN c.next_expiry <= $4 THEN (
          SELECT coalesce(sum(r.reserved), 0) FROM ${expired}
        ) ELSE 0 END AS reserved,
        coalesce(c.credited, 0) - CASE WHEN c.next_expiry <= $4 AND c.credited > 0 THEN (
          SELECT coalesce(sum(${creditedSql('r.parts')}), 0) FROM ${expired}
        ) ELSE 0 END AS credited,
        coalesce(c.sold, 0) - CASE WHEN c.next_expiry <= $4 AND c.sold > 0 THEN (
          SELECT coalesce(sum(${soldSql('r.parts')}), 0) FROM ${expired}
        ) ELSE 0 END AS sold,
        ${creditsSql(place)} AS credits, ${overageSql(place)} AS overage,
        ${QUOTA_COLUMNS}
      FROM users u
      CROSS JOIN unnest($3::text[]) WITH ORDINALITY AS m (meter, position)
      LEFT JOIN usage_counters c ON c.user_id = u.id AND c.meter = m.meter AND c.period = $2
      LEFT JOIN quotas q ON q.user_id = u.id AND q.meter = m.meter
      LEFT JOIN quota_overrides o ON o.user_id = u.id AND o.meter = m.meter
      WHERE u.id = ANY ($1::text[])
      ORDER BY m.position`,
    values: [query.userIds, query.period, query.meters, query.now.toISOString()],
  })
  return rows.map((row) => ({
    userId: row.user_id,
    meter: row.meter,
    used: Number(row.used),
    reserved: Number(row.reserved),
    credited: Number(row.credited),
    sold: Number(row.sold),
    credits: Number(row.credits),
    overage: row.overage,
    quota: toQuotaRow(row),
  }))
}

interface StandingColumns extends QuotaColumns {
  used: string
  reserved: string
  credited: string
  sold: string
  credits: string
  overage: OverageRow | null
}

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
    `SELECT meter, period, used FROM usage_counters
     WHERE user_id = $1 AND NOT meter = ANY ($2::text[]) AND used > 0
     ORDER BY period DESC, meter LIMIT 100`,
    [userId, meters],
  )
  return rows.map((row) => ({ ...row, used: Number(row.used) }))
}

/** One row a day with use of a meter: amount and number of usage events. Days beyond a month's end hold nothing. */
export async function readDays(
  db: pg.Pool | pg.ClientBase,
  key: { userId: string; from: string; to: string; meters: readonly string[] },
): Promise<{ date: string; meter: string; amount: number; events: number }[]> {
  const { rows } = await db.query<{ date: string; meter: string; amount: string; events: number }>({
    name: 'read-days',
    text: `SELECT c.period || '-' || lpad(d.day::text, 2, '0') AS date, c.meter, d.amount, d.events
      FROM usage_counters c
      CROSS JOIN unnest(c.day_amounts, c.day_events) WITH ORDINALITY AS d (amount, events, day)
      WHERE c.user_id = $1 AND c.meter = ANY ($4::text[])
        AND c.period BETWEEN left($2, 7) AND left($3, 7)
        AND c.period || '-' || lpad(d.day::text, 2, '0') BETWEEN $2 AND $3
        AND (d.amount <> 0 OR d.events <> 0)
      ORDER BY date DESC, c.meter`,
    values: [key.userId, key.from, key.to, key.meters],
  })
  return rows.map((row) => ({ ...row, amount: Number(row.amount) }))
}

export async function upsertOverride(
  db: pg.Pool | pg.ClientBase,
  override: {
    userId: string
    meter: string
    limit: number | 'unlimited'
    reason: string
    actor: Actor
    at: Date
  },
): Promise<void> {
  const { userId, meter, limit, reason, actor, at } = override
  const unlimited = limit === 'unlimited'
  await db.query(
    `INSERT INTO quota_overrides (user_id, meter, limit_amount, unlimited, reason, set_by, set_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (user_id, meter) DO UPDATE SET limit_amount = EXCLUDED.limit_amount,
       unlimited = EXCLUDED.unlimited, reason = EXCLUDED.reason, set_by = EXCLUDED.set_by,
       set_at = EXCLUDED.set_at`,
    [userId, meter, unlimited ? 0 : limit, unlimited, reason, `${actor.kind}:${actor.id}`, at],
  )
}

export async function deleteOverride(
  db: pg.Pool | pg.ClientBase,
  { userId, meter }: { userId: string; meter: string },
): Promise<void> {
  await db.query('DELETE FROM quota_overrides WHERE user_id = $1 AND meter = $2', [userId, meter])
}
