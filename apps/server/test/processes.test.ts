import { setTimeout as delay } from 'node:timers/promises'
import type { Context } from '@tollgate/core'
import { closeContext, createContext } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import { catalog } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addSubscriber, apiKey, send } from './harness.ts'
import type { ServerProcess } from './server-process.ts'
import { startProcess, untilRefused } from './server-process.ts'

const LIMIT = 100
let database: TestDatabase
let core: Context
let key: string

beforeAll(async () => {
  database = await createTestDatabase()
  core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  key = await apiKey(core, ['usage:write'])
})

afterAll(async () => {
  await closeContext(core)
  await database.drop()
})

interface Consumed {
  allowed: boolean
  usageId: string | null
  replayed: boolean
  balance: { used: number; remaining: number }
}

async function consume(url: string, userId: string, idempotencyKey: string) {
  const { status, body } = await send(`${url}/api/trpc/usage.consume`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ userId, meter: 'apiCalls', amount: 1, idempotencyKey }),
  })
  const { result } = body as { result?: { data: Consumed } }
  return { status, data: result?.data }
}

async function counted(userId: string) {
  const { rows } = await core.db.pool.query<{ ledger: number; counter: number }>(
    `SELECT (SELECT coalesce(sum(amount), 0)::int FROM usage WHERE user_id = $1) AS ledger,
            (SELECT coalesce(sum(used), 0)::int FROM usage_counters WHERE user_id = $1) AS counter`,
    [userId],
  )
  return rows[0]
}

describe('two server processes on one database', () => {
  let servers: ServerProcess[]

  beforeAll(async () => {
    servers = await Promise.all([startProcess(database.url), startProcess(database.url)])
  })

  afterAll(async () => {
    for (const server of servers) server.signal('SIGTERM')
    for (const { ended } of servers) expect((await ended).code).toBe(0)
  })

  const urlOf = (n: number) => servers[n % servers.length]?.url ?? ''

  it('allow exactly a hundred of 200 calls at once where a hundred are left', async () => {
    await addSubscriber(core, 'many', LIMIT)
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => consume(urlOf(n), 'many', `call ${n}`)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(answers.filter(({ data }) => data?.allowed)).toHaveLength(LIMIT)
    expect(await counted('many')).toEqual({ ledger: LIMIT, counter: LIMIT })
  })

  it('count a call once that both are sent at once under one key, and answer it alike', async () => {
    await addSubscriber(core, 'one', LIMIT)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => consume(urlOf(n), 'one', 'the same')),
    )
    const [first] = answers
    expect(first?.data).toMatchObject({ allowed: true, balance: { used: 1, remaining: LIMIT - 1 } })
    const fresh = answers.filter(({ data }) => data?.replayed === false)
    expect(fresh).toHaveLength(1)
    for (const { data } of answers) {
      expect({ ...data, replayed: true }).toEqual({ ...first?.data, replayed: true })
    }
    expect(await counted('one')).toEqual({ ledger: 1, counter: 1 })
  })
})

describe('SIGTERM', () => {
  it('lets a call in flight be answered, takes no more, and ends with 0', async () => {
    const server = await startProcess(database.url)
    await addSubscriber(core, 'in flight', LIMIT)
    const blocker = await core.db.pool.connect()
    await blocker.query('BEGIN')
    await blocker.query('LOCK TABLE usage IN ACCESS EXCLUSIVE MODE')
    const call = consume(server.url, 'in flight', 'the last')
    await untilBlocked()

    server.signal('SIGTERM')
    await untilRefused(server.url)
    await blocker.query('COMMIT')
    blocker.release()

    expect(await call).toMatchObject({ status: 200, data: { allowed: true } })
    expect(await server.ended).toMatchObject({ code: 0 })
    expect(await counted('in flight')).toEqual({ ledger: 1, counter: 1 })
  })
})

/** Until somebody waits for the lock. */
async function untilBlocked(): Promise<void> {
  while (true) {
    const { rows } = await core.db.pool.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    )
    if (rows.length > 0) return
    await delay(20)
  }
}
