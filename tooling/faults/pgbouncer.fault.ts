import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { environment, run, startProcess } from '../../apps/server/test/server-process.ts'
import type { TestDatabase } from '../testing/src/index.ts'
import { createTestDatabase } from '../testing/src/index.ts'
import { call, createCaller } from './calls.ts'
import type { PgBouncer, PgBouncerOptions } from './pgbouncer.ts'
import { hasPgBouncer, startPgBouncer } from './pgbouncer.ts'

const LINE = 'DATABASE_URL leads to a pooler in transaction mode'

/** Where it is not installed these are left out: apt-get install pgbouncer. */
const pooled = test.runIf(hasPgBouncer)

let database: TestDatabase
let pooler: PgBouncer | undefined
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(async () => {
  await pooler?.stop()
  await database.drop()
})

const shared: PgBouncerOptions[] = [
  { mode: 'transaction' },
  { mode: 'transaction', poolSize: 2 },
  { mode: 'statement' },
]
pooled.each(shared)(
  'in $mode mode (pool of $poolSize) is refused at start and by the doctor, in one line',
  async (options) => {
    pooler = await startPgBouncer(database.url, options)
    const server = await run('main', { env: environment(pooler.url, { PORT: '0' }) })
    const { code, stderr } = await server.ended
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(LINE)])
    expect(stderr).toContain('session mode')

    const doctor = await run('tollgate', { env: environment(pooler.url), args: ['doctor'] })
    expect((await doctor.ended).stdout).toContain(LINE)
  },
)

pooled('in transaction mode is found also while others use it', async () => {
  pooler = await startPgBouncer(database.url, { mode: 'transaction' })
  const others = new pg.Pool({ connectionString: pooler.url, max: 10 })
  let busy = true
  const load = Array.from({ length: 10 }, async () => {
    while (busy) await others.query('SELECT pg_sleep(0.002)')
  })
  for (let start = 0; start < 3; start += 1) {
    const server = await run('main', { env: environment(pooler.url, { PORT: '0' }) })
    expect((await server.ended).stderr).toContain(LINE)
  }
  busy = false
  await Promise.all(load)
  await others.end()
})

pooled('in session mode takes two servers that start at once, and every call', async () => {
  pooler = await startPgBouncer(database.url, { mode: 'session', poolSize: 60 })
  const { url } = pooler
  const servers = await Promise.all([startProcess(url), startProcess(url)])
  const caller = await createCaller(database.url)
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, n) => call(servers[n % 2]?.url ?? '', caller, `call ${n}`)),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  for (const server of servers) server.signal('SIGTERM')
  for (const server of servers) expect(await server.ended).toMatchObject({ code: 0, stderr: '' })
})

pooled(
  'that refuses a parameter of DATABASE_URL is refused in one line that names it',
  async () => {
    pooler = await startPgBouncer(database.url, { mode: 'session' })
    const env = environment(`${pooler.url}?options=-c%20work_mem%3D8MB`, { PORT: '0' })
    const { code, stderr } = await (await run('main', { env })).ended
    expect(code).toBe(1)
    expect(stderr.trim()).toBe(
      'The pooler at DATABASE_URL refuses the parameter options: take it out of DATABASE_URL and of PGOPTIONS',
    )
  },
)
