import { randomUUID } from 'node:crypto'
import { createTestDatabase } from '@tollgate/testing'
import type { Meter, PlanId } from '@tollgate/testing/catalog'
import { catalog } from '@tollgate/testing/catalog'
import type { AnyCatalog, Context, Resets } from '../src/index.ts'
import { closeContext, createContext } from '../src/index.ts'
import { ManualClock, planLimit, silentLog } from '../src/testing.ts'

/** Mid-month, mid-day: a test that is about the turn of a month sets its own. */
export const NOON = '2026-11-15T12:00:00.000Z'

export interface Harness {
  ctx: Context
  clock: ManualClock
  url: string
  /** A second context on the same database: what another process would have. */
  another(): Context
  close(): Promise<void>
}

/** Core on a database of its own, with a clock that stands still, and with the guide's catalogue unless another is given. */
export async function startCore(of: AnyCatalog = catalog): Promise<Harness> {
  const database = await createTestDatabase()
  const clock = new ManualClock(NOON)
  const contexts: Context[] = []
  const open = () => {
    const ctx = createContext({
      catalog: of,
      databaseUrl: database.url,
      stripe: { secretKey: 'sk_test_unused', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
      settings: { appUrl: 'http://127.0.0.1:3000', pastDueGraceDays: 7, priceIds: {} },
      log: silentLog,
      clock,
    })
    contexts.push(ctx)
    return ctx
  }
  return {
    ctx: open(),
    clock,
    url: database.url,
    another: open,
    async close() {
      await Promise.all(contexts.map(closeContext))
      await database.drop()
    },
  }
}

/** A user without a subscription. */
export async function addUser(ctx: Context): Promise<string> {
  const userId = `user_${randomUUID()}`
  await ctx.db.pool.query(
    `INSERT INTO users (id, kind, email) VALUES ($1, 'subject', $1 || '@example.com')`,
    [userId],
  )
  return userId
}

export interface Grant {
  plan?: PlanId
  status?: string
  pastDueSince?: Date | undefined
  limits?: Partial<Record<Meter, number>>
}

/** A user with the rows that a sync would have written for their subscription. */
export async function addSubscriber(ctx: Context, grant: Grant = {}): Promise<string> {
  const { plan = 'basic', status = 'active', pastDueSince = null, limits = {} } = grant
  const userId = await addUser(ctx)
  const id = `sub_${userId}`
  await ctx.db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
       interval, quantity, current_period_start, current_period_end, created_at, synced_at)
     VALUES ($1, $2, 'cus_' || $2, true, $3, $4, 'usd', 1900, 'month', 1, $5, $5, $5, $5)`,
    [id, userId, status, plan, NOON],
  )
  for (const meter of catalog.meterIds) {
    const { limit, unlimited } = planLimit(catalog, plan, meter)
    await ctx.db.pool.query(
      `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, past_due_since, limit_amount, unlimited)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [userId, meter, id, plan, status, pastDueSince, limits[meter] ?? limit, unlimited],
    )
  }
  return userId
}

/** The same, with a catalogue whose meters all reset so. Counters and ledger are one. */
export function resetting(ctx: Context, resets: Resets): Context {
  const meters = Object.fromEntries(
    Object.entries(ctx.catalog.meters).map(([id, meter]) => [id, { ...meter, resets }]),
  )
  return { ...ctx, catalog: { ...ctx.catalog, meters } }
}

/** Says when a user became known. */
export async function knownSince(ctx: Context, userId: string, instant: string): Promise<void> {
  await ctx.db.pool.query('UPDATE users SET created_at = $2 WHERE id = $1', [userId, instant])
}

export interface Totals {
  ledger: number
  counter: number
  days: number
  events: number
  dayEvents: number
}

/** The three sums that must always be equal, of one user and meter over all months. */
export async function totalsOf(ctx: Context, userId: string, meter: Meter): Promise<Totals> {
  const { rows } = await ctx.db.pool.query<Record<keyof Totals, string>>(
    `SELECT
      (SELECT coalesce(sum(amount), 0) FROM usage
        WHERE user_id = $1 AND meter = $2 AND voided_at IS NULL) AS ledger,
      (SELECT count(*) FROM usage WHERE user_id = $1 AND meter = $2) AS events,
      (SELECT coalesce(sum(used), 0) FROM usage_counters WHERE user_id = $1 AND meter = $2) AS counter,
      (SELECT coalesce(sum(a), 0) FROM usage_counters, unnest(day_amounts) a
        WHERE user_id = $1 AND meter = $2) AS days,
      (SELECT coalesce(sum(e), 0) FROM usage_counters, unnest(day_events) e
        WHERE user_id = $1 AND meter = $2) AS "dayEvents"`,
    [userId, meter],
  )
  const row = rows[0]
  if (!row) throw new Error('an aggregate without a row')
  return {
    ledger: Number(row.ledger),
    counter: Number(row.counter),
    days: Number(row.days),
    events: Number(row.events),
    dayEvents: Number(row.dayEvents),
  }
}
