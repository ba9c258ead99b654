import { tollgatePlugin } from '@tollgate/api'
import type { Scope } from '@tollgate/core'
import { closeContext, createApiKey, createContext, upsertUser } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import { createTestDatabase } from '@tollgate/testing'
import type { Meter } from '@tollgate/testing/catalog'
import { catalog } from '@tollgate/testing/catalog'
import Fastify from 'fastify'

export interface TestTollgate {
  url: string
  addUser: (userId: string, limit: number) => Promise<void>
  addKey: (...scopes: Scope[]) => Promise<string>
  /** How often and how much was counted, from the ledger. */
  counted: (userId: string, meter: Meter) => Promise<{ events: number; amount: number }>
  close: () => Promise<void>
}

/** The real API over real HTTP, mounted as a product mounts it, on a database of its own. It has no sign-in. */
export async function startTollgate(): Promise<TestTollgate> {
  const database = await createTestDatabase()
  const core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: ['whsec_1'], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  const app = Fastify()
  await app.register(tollgatePlugin, { core, origins: [], identify: async () => null })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    addUser: async (userId, limit) => {
      await upsertUser(core, { userId, email: `${userId}@example.com` })
      await core.db.pool.query(
        `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
           interval, quantity, current_period_start, current_period_end, created_at, synced_at)
         VALUES ('sub_' || $1::text, $1, 'cus_' || $1::text, true, 'active', 'basic', 'usd', 1900, 'month', 1, $2, $2, $2, $2)`,
        [userId, core.clock.now()],
      )
      for (const meter of catalog.meterIds) {
        await core.db.pool.query(
          `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, limit_amount, unlimited)
           VALUES ($1, $2, 'sub_' || $1::text, 'basic', 'active', $3, false)`,
          [userId, meter, limit],
        )
      }
    },
    addKey: async (...scopes) => {
      const createdBy = { kind: 'command', id: 'test' } as const
      return (await createApiKey(core, { name: 'test', scopes, createdBy })).key
    },
    counted: async (userId, meter) => {
      const { rows } = await core.db.pool.query<{ events: number; amount: number }>(
        `SELECT count(*)::int AS events, coalesce(sum(amount), 0)::int AS amount
           FROM usage WHERE user_id = $1 AND meter = $2`,
        [userId, meter],
      )
      return rows[0] ?? { events: -1, amount: -1 }
    },
    close: async () => {
      await app.close()
      await closeContext(core)
      await database.drop()
    },
  }
}
