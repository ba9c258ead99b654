import type { ChildProcess } from 'node:child_process'
import { closeContext, createApiKey, createContext } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import { createTestDatabase, freePort } from '@tollgate/testing'
import type { Meter } from '@tollgate/testing/catalog'
import { catalog } from '@tollgate/testing/catalog'
import { answering, endProgram, startProgram } from './programs.ts'

export type Limits = Record<Meter, number>

export interface Customer {
  userId: string
  cookie: string
}

export interface TestTollgate {
  url: string
  apiKey: string
  /** Somebody who has signed up, with a subscription that gives this much. */
  addCustomer: (limits: Limits) => Promise<Customer>
  /** What the ledger says was used of each meter. */
  used: (customer: Customer) => Promise<Limits>
  /** What is reserved of all meters together. */
  reserved: (customer: Customer) => Promise<number>
  close: () => Promise<void>
}

/** The real server, in a process and on a database of its own. Stripe is away: metering does not ask it. */
export async function startTollgate(): Promise<TestTollgate> {
  const database = await createTestDatabase()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server: ChildProcess = startProgram('apps/server/src/main.ts', {
    PORT: String(port),
    DATABASE_URL: database.url,
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_1',
    STRIPE_API_BASE: 'http://127.0.0.1:1',
    AUTH_SECRET: 'a secret of thirty-two characters!',
    LOG_LEVEL: 'silent',
  })
  const core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: ['whsec_1'] },
    settings: { appUrl: url, pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  await answering(`${url}/readyz`, server)
  const createdBy = { kind: 'command', id: 'test' } as const
  const scopes = ['usage:write', 'usage:read'] as const
  const { key } = await createApiKey(core, { name: 'agent', scopes, createdBy })
  let customers = 0
  return {
    url,
    apiKey: key,
    addCustomer: async (limits) => {
      customers += 1
      const customer = await signUp(url, `customer-${customers}@example.com`)
      await subscribe(customer.userId, limits)
      return customer
    },
    used: async ({ userId }) => {
      const { rows } = await core.db.pool.query<{ meter: Meter; amount: number }>(
        'SELECT meter, sum(amount)::int AS amount FROM usage WHERE user_id = $1 GROUP BY meter',
        [userId],
      )
      const sums: Limits = { tokens: 0, apiCalls: 0, scrapingTasks: 0 }
      for (const { meter, amount } of rows) sums[meter] = amount
      return sums
    },
    reserved: async ({ userId }) => {
      const { rows } = await core.db.pool.query<{ reserved: number }>(
        'SELECT coalesce(sum(reserved), 0)::int AS reserved FROM usage_counters WHERE user_id = $1',
        [userId],
      )
      return rows[0]?.reserved ?? 0
    },
    close: async () => {
      await endProgram(server)
      await closeContext(core)
      await database.drop()
    },
  }

  async function subscribe(userId: string, limits: Limits): Promise<void> {
    await core.db.pool.query(
      `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
         interval, quantity, current_period_start, current_period_end, created_at, synced_at)
       VALUES ('sub_' || $1::text, $1, 'cus_' || $1::text, true, 'active', 'basic', 'usd', 1900, 'month', 1, $2, $2, $2, $2)`,
      [userId, core.clock.now()],
    )
    for (const [meter, limit] of Object.entries(limits)) {
      await core.db.pool.query(
        `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, limit_amount, unlimited)
         VALUES ($1, $2, 'sub_' || $1::text, 'basic', 'active', $3, false)`,
        [userId, meter, limit],
      )
    }
  }
}

/** As the sign-up page does. */
async function signUp(url: string, email: string): Promise<Customer> {
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, name: 'Somebody', password: 'a long password' }),
  })
  if (!response.ok) throw new Error(`sign-up: ${response.status} ${await response.text()}`)
  const { user } = (await response.json()) as { user: { id: string } }
  const cookies = response.headers.getSetCookie().map((each) => each.split(';')[0])
  return { userId: user.id, cookie: cookies.join('; ') }
}
