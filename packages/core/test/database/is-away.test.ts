import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isDatabaseAway } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

// What PostgreSQL sends to those who wait for it when it is stopped or killed. Prisma puts it into an error of its own.
test.each([
  ['Prisma', () => core.ctx.db.prisma.apiKey.findMany()],
  ['the pool', () => core.ctx.db.pool.query('SELECT * FROM api_keys')],
])('a server that ends in the middle of a query by %s is away', async (_who, query) => {
  const { pool } = core.another().db
  const blocker = await pool.connect()
  await blocker.query('BEGIN')
  await blocker.query('LOCK TABLE api_keys')
  const failure = Promise.resolve(query()).catch((error: unknown) => error)
  const ended = async () => {
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rowCount !== 0
  }
  while (!(await ended())) await delay(20)
  await blocker.query('ROLLBACK')
  blocker.release()
  expect(isDatabaseAway(await failure)).toBe(true)
})
