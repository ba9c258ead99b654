import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { startCluster } from '../../../apps/server/src/starter/postgres/index.ts'
import { type Program, startEngine, startStripe, startTollgate } from './processes.ts'
import { addPayers, eventsOf, type StripeEvent } from './stripe.ts'

export const SECRET = 'whsec_bench'
export const WEBHOOK_PATH = '/api/billing/webhook'

/** Both sides and their Stripe, each in a process of its own, on one PostgreSQL that is as durable as in production. */
export interface World {
  stripe: Program
  tollgate: Program
  engine: Program
  /** Our database, to see when the rows are final. */
  db: pg.Pool
  engineDb: pg.Pool
  databaseUrl: string
  customers: readonly string[]
  events: readonly StripeEvent[]
  end: () => Promise<void>
}

export async function createWorld(customerCount: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-'))
  await chmod(folder, 0o755)
  const cluster = await startCluster({
    folder: join(folder, 'postgres'),
    id: 'bench-webhooks',
    password: 'bench',
  })
  await createDatabases(cluster.url('postgres'), ['tollgate', 'engine'])
  const databaseUrl = cluster.url('tollgate')
  const stripe = await startStripe()
  const customers = await addPayers(stripe.origin, customerCount)
  const tollgate = await startTollgate(databaseUrl, { stripe: stripe.origin, secret: SECRET })
  const engine = await startEngine(cluster.url('engine'), SECRET)
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  const engineDb = new pg.Pool({ connectionString: cluster.url('engine'), max: 2 })
  await db.query(
    `INSERT INTO users (id, kind, email, stripe_customer_id)
     SELECT 'user_' || id, 'subject', id || '@example.com', id FROM unnest($1::text[]) AS id`,
    [customers],
  )
  return {
    stripe,
    tollgate,
    engine,
    db,
    engineDb,
    databaseUrl,
    customers,
    events: await eventsOf(stripe.origin),
    async end() {
      await Promise.all([db.end(), engineDb.end()])
      await Promise.all([tollgate.stop(), engine.stop(), stripe.stop()])
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Until every event that was accepted has been served. */
export async function untilFinal({ db }: World): Promise<void> {
  while (true) {
    const { rows } = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM stripe_events WHERE state IN ('pending', 'dead')`,
    )
    if (rows[0]?.n === 0) return
    await delay(10)
  }
}

/** Throws unless both sides have every subscription. */
export async function assertComplete({ db, engineDb, customers }: World): Promise<void> {
  const count = async (pool: pg.Pool, table: string) =>
    (await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n
  const counts = [
    await count(db, "subscriptions WHERE status = 'active' AND is_current"),
    await count(engineDb, "stripe.subscriptions WHERE status = 'active'"),
  ]
  if (counts.some((n) => n !== customers.length)) {
    throw new Error(`of ${customers.length} subscriptions there are ${counts.join(' and ')}`)
  }
}

async function createDatabases(url: string, names: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const name of names) await client.query(`CREATE DATABASE ${name}`)
  // The engine's migrations give its functions to this role.
  await client.query('CREATE ROLE postgres SUPERUSER')
  await client.end()
}
