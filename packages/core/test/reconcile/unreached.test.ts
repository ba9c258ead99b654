import { request } from 'node:http'
import { listen } from '@tollgate/testing/listen'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { takeLease } from '../../src/database/index.ts'
import {
  closeContext,
  createCheckout,
  createContext,
  lastReconcile,
  reconcile,
} from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling, stripeSide } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'

// A Stripe whose calls fail now and then, and a run whose process was killed.

const CUSTOMERS = 40

let core: BillingHarness
let customers: string[]
beforeAll(async () => {
  core = await startBilling()
  customers = []
  for (let i = 0; i < CUSTOMERS; i += 1) {
    const userId = await addUser(core.ctx)
    await createCheckout(core.ctx, { userId, plan: 'pro' })
    customers.push((await stripeSide(core.ctx, userId)).customer)
  }
}, 60_000)
afterAll(() => core.close())
beforeEach(() => core.stripe.faults.clear())

const repair = () => reconcile(core.ctx, { dryRun: false })
/** Stripe's clients do not repeat a call that was refused by the rate limit. */
const refused = { kind: 'answer', error: 'rate_limit' } as const

test.each([1, 2, 3])(
  'of ten answers three fail, and everybody is reached: seed %i',
  async (seed) => {
    core.stripe.faults.add({ request: 'GET *', ...refused, probability: 0.3, seed })
    expect(await repair()).toMatchObject({ complete: true, customers: CUSTOMERS, drift: [] })
  },
)

test('a dry run as well goes on', async () => {
  core.stripe.faults.add({ request: 'GET *', ...refused, probability: 0.1, seed: 4 })
  expect(await reconcile(core.ctx, { dryRun: true })).toMatchObject({ complete: true, drift: [] })
})

test('a customer that can’t be asked is reported at the end, and the others are compared', async () => {
  const [, lost = ''] = customers
  const way = await listen((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    if (url.startsWith('/v1/subscriptions') && url.includes(lost)) {
      const error = { type: 'api_error', message: 'An error' }
      outgoing.writeHead(500, { 'content-type': 'application/json' })
      outgoing.end(JSON.stringify({ error }))
      return
    }
    const onward = request(core.stripe.url + url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  const { catalog, settings, log, clock, db } = core.ctx
  const ctx = createContext({
    catalog,
    databaseUrl: db.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [], apiBase: way.url },
    settings,
    log,
    clock,
  })
  const unreached = [{ kind: 'customer_unreached', customerId: lost, repaired: false }]
  for (const dryRun of [true, false]) {
    const { complete, customers: compared, drift } = await reconcile(ctx, { dryRun })
    expect({ complete, compared, drift }).toMatchObject({
      complete: true,
      compared: CUSTOMERS - 1,
      drift: unreached,
    })
  }
  expect(await lastReconcile(ctx)).toMatchObject({ unrepaired: 1 })
  await closeContext(ctx)
  await way.close()
  expect(await repair()).toMatchObject({ customers: CUSTOMERS, drift: [] })
})

test('a run that was killed holds up the next one for seconds, not minutes', async () => {
  await takeLease(core.ctx.db.pool, 'reconcile', 1_000)
  await expect(reconcile(core.ctx, { dryRun: false, waitMs: 0 })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  expect(await repair()).toMatchObject({ complete: true })
  let longest = 0
  await reconcile(core.ctx, {
    dryRun: false,
    async sleep() {
      const { rows } = await core.ctx.db.pool.query<{ ms: number }>(
        `SELECT extract(epoch FROM held_until - clock_timestamp())::float8 * 1000 AS ms
         FROM leases WHERE name = 'reconcile'`,
      )
      longest = Math.max(longest, rows[0]?.ms ?? 0)
    },
  })
  expect(longest).toBeGreaterThan(0)
  expect(longest).toBeLessThanOrEqual(10_000)
})

test('a Stripe that answers nothing ends the run early; the next one continues it', async () => {
  core.stripe.faults.onRequest = ({ path }) => (path === '/v1/account' ? null : refused)
  for (let minute = 0; minute < 20; minute += 1) {
    await expect(repair()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  }
  expect(await lastReconcile(core.ctx)).toMatchObject({ finishedAt: null })
  core.stripe.faults.clear()
  expect(await repair()).toMatchObject({ complete: true, customers: CUSTOMERS, drift: [] })
})
