import type pg from 'pg'
import { userNotFound } from '../errors.ts'
import type { QuotaColumns, QuotaRow } from '../quota/index.ts'
import { QUOTA_COLUMNS, toQuotaRow } from '../quota/index.ts'

export const userOrders = ['newest', 'oldest', 'email'] as const
export type UserOrder = (typeof userOrders)[number]

export interface UserQuery {
  search?: string | undefined
  plan?: string | undefined
  /** Only users whose price maps to no plan. */
  unknownPrice?: boolean | undefined
  status?: string | undefined
  sort: UserOrder
  /** The sort columns of the last row of the page before. */
  after: readonly [string, string] | null
  limit: number
}

export interface UserRow {
  id: string
  email: string
  created_at: Date
  plan: string | null
  status: string | null
}

/** The SQL of each order, and of what comes after a row in it. Never a text of a caller. */
const ORDERS = {
  newest: ['u.created_at DESC, u.id DESC', '(u.created_at, u.id) < ($4::timestamptz, $5)'],
  oldest: ['u.created_at, u.id', '(u.created_at, u.id) > ($4::timestamptz, $5)'],
  email: ['u.email, u.id', '(u.email, u.id) > ($4, $5)'],
} as const satisfies Record<UserOrder, readonly [order: string, after: string]>

/** Users with plan and status of their current subscription. */
export async function readUsers(db: pg.Pool | pg.ClientBase, query: UserQuery): Promise<UserRow[]> {
  const [order, after] = ORDERS[query.sort]
  const { rows } = await db.query<UserRow>(
    `SELECT u.id, u.email, u.created_at, s.plan, s.status
     FROM users u LEFT JOIN subscriptions s ON s.user_id = u.id AND s.is_current
     WHERE ($1::text IS NULL OR u.id = $1
         OR strpos(lower(u.email), lower($1)) > 0 OR strpos(lower(u.name), lower($1)) > 0)
       AND ($2::text IS NULL OR s.plan = $2)
       AND (NOT $7 OR (s.id IS NOT NULL AND s.plan IS NULL))
       AND ($3::text IS NULL OR s.status = $3 OR ($3 = 'none' AND s.id IS NULL))
       AND ($4::text IS NULL OR ${after})
     ORDER BY ${order}
     LIMIT $6`,
    [
      query.search ?? null,
      query.plan ?? null,
      query.status ?? null,
      query.after?.[0] ?? null,
      query.after?.[1] ?? null,
      query.limit,
      query.unknownPrice ?? false,
    ],
  )
  return rows
}

export interface MeterStanding {
  userId: string
  meter: string
  used: number
  reserved: number
  quota: QuotaRow
}

/** Right and use of every meter in a month, of a page of users: one query however many they are. */
export async function readStandings(
  db: pg.Pool,
  key: { userIds: readonly string[]; period: string; meters: readonly string[] },
): Promise<MeterStanding[]> {
  const { rows } = await db.query<
    QuotaColumns & { user_id: string; meter: string; used: string; reserved: string }
  >(
    `SELECT u.user_id, m.meter, coalesce(c.used, 0) AS used, coalesce(c.reserved, 0) AS reserved,
       ${QUOTA_COLUMNS}
     FROM unnest($1::text[]) AS u (user_id)
     CROSS JOIN unnest($2::text[]) WITH ORDINALITY AS m (meter, position)
     LEFT JOIN usage_counters c ON c.user_id = u.user_id AND c.meter = m.meter AND c.period = $3
     LEFT JOIN quotas q ON q.user_id = u.user_id AND q.meter = m.meter
     LEFT JOIN quota_overrides o ON o.user_id = u.user_id AND o.meter = m.meter
     ORDER BY m.position`,
    [key.userIds, key.meters, key.period],
  )
  return rows.map((row) => ({
    userId: row.user_id,
    meter: row.meter,
    used: Number(row.used),
    reserved: Number(row.reserved),
    quota: toQuotaRow(row),
  }))
}

/** Throws USER_NOT_FOUND. */
export async function readUser(db: pg.Pool | pg.ClientBase, userId: string) {
  const { rows } = await db.query<{
    userId: string
    email: string
    name: string | null
    kind: string
    stripeCustomerId: string | null
    createdAt: Date
  }>(
    `SELECT id AS "userId", email, name, kind, stripe_customer_id AS "stripeCustomerId", created_at AS "createdAt"
     FROM users WHERE id = $1`,
    [userId],
  )
  const [user] = rows
  if (!user) throw userNotFound(userId)
  return { ...user, createdAt: user.createdAt.toISOString() }
}
