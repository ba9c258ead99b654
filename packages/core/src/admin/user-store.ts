import type pg from 'pg'
import { userNotFound } from '../errors.ts'
import { isStorableText } from '../text.ts'

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

/** Throws USER_NOT_FOUND. */
export async function readUser(db: pg.Pool | pg.ClientBase, userId: string) {
  if (!isStorableText(userId)) throw userNotFound(userId)
  const { rows } = await db.query<{
    userId: string
    email: string
    name: string | null
    kind: string
    stripeCustomerId: string | null
    createdAt: Date
    erasedAt: Date | null
  }>(
    `SELECT id AS "userId", email, name, kind, stripe_customer_id AS "stripeCustomerId", created_at AS "createdAt",
       erased_at AS "erasedAt"
     FROM users WHERE id = $1`,
    [userId],
  )
  const [user] = rows
  if (!user) throw userNotFound(userId)
  return {
    ...user,
    createdAt: user.createdAt.toISOString(),
    erasedAt: user.erasedAt?.toISOString() ?? null,
  }
}
