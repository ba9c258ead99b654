import { appRouter, createContext } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import { prepareQueue, scopes, TollgateError, upsertUser, verifyUsage } from '@tollgate/core'
import { systemClock } from '@tollgate/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../harness.ts'
import { addSubscriber, startServer } from '../harness.ts'
import { readFuzzEnv } from './env.ts'
import { brokenReads } from './reads.ts'

let server: TestServer
let core: Context

beforeAll(async () => {
  server = await startServer()
  core = server.core
  await prepareQueue(core)
})

afterAll(() => server.close())

const MAX = Number.MAX_SAFE_INTEGER
const amount = fc.constantFrom(1, 2, 2 ** 52, MAX - 1, MAX)
const userId = fc.constantFrom<string>('ada', 'bob', 'carl')
const meter = fc.constantFrom<string>('tokens', 'apiCalls')
const use = { userId, meter, amount }
const instant = fc.constantFrom(
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.9999Z'],
  ...['1970-01-01T00:00:00Z', '2026-11-30T12:00:00.123456789Z'],
)

/** What writes numbers and instants, with the greatest and the least of them. */
const steps = fc.array(
  fc.oneof(
    fc.record({ step: fc.constantFrom('record', 'consume', 'reserve', 'settle', 'void'), ...use }),
    fc.record({ step: fc.constant('setQuota'), ...use }),
    fc.record({ step: fc.constant('createKey'), expiresAt: instant }),
  ),
  { minLength: 1, maxLength: 15 },
)

type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never

/** Runs steps over the API, as a key or an admin; what is refused is refused with a code of the caller's own fault. */
async function run(taken: readonly Step[]): Promise<void> {
  const session = { kind: 'session', userId: 'admin', role: 'admin' } as const
  const holder = { kind: 'key', keyId: 'key', name: 'key', scopes } as const
  const options = { core, origins: [], sameSite: true }
  const admin = appRouter.createCaller(createContext({ ...options, caller: session })).admin
  const { usage } = appRouter.createCaller(createContext({ ...options, caller: holder }))
  const used: string[] = []
  const held: string[] = []
  for (const each of taken) {
    await take(each).catch((error: { cause?: unknown; code?: string }) => {
      if (error.cause instanceof TollgateError || error.code === 'BAD_REQUEST') return
      throw error
    })
  }

  async function take(step: Step): Promise<unknown> {
    if (!('userId' in step)) {
      const { expiresAt } = step
      return admin.apiKeys.create({ name: 'key', scopes: ['usage:read'], expiresAt })
    }
    const { userId, meter, amount } = step
    const call = { userId, meter, amount, idempotencyKey: crypto.randomUUID() }
    switch (step.step) {
      case 'record':
        return used.push((await usage.record(call)).usageId)
      case 'consume':
        return usage.consume(call)
      case 'reserve': {
        const { reservationId } = await usage.reserve(call)
        return reservationId !== null && held.push(reservationId)
      }
      case 'settle':
        return usage.settle({ reservationId: held.pop() ?? '', amount })
      case 'void':
        return usage.void({ usageId: used.pop() ?? '', reason: 'test' })
      default:
        return admin.setQuota({ userId, meter, limit: amount, reason: 'test' })
    }
  }
}

it('whatever was accepted, every list, overview and balance can be read', async () => {
  const { seed } = readFuzzEnv()
  for (const id of ['ada', 'bob', 'carl']) await addSubscriber(core, id, MAX)
  const property = fc.asyncProperty(steps, async (taken) => {
    await run(taken)
    expect(await brokenReads(core)).toEqual([])
    expect(await verifyUsage(core)).toMatchObject({ differences: [] })
  })
  await fc.assert(property, { seed, numRuns: 25 })
})

it('a sum beyond the safe range is shown as its end', async () => {
  for (const id of ['dora', 'emil']) {
    await addSubscriber(core, id, 1)
    await run([{ step: 'record', userId: id, meter: 'scrapingTasks', amount: MAX }])
  }
  const caller = { kind: 'session', userId: 'admin', role: 'admin' } as const
  const { admin } = appRouter.createCaller(createContext({ core, caller, origins: [] }))
  expect((await admin.overview()).usage.meters).toContainEqual({
    meter: 'scrapingTasks',
    used: MAX,
  })
})

it('rows of an older version, beyond what is accepted now, can be read', async () => {
  const { pool } = core.db
  const now = systemClock.now()
  await upsertUser(core, { userId: 'old', email: 'old@example.com' })
  await addSubscriber(core, 'older', 1)
  for (const [i, expiry] of [
    '0001-06-01 BC',
    '4000-01-01 BC',
    '20000-01-01',
    'infinity',
    '-infinity',
  ].entries()) {
    await pool.query(
      `INSERT INTO api_keys (id, name, hash, scopes, created_by, created_at, expires_at)
       VALUES ($1, 'old', $2, '{usage:read}', 'old', $3, $4::timestamptz)`,
      [`old ${i}`, Buffer.from([i]), now, expiry],
    )
  }
  const most = '9223372036854775807'
  await pool.query(
    `INSERT INTO usage_counters (user_id, meter, period, used, reserved, day_amounts, day_events)
     SELECT id, 'tokens', $1, $2, $2, $2::bigint || array_fill(0::bigint, ARRAY[30]), 1 || array_fill(0, ARRAY[30])
     FROM users WHERE id LIKE 'old%'`,
    [now.toISOString().slice(0, 7), most],
  )
  await pool.query('UPDATE subscriptions SET unit_amount = $1, quantity = 2147483647', [most])
  await pool.query('UPDATE quotas SET limit_amount = $1', [most])
  await pool.query(
    `INSERT INTO invoices (id, user_id, customer_id, status, attempted, currency, total, amount_paid, amount_due,
       amount_refunded, created_at, period_start, period_end, synced_at)
     SELECT 'in_' || id, id, 'cus_1', 'open', true, 'usd', $1, $1, $1, $1, $2, '0001-01-01 BC', 'infinity', $2 FROM users`,
    [most, now],
  )
  expect(await brokenReads(core)).toEqual([])
})
