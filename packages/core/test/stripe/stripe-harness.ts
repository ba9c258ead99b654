import { createTestDatabase } from '@tollgate/testing'
import { catalog as guide } from '@tollgate/testing/catalog'
import { Logger, runMigrations } from 'graphile-worker'
import Stripe from 'stripe'
import type { AnyCatalog, Context } from '../../src/index.ts'
import { closeContext, createContext, receiveWebhook } from '../../src/index.ts'
import { ManualClock, silentLog } from '../../src/testing.ts'
import { NOON } from '../harness.ts'

export const SECRET = 'whsec_test'

const quiet = new Logger(() => () => undefined)

export interface StripeHarness {
  ctx: Context
  clock: ManualClock
  /** A second context on the same database: what another process would have; also one with another catalogue. */
  another(catalog?: AnyCatalog): Context
  close(): Promise<void>
}

/** Core on a database of its own, against the Stripe at `apiBase`. No worker handles its webhooks yet. */
export async function startCoreWith(
  apiBase: string,
  clock = new ManualClock(NOON),
  catalog: AnyCatalog = guide,
): Promise<StripeHarness> {
  const database = await createTestDatabase()
  const contexts: Context[] = []
  const open = (of = catalog) => {
    const ctx = createContext({
      catalog: of,
      databaseUrl: database.url,
      stripe: { secretKey: 'sk_test_123', webhookSecrets: ['whsec_before', SECRET], apiBase },
      settings: {
        appUrl: 'http://127.0.0.1:3000',
        pastDueGraceDays: 7,
        priceIds: {},
        reconcile: { everyHours: 0, requestsPerSecond: 10_000 },
      },
      log: silentLog,
      clock,
    })
    contexts.push(ctx)
    return ctx
  }
  const ctx = open()
  await runMigrations({ pgPool: ctx.db.pool, logger: quiet })
  return {
    ctx,
    clock,
    another: open,
    async close() {
      await Promise.all(contexts.map(closeContext))
      await database.drop()
    },
  }
}

/** A user who is this Stripe customer. */
export async function addCustomer(ctx: Context, customerId: string): Promise<string> {
  const userId = `user_of_${customerId}`
  await ctx.db.pool.query(
    `INSERT INTO users (id, kind, email, stripe_customer_id) VALUES ($1, 'subject', $1 || '@example.com', $2)`,
    [userId, customerId],
  )
  return userId
}

export interface SentEvent {
  id: string
  type?: string
  customer?: string | null
  livemode?: boolean
}

/** An event as Stripe writes it: pretty-printed with two spaces. */
export function eventBody({ id, type, customer = 'cus_1', livemode = false }: SentEvent): string {
  const event = {
    id,
    object: 'event',
    type: type ?? 'customer.subscription.updated',
    created: 1_794_744_000,
    livemode,
    data: { object: { id: 'sub_1', object: 'subscription', customer, status: 'a lie' } },
  }
  return JSON.stringify(event, null, 2)
}

/** The Stripe-Signature header of a body. */
export function sign(body: string, { at, secret = SECRET }: { at: Date; secret?: string }): string {
  const timestamp = Math.floor(at.getTime() / 1_000)
  return Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
}

/** Delivers an event as Stripe does. */
export function deliver(ctx: Context, event: SentEvent) {
  const body = eventBody(event)
  const signature = sign(body, { at: ctx.clock.now() })
  return receiveWebhook(ctx, { rawBody: Buffer.from(body), signature })
}

export interface InboxRow {
  id: string
  state: string
  ignored_because: string | null
  attempts: number
  last_error: string | null
}

export async function inboxOf(ctx: Context): Promise<InboxRow[]> {
  const { rows } = await ctx.db.pool.query<InboxRow>(
    'SELECT id, state, ignored_because, attempts, last_error FROM stripe_events ORDER BY id',
  )
  return rows
}

/** Everything that a sync writes about everybody, but for when it did. */
export async function rowsOf(ctx: Context) {
  const read = async (sql: string) => (await ctx.db.pool.query(sql)).rows
  return {
    subscriptions: await read(
      `SELECT (to_jsonb(s) - 'synced_at') AS row FROM subscriptions s ORDER BY id`,
    ),
    quotas: await read('SELECT * FROM quotas ORDER BY user_id, meter'),
    invoices: await read(`SELECT (to_jsonb(i) - 'synced_at') AS row FROM invoices i ORDER BY id`),
  }
}
