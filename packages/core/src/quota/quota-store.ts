import type pg from 'pg'
import type { Actor } from '../actor.ts'
import { texts } from '../database/arrays.ts'
import { creditedSql, creditsSql, overageSql, soldSql } from './balance/beyond-store.ts'
import type { OverageRow } from './balance/overage.ts'
import type { QuotaRow } from './entitlement.ts'
import type { Window } from './windows/windows.ts'

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

/** A user's entitlement to a meter as stored, and what they have used of it in a window. */
export interface Standing<M extends string = string> {
  userId: string
  meter: M
  window: Window
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

export type StandingKey<M extends string = string> = Pick<
  Standing<M>,
  'userId' | 'meter' | 'window'
>

/**
 * Standings of users that exist, in the order of `keys`. Locks nothing.
 * A reservation that has expired at `now` is not counted, although its row says so only after the next decision: so
 * the numbers are those that a decision would see.
 */
export async function readStandings<M extends string>(
  db: pg.Pool | pg.ClientBase,
  { keys, now }: { keys: readonly StandingKey<M>[]; now: Date },
): Promise<Standing<M>[]> {
  const place = { user: 'k.user_id', meter: 'k.meter', now: '$4' }
  const expired = `usage r WHERE r.user_id = k.user_id AND r.meter = k.meter AND r.period = k.period
          AND r.held AND r.expires_at <= $4`
  const { rows } = await db.query<StandingColumns>({
    name: 'read-standings',
    text: `SELECT k.place::int, coalesce(c.used, 0) AS used,
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
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k (user_id, meter, period, place)
      JOIN users u ON u.id = k.user_id
      LEFT JOIN usage_counters c ON c.user_id = k.user_id AND c.meter = k.meter AND c.period = k.period
      LEFT JOIN quotas q ON q.user_id = k.user_id AND q.meter = k.meter
      LEFT JOIN quota_overrides o ON o.user_id = k.user_id AND o.meter = k.meter
      ORDER BY k.place`,
    values: [
      texts(keys, ({ userId }) => userId),
      texts(keys, ({ meter }) => meter),
      texts(keys, ({ window }) => window.period),
      now.toISOString(),
    ],
  })
  return rows.flatMap((row) => {
    const key = keys[row.place - 1]
    return key ? [toStanding(key, row)] : []
  })
}

interface StandingColumns extends QuotaColumns {
  place: number
  used: string
  reserved: string
  credited: string
  sold: string
  credits: string
  overage: OverageRow | null
}

function toStanding<M extends string>(key: StandingKey<M>, row: StandingColumns): Standing<M> {
  return {
    ...key,
    used: Number(row.used),
    reserved: Number(row.reserved),
    credited: Number(row.credited),
    sold: Number(row.sold),
    credits: Number(row.credits),
    overage: row.overage,
    quota: toQuotaRow(row),
  }
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
