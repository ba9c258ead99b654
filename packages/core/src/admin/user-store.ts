import type pg from 'pg'
import type { Context } from '../context.ts'
import { userNotFound } from '../quota/index.ts'

export interface UserQuery {
  search?: string | undefined
  plan?: string | undefined
  status?: string | undefined
  sort: 'newest' | 'oldest' | 'email'
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

/** Each order, and what comes after a row in it. The text is ours, never a caller's. */
const ORDERS = {
  newest: ['u.created_at DESC, u.id DESC', '(u.created_at, u.id) < ($4::timestamptz, $5)'],
  oldest: ['u.created_at, u.id', '(u.created_at, u.id) > ($4::timestamptz, $5)'],
  email: ['u.email, u.id', '(u.email, u.id) > ($4, $5)'],
} as const

/** Users with plan and status of their current subscription. */
export async function readUsers(db: pg.Pool, query: UserQuery): Promise<UserRow[]> {
  const [order, after] = ORDERS[query.sort]
  const { rows } = await db.query<UserRow>(
    `SELECT u.id, u.email, u.created_at, s.plan, s.status
     FROM users u LEFT JOIN subscriptions s ON s.user_id = u.id AND s.is_current
     WHERE ($1::text IS NULL OR u.id = $1
         OR strpos(lower(u.email), lower($1)) > 0 OR strpos(lower(u.name), lower($1)) > 0)
       AND ($2::text IS NULL OR s.plan = $2 OR ($2 = 'unknown' AND s.id IS NOT NULL AND s.plan IS NULL))
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
    ],
  )
  return rows
}

/** Throws USER_NOT_FOUND. */
export async function readUser(ctx: Context, userId: string) {
  const user = await ctx.db.prisma.user.findUnique({ where: { id: userId } })
  if (!user) throw userNotFound(userId)
  const { email, name, kind, stripeCustomerId } = user
  return { userId, email, name, kind, stripeCustomerId, createdAt: user.createdAt.toISOString() }
}
