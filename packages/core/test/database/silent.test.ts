import type { SilentLink } from '@tollgate/testing'
import { openSilentLink } from '@tollgate/testing'
import { catalog } from '@tollgate/testing/catalog'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/index.ts'
import { inTransaction, isDatabaseAway, openDatabase, withLease } from '../../src/database/index.ts'
import { InboxWriter } from '../../src/inbox/inbox-writer.ts'
import type { Context } from '../../src/index.ts'
import { consumeUsage } from '../../src/index.ts'
import { UsageWriter } from '../../src/metering/writer/usage-writer.ts'
import { quotaRules } from '../../src/quota/index.ts'
import { silentLog } from '../../src/testing.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore, totalsOf } from '../harness.ts'

/** Short, so that the test is; the grace of two seconds is the product's own. */
const bounds = { statementMs: 500, writerStatementMs: 500 }

let core: Harness
let link: SilentLink
let db: Database
let ctx: Context
beforeEach(async () => {
  core = await startCore()
  link = await openSilentLink(core.url)
  db = openDatabase({ url: link.url, log: silentLog, bounds })
  const { clock } = core
  const usage = new UsageWriter({ db, clock, log: silentLog, rules: quotaRules(catalog, 7) })
  ctx = { ...core.ctx, db, usage, inbox: new InboxWriter({ db, clock, log: silentLog }) }
})
afterEach(async () => {
  await Promise.all([db.close(), link.close()])
  await core.close()
})

const use = (userId: string, idempotencyKey: string) =>
  consumeUsage(ctx, { userId, meter: 'tokens', amount: 1, idempotencyKey })

const away = (failure: unknown) => isDatabaseAway(failure)
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

describe('connections that die without a word', () => {
  test('of both writer lanes fail what is under way as UNAVAILABLE, are replaced, and nothing counts twice', async () => {
    const users = await Promise.all([1, 2, 3, 4].map(() => addSubscriber(core.ctx)))
    const both = await Promise.all([db.writers.connect(), db.writers.connect()])
    for (const client of both) client.release()
    expect(link.silence()).toBe(2)

    const lost = await Promise.all(users.map((userId) => failureOf(use(userId, 'lost'))))
    for (const failure of lost) {
      expect(failure).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 1 })
    }
    const again = await Promise.all(users.map((userId) => use(userId, 'lost')))
    for (const result of again) expect(result).toMatchObject({ allowed: true })
    for (const userId of users) {
      expect(await totalsOf(core.ctx, userId, 'tokens')).toMatchObject({ ledger: 1, counter: 1 })
    }
  })

  test('in the middle of a transaction give its locks back', async () => {
    const userId = await addSubscriber(core.ctx)
    await use(userId, 'first')
    const lane = await db.writers.connect()
    await lane.query('BEGIN')
    await lane.query('SELECT FROM usage_counters FOR UPDATE')
    link.silence()
    const failure = await failureOf(lane.query('COMMIT'))
    lane.release()
    expect(away(failure)).toBe(true)
    await expect
      .poll(() => failureOf(use(userId, 'second')), { timeout: 15_000, interval: 50 })
      .toBeNull()
  })

  test('fail whatever waits on them, and those that nobody uses are made anew', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => db.pool.connect()))
    for (const client of clients) client.release()
    link.silence()
    const began = inTransaction(db.pool, async (tx) => tx.query('SELECT 1'))
    expect(away(await failureOf(began))).toBe(true)
    const started = performance.now()
    await Promise.all([1, 2, 3, 4].map(() => db.pool.query('SELECT 1')))
    await withLease({ db, log: silentLog }, 'a name', async () => undefined)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('fail the statements behind the silent one at once, a rollback among them', async () => {
    const failure = inTransaction(db.pool, async (tx) => {
      link.silence()
      await tx.query('SELECT 1')
    })
    const started = performance.now()
    expect(away(await failureOf(failure))).toBe(true)
    expect(performance.now() - started).toBeLessThan(4_000)
  })

  test('do not hold up a close', async () => {
    const under = db.pool.query('SELECT pg_sleep(0.2)').catch((error: unknown) => error)
    await expect.poll(() => link.silence()).toBeGreaterThan(0)
    const started = performance.now()
    await db.close()
    await under
    expect(performance.now() - started).toBeLessThan(5_000)
    db = openDatabase({ url: core.url, log: silentLog })
  })
})

test('a database that takes connections and says nothing is away within the bound of a connection', async () => {
  link.hang()
  const started = performance.now()
  expect(away(await failureOf(db.pool.query('SELECT 1')))).toBe(true)
  expect(performance.now() - started).toBeLessThan(7_000)
  link.mend()
  await db.pool.query('SELECT 1')
})
