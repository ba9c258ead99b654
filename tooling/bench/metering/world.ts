import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Context, closeContext, createApiKey, createContext, initDb } from '@tollgate/core'
import { planLimit, silentLog } from '@tollgate/core/testing'
import { catalog } from '@tollgate/testing/catalog'
import { startCluster } from '../../starter/src/postgres/index.ts'

/** A PostgreSQL of its own, as durable as in production: fsync and synchronous_commit stay on. */
export interface World {
  ctx: Context
  /** For logs. */
  folder: string
  databaseUrl: string
  /** Those whom calls are spread over. */
  users: readonly string[]
  /** An API key that may meter and read. */
  key: string
  /** Idempotency keys, of which each has to be in the ledger once at the end. */
  keys: Keys
  end: () => Promise<void>
}

/** Hands out idempotency keys, and knows how many. */
export class Keys {
  issued = 0

  next(): string {
    this.issued += 1
    return `key-${this.issued}`
  }
}

export async function createWorld(userCount: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-'))
  await chmod(folder, 0o755)
  const cluster = await startCluster({
    folder: join(folder, 'postgres'),
    id: 'bench',
    password: 'bench',
    settings: { max_connections: '200' },
  })
  const databaseUrl = cluster.url('postgres')
  await initDb(databaseUrl)
  const ctx = createContext({
    catalog,
    databaseUrl,
    stripe: { secretKey: 'sk_test_unused', webhookSecrets: [] },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  const users = Array.from({ length: userCount }, (_, i) => `user_${i}`)
  await addSubscribers(ctx, users)
  return {
    ctx,
    folder,
    databaseUrl,
    users,
    key: await createKey(ctx),
    keys: new Keys(),
    async end() {
      await closeContext(ctx)
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function createKey(ctx: Context): Promise<string> {
  const { key } = await createApiKey(ctx, {
    name: 'bench',
    scopes: ['usage:write', 'usage:read', 'billing:read'],
    createdBy: { kind: 'admin', id: 'bench' },
  })
  return key
}

/** Users on Pro: limited, so that each call is decided. */
export async function addSubscribers({ db }: Context, users: readonly string[]): Promise<void> {
  await db.pool.query(
    `INSERT INTO users (id, kind, email) SELECT id, 'subject', id || '@example.com' FROM unnest($1::text[]) AS id`,
    [users],
  )
  await db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount,
       interval, quantity, current_period_start, current_period_end, created_at, synced_at)
     SELECT 'sub_' || id, id, 'cus_' || id, true, 'active', 'pro', 'usd', 4900, 'month', 1, now(), now(), now(), now()
     FROM unnest($1::text[]) AS id`,
    [users],
  )
  await db.pool.query(
    `INSERT INTO quotas (user_id, meter, subscription_id, plan, status, limit_amount, unlimited)
     SELECT id, meter, 'sub_' || id, 'pro', 'active', limit_amount, false
     FROM unnest($1::text[]) AS id CROSS JOIN unnest($2::text[], $3::bigint[]) AS limits (meter, limit_amount)`,
    [
      users,
      catalog.meterIds,
      catalog.meterIds.map((meter) => planLimit(catalog, 'pro', meter).limit),
    ],
  )
}
