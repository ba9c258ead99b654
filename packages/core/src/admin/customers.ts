import type { Invoice } from '../billing/invoices/invoices.ts'
import { listInvoices } from '../billing/invoices/invoices.ts'
import { isMeter, isPlan } from '../catalog/index.ts'
import type { Context } from '../context.ts'
import type { Page } from '../database/page.ts'
import { decodeCursor, PAGE_SIZE, toPage } from '../database/page.ts'
import { invalid } from '../errors.ts'
import type { UsageEvent } from '../metering/index.ts'
import { listUsageEvents } from '../metering/index.ts'
import type { Balance, FormerUsage } from '../quota/index.ts'
import {
  balanceOf,
  entitlementAt,
  monthOf,
  readFormerUsage,
  readStandings,
} from '../quota/index.ts'
import { getQuota, getUsage } from '../quota/verbs.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { getSubscription } from '../subscriptions/subscription.ts'
import { readSubscriptions } from '../subscriptions/subscription-store.ts'
import type { UserQuery } from './user-store.ts'
import { readUser, readUsers } from './user-store.ts'

export interface UsersInput {
  cursor?: string | undefined
  /** 1–100 */
  limit?: number | undefined
  /** A part of the e-mail address or name, or a whole user id. */
  search?: string | undefined
  /** 'unknown': a price that is not of the catalogue. */
  plan?: string | 'unknown' | undefined
  /** Stripe's status of the current subscription, or 'none'. */
  status?: string | undefined
  /** Newest first unless asked otherwise. */
  sort?: 'newest' | 'oldest' | 'email' | undefined
}

/** One line of the operator's list of customers. */
export interface UserSummary {
  userId: string
  email: string
  plan: string | null
  /** Stripe's; null without a subscription. */
  status: string | null
  /** This month's, every meter. */
  usage: Balance[]
}

/** Everything about one customer. */
export interface UserDetails {
  userId: string
  email: string
  name: string | null
  /** 'account' signs in here; 'subject' was named by a sibling app. */
  kind: string
  createdAt: string
  stripeCustomerId: string | null
  subscription: Subscription | null
  /** All there ever were, the newest first: which of them counts, and what the others are. */
  subscriptions: SubscriptionLine[]
  /** What the operator should look at. */
  warnings: CustomerWarning[]
  quota: Awaited<ReturnType<typeof getQuota>>
  usage: Balance[]
  /** Use of meters that the catalogue no longer has: their rows stay. The newest month first, at most 100. */
  formerUsage: FormerUsage[]
  /** The last ten. */
  invoices: Invoice[]
  /** The last twenty. */
  events: UsageEvent[]
}

/** One of a customer's subscriptions, as of the last sync. */
export interface SubscriptionLine {
  id: string
  /** Null: its price is not of the catalogue. */
  plan: string | null
  priceId: string | null
  status: string
  /** The one that counts. */
  isCurrent: boolean
  createdAt: string
  endedAt: string | null
}

/**
 * `several_subscriptions`: more than one runs, and each is charged; quotas never add up. `unknown_price`: what
 * is paid stands for no plan, and gives nothing.
 */
export type CustomerWarning = 'several_subscriptions' | 'unknown_price'

const RECENT_INVOICES = 10
const RECENT_EVENTS = 20

/**
 * Customers with plan, status and this month's use. Stable while customers are added: the cursor is of the order
 * that it was handed out for. Throws VALIDATION for another one.
 */
export async function listUsers(ctx: Context, input: UsersInput = {}): Promise<Page<UserSummary>> {
  const { limit = PAGE_SIZE, sort = 'newest', search, plan, status } = input
  const after = decodeAfter(input.cursor, sort)
  const rows = await readUsers(ctx.db.pool, {
    search,
    plan,
    status,
    sort,
    after,
    limit: limit + 1,
  })
  const usage = await readUsage(
    ctx,
    rows.map(({ id }) => id),
  )
  return toPage(rows, limit, {
    item: (row) => ({
      userId: row.id,
      email: row.email,
      plan: row.plan !== null && isPlan(ctx.catalog, row.plan) ? row.plan : null,
      status: row.status,
      usage: usage.get(row.id) ?? [],
    }),
    cursor: (row) => [sort, sort === 'email' ? row.email : row.created_at.toISOString(), row.id],
  })
}

/** Everything about one customer. Throws USER_NOT_FOUND. */
export async function getUser(ctx: Context, { userId }: { userId: string }): Promise<UserDetails> {
  const user = await readUser(ctx, userId)
  const [subscription, subscriptions, quota, usage, formerUsage, invoices, events] =
    await Promise.all([
      getSubscription(ctx, { userId }),
      readSubscriptions(ctx, userId),
      getQuota(ctx, { userId }),
      getUsage(ctx, { userId }),
      readFormerUsage(ctx.db.pool, { userId, meters: ctx.catalog.meterIds }),
      listInvoices(ctx, { userId, limit: RECENT_INVOICES }),
      listUsageEvents(ctx, { userId, limit: RECENT_EVENTS }),
    ])
  return {
    ...user,
    subscription,
    subscriptions: subscriptions.map(({ plan, createdAt, endedAt, ...line }) => ({
      ...line,
      plan: plan !== null && isPlan(ctx.catalog, plan) ? plan : null,
      createdAt: createdAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    })),
    warnings: warningsOf(subscriptions),
    quota,
    usage: usage.meters,
    formerUsage,
    invoices: invoices.items,
    events: events.items,
  }
}

function warningsOf(subscriptions: readonly { plan: string | null; endedAt: Date | null }[]) {
  const running = subscriptions.filter(({ endedAt }) => endedAt === null)
  const warnings: CustomerWarning[] = []
  if (running.length > 1) warnings.push('several_subscriptions')
  if (running.some(({ plan }) => plan === null)) warnings.push('unknown_price')
  return warnings
}

async function readUsage(ctx: Context, userIds: string[]): Promise<Map<string, Balance[]>> {
  const now = ctx.clock.now()
  const month = monthOf(now)
  const query = { userIds, period: month.period, meters: ctx.catalog.meterIds, now }
  const balances = new Map<string, Balance[]>()
  for (const { userId, meter, quota, ...count } of await readStandings(ctx.db.pool, query)) {
    if (!isMeter(ctx.catalog, meter)) continue
    const limit = entitlementAt(quota, now, ctx.settings.pastDueGraceDays)
    const list = balances.get(userId) ?? []
    balances.set(userId, [...list, balanceOf({ meter, month }, count, limit)])
  }
  return balances
}

function decodeAfter(cursor: string | undefined, sort: UserQuery['sort']): UserQuery['after'] {
  if (cursor === undefined) return null
  const [order, value = '', id = ''] = decodeCursor(cursor, 3)
  if (order !== sort || value.includes('\0') || id.includes('\0')) {
    throw invalid('cursor', 'must be the nextCursor of the page before, in the same order')
  }
  if (sort !== 'email' && Number.isNaN(Date.parse(value))) {
    throw invalid('cursor', 'must be the nextCursor of the page before')
  }
  return [value, id]
}
