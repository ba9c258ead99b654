import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Context,
  catalog,
  closeContext,
  createContext,
  initDb,
  silentLog,
} from '@tollgate/core'
import { startCluster } from '../../starter/src/postgres/index.ts'

/** Core on a PostgreSQL of its own, as durable as in production: fsync and synchronous_commit stay on. */
export interface World {
  ctx: Context
  users: readonly string[]
  end: () => Promise<void>
}

/** Enough that no call is refused, and limited, so that each is decided. */
const LIMIT = 1_000_000_000_000

export async function createWorld(userCount: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-'))
  await chmod(folder, 0o755)
  const cluster = await startCluster({
    folder: join(folder, 'postgres'),
    id: 'bench',
    password: 'bench',
  })
  const url = cluster.url('postgres')
  await initDb(url)
  const ctx = createContext({
    databaseUrl: url,
    stripe: { secretKey: 'sk_test_unused', webhookSecrets: [] },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  const users = Array.from({ length: userCount }, (_, i) => `user_${i}`)
  await addSubscribers(ctx, users)
  return {
    ctx,
    users,
    async end() {
      await closeContext(ctx)
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function addSubscribers({ db }: Context, users: readonly string[]): Promise<void> {
  await db.pool.query(
    `INSERT INTO users (id, kind, email) SELECT id, 'subject', id || '@example.com' FROM unnest($1::text[]) AS id`,
    [users],
  )
  await db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
       interval, quantity, current_period_start, current_period_end, created_at, synced_at)
     SELECT 'sub_' || id, id, 'cus_' || id, true, 'active', 'pro', 'usd', 4900, 'month', 1, now(), now(), now(), now()
     FROM users`,
  )
  await db.pool.query(
    `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, limit_amount, unlimited)
     SELECT id, meter, 'sub_' || id, 'pro', 'active', $2, false
     FROM users CROSS JOIN unnest($1::text[]) AS meter`,
    [catalog.meterIds, LIMIT],
  )
}
