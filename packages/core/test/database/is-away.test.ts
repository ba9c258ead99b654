import { endWaiting } from '@tollgate/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isDatabaseAway } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

// What PostgreSQL sends to those who wait for it when it is stopped or killed.
test('a server that ends in the middle of a query is away', async () => {
  const { pool } = core.another().db
  const blocker = await pool.connect()
  await blocker.query('BEGIN')
  await blocker.query('LOCK TABLE api_keys')
  const failure = core.ctx.db.pool.query('SELECT * FROM api_keys').catch((error: unknown) => error)
  await endWaiting(pool)
  await blocker.query('ROLLBACK')
  blocker.release()
  expect(isDatabaseAway(await failure)).toBe(true)
})
