import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerProcess } from '../../apps/server/test/server-process.ts'
import { startProcess } from '../../apps/server/test/server-process.ts'
import { initDb } from '../../packages/core/src/index.ts'
import type { TestCluster } from '../testing/src/index.ts'
import { createTestCluster } from '../testing/src/index.ts'
import type { Answer, Caller } from './calls.ts'
import { ask, call, createCaller, signIn, usedBy } from './calls.ts'

let cluster: TestCluster
let server: ServerProcess
let caller: Caller
beforeAll(async () => {
  cluster = await createTestCluster()
  server = await startProcess(cluster.url)
  caller = await createCaller(cluster.url)
})
afterAll(async () => {
  server.signal('SIGKILL')
  await cluster.remove()
})

let batches = 0
async function expectAllWell(): Promise<void> {
  batches += 1
  await expect
    .poll(() => ask(`${server.url}/readyz`).then(({ status }) => status), { timeout: 30_000 })
    .toBe(200)
  const before = await usedBy(server.url, caller)
  const keys = Array.from({ length: 20 }, (_, n) => `well ${batches} ${n}`)
  const answers = await Promise.all(keys.map((key) => call(server.url, caller, key)))
  expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200))
  expect(await usedBy(server.url, caller)).toBe(before + keys.length)
  expect((await signIn(server.url)).status).toBe(401)
}

function expectUnavailable({ status, retryAfter, body }: Answer): void {
  expect({ status, errorCode: body['errorCode'] }).toEqual({
    status: 503,
    errorCode: 'UNAVAILABLE',
  })
  expect(Number(retryAfter)).toBeGreaterThan(0)
}

test('a PostgreSQL that hangs (SIGSTOP) makes calls 503 within 20 s, and what was repeated counts once', async () => {
  await expectAllWell()
  const before = await usedBy(server.url, caller)
  await cluster.pause()
  const during = await Promise.all([
    ...Array.from({ length: 20 }, (_, n) => call(server.url, caller, `hung ${n}`)),
    signIn(server.url),
  ])
  for (const answer of during) {
    expectUnavailable(answer)
    expect(answer.ms).toBeLessThan(20_000)
  }
  const ready = await ask(`${server.url}/readyz`)
  expect(ready.status).toBe(503)
  expect(ready.ms).toBeLessThan(2_000)
  await cluster.resume()

  await expectAllWell()
  const now = await usedBy(server.url, caller)
  await Promise.all(Array.from({ length: 20 }, (_, n) => call(server.url, caller, `hung ${n}`)))
  expect(await usedBy(server.url, caller)).toBe(before + 40)
  expect(now).toBeGreaterThanOrEqual(before + 20)
})

test('a PostgreSQL without a connection left makes calls and sign-in 503, and all is well when there is one', async () => {
  const taken: pg.Client[] = []
  const admin = new pg.Client({ connectionString: cluster.url })
  await admin.connect()
  const take = async () => {
    const client = new pg.Client({ connectionString: cluster.url })
    client.on('error', () => undefined)
    await client.connect()
    taken.push(client)
  }
  const takeAll = async () => {
    for (;;) {
      const failed = await take().catch((error: unknown) => error)
      if (failed) return
    }
  }
  await takeAll()
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tollgate'`,
  )
  await takeAll()
  for (const answer of await Promise.all([
    call(server.url, caller, 'no connection'),
    signIn(server.url),
    ask(`${server.url}/api/billing/quota?userId=${caller.userId}`, {
      headers: { authorization: `Bearer ${caller.key}` },
    }),
  ])) {
    expectUnavailable(answer)
  }
  expect((await ask(`${server.url}/readyz`)).status).toBe(503)
  await Promise.all([...taken, admin].map((client) => client.end()))
  await expectAllWell()
})

test('a PostgreSQL that is read-only for some seconds while jobs fail makes calls 503, and ends nothing', async () => {
  const admin = new pg.Client({ connectionString: cluster.url })
  await admin.connect()
  await admin.query('SET default_transaction_read_only = off')
  const addJobs = () =>
    admin.query(
      `SELECT graphile_worker.add_job('sync_customer', json_build_object('customerId', 'cus_' || n, 'eventId', 'evt_' || n))
       FROM generate_series(1, 20) AS n`,
    )
  await addJobs()
  await admin.query('ALTER SYSTEM SET default_transaction_read_only = on')
  await admin.query('SELECT pg_reload_conf()')
  await expect
    .poll(() => ask(`${server.url}/readyz`).then(({ body }) => body['reason']), { timeout: 10_000 })
    .toBe('the database is read-only')
  const until = performance.now() + 6_000
  for (let n = 0; performance.now() < until; n += 1) {
    expectUnavailable(await call(server.url, caller, `read-only ${n}`))
    expect((await ask(`${server.url}/healthz`)).status).toBe(200)
    await addJobs()
  }
  await admin.query('ALTER SYSTEM RESET default_transaction_read_only')
  await admin.query('SELECT pg_reload_conf()')
  await admin.end()
  await expectAllWell()
})

test('a migration that waits for another process which hangs ends after a minute, with a line that says which', async () => {
  const holder = new pg.Client({ connectionString: cluster.url })
  await holder.connect()
  const { rows } = await holder.query<{ pid: number }>(
    'SELECT pg_backend_pid() AS pid, pg_advisory_lock(7465001)',
  )
  // A process that has nothing to migrate waits for nobody.
  expect(await initDb(cluster.url)).toBe(0)
  await holder.query(
    `DELETE FROM "_prisma_migrations" WHERE migration_name = (SELECT max(migration_name) FROM "_prisma_migrations")`,
  )
  await expect(initDb(cluster.url)).rejects.toThrow(`pg_terminate_backend(${rows[0]?.pid})`)
  await holder.end()
})
