import { isPlan } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Page } from '../database/page.ts'
import { cursorInstant, decodeCursor, invalidCursor, pageSize, toPage } from '../database/page.ts'
import type { Balance } from '../quota/index.ts'
import { balanceOf } from '../quota/index.ts'
import { readEntitled } from '../quota/verbs.ts'
import type { RunningStatus } from '../subscriptions/index.ts'
import { planOrNull } from '../subscriptions/index.ts'
import { checkSearch } from '../text.ts'
import type { UserOrder, UserQuery } from './user-store.ts'
import { readUsers } from './user-store.ts'

export interface UsersInput {
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
  /** A part of the e-mail address or name, or a whole user id. */
  search?: string | undefined
  /** A plan's id, of a retired or former plan too. 'unknown': the price maps to no plan, unless a plan has that id. */
  plan?: string | undefined
  /** Stripe's status of the current subscription; 'none' for users without one. */
  status?: RunningStatus | 'none' | undefined
  /** Newest first unless another order is asked for. */
  sort?: UserOrder | undefined
}

/** One line of the operator's list of customers. */
export interface UserSummary {
  userId: string
  email: string
  plan: string | null
  /** Stripe's; null without a subscription. */
  status: string | null
  /** Of every meter, in its window of now. */
  usage: Balance[]
}

/**
 * Customers with plan, status and their use in the windows of now. Stable while customers are added: a cursor belongs to the order
 * that it was returned for. Throws VALIDATION for any other cursor.
 */
export async function listUsers(ctx: Context, input: UsersInput = {}): Promise<Page<UserSummary>> {
  const { sort = 'newest', plan, status } = input
  const limit = pageSize(input.limit)
  const search = checkSearch(input.search)
  const after = decodeAfter(input.cursor, sort)
  const unknownPrice = plan === 'unknown' && !isPlan(ctx.catalog, plan)
  const filters = { search, plan: unknownPrice ? undefined : plan, unknownPrice, status }
  const rows = await readUsers(ctx.db.pool, { ...filters, sort, after, limit: limit + 1 })
  const userIds = rows.map(({ id }) => id)
  const usage = await readUsage(ctx, userIds)
  return toPage(rows, limit, {
    item: (row) => ({
      userId: row.id,
      email: row.email,
      plan: planOrNull(ctx.catalog, row.plan),
      status: row.status,
      usage: usage.get(row.id) ?? [],
    }),
    cursor: (row) => [sort, sort === 'email' ? row.email : row.created_at.toISOString(), row.id],
  })
}

async function readUsage(ctx: Context, userIds: string[]): Promise<Map<string, Balance[]>> {
  const balances = new Map(userIds.map((userId): [string, Balance[]] => [userId, []]))
  for (const row of await readEntitled(ctx, { userIds, meters: ctx.catalog.meterIds })) {
    balances.get(row.userId)?.push(balanceOf(row, row, row.entitlement))
  }
  return balances
}

function decodeAfter(cursor: string | undefined, sort: UserQuery['sort']): UserQuery['after'] {
  if (cursor === undefined) return null
  const [order, value = '', id = ''] = decodeCursor(cursor, 3)
  if (order !== sort) throw invalidCursor()
  if (sort !== 'email') cursorInstant(value)
  return [value, id]
}
