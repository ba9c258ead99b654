import { afterAll, beforeAll, expect, test } from 'vitest'
import { getOverview, recordUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, NOON, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const sql = (text: string, values: unknown[] = []) => core.ctx.db.pool.query(text, values)

/** A subscription at a price of its own. */
async function priced(status: string, price: string, plan: 'basic' | 'pro' = 'basic') {
  const userId = await addSubscriber(core.ctx, { plan, status })
  await sql(`UPDATE subscriptions SET ${price} WHERE user_id = $1`, [userId])
  return userId
}

test('the overview of an empty deployment is empty, not missing', async () => {
  expect(await getOverview(core.ctx)).toMatchObject({
    monthlyRevenue: [],
    subscriptions: [],
    usage: { period: '2026-11', meters: [{ meter: 'tokens', used: 0 }, {}, {}] },
    failedPayments: { totals: [], latest: [] },
    reconcile: null,
    notices: [],
  })
})

test('revenue is what active and past_due subscriptions are charged a month, at their own prices', async () => {
  await priced('active', 'unit_amount = 1900, quantity = 3')
  await priced('past_due', `unit_amount = 12001, interval = 'year'`)
  await priced('active', 'unit_amount = 9000, interval_count = 3', 'pro')
  await priced('active', `unit_amount = 1200, interval = 'week', currency = 'eur'`)
  for (const status of ['trialing', 'unpaid', 'paused', 'incomplete', 'canceled']) {
    await priced(status, 'unit_amount = 100000')
  }
  const { monthlyRevenue, subscriptions } = await getOverview(core.ctx)
  expect(monthlyRevenue).toEqual([
    { currency: 'eur', amount: 5_200 },
    { currency: 'usd', amount: 5_700 + 1_000 + 3_000 },
  ])
  expect(subscriptions).toContainEqual({ plan: 'basic', status: 'active', count: 2 })
  expect(subscriptions).toContainEqual({ plan: 'pro', status: 'active', count: 1 })
})

test('use is this month’s, of every user', async () => {
  for (let i = 0; i < 2; i++) {
    const userId = await addSubscriber(core.ctx)
    const use = { userId, meter: 'tokens', amount: 40 } as const
    await recordUsage(core.ctx, { ...use, idempotencyKey: 'now' })
    const occurredAt = new Date('2026-10-31T12:00:00.000Z')
    await recordUsage(core.ctx, { ...use, idempotencyKey: 'before', occurredAt })
  }
  const { usage } = await getOverview(core.ctx)
  expect(usage.meters[0]).toEqual({ meter: 'tokens', used: 80 })
})

test('a failed payment is an open invoice that Stripe tried to collect', async () => {
  const userId = await addUser(core.ctx)
  const add = (id: string, status: string, attempted: boolean, due: number) =>
    sql(
      `INSERT INTO invoices (id, user_id, customer_id, status, attempted, currency, total, amount_paid, amount_due,
         amount_refunded, created_at, period_start, period_end, synced_at)
       VALUES ($1, $2, 'cus_1', $3, $4, 'usd', $5, 0, $5, 0, $6, $6, $6, $6)`,
      [id, userId, status, attempted, due, NOON],
    )
  await add('in_failed', 'open', true, 1_900)
  await add('in_waiting', 'open', false, 1_900)
  await add('in_free', 'open', true, 0)
  await add('in_paid', 'paid', true, 1_900)
  expect((await getOverview(core.ctx)).failedPayments).toMatchObject({
    totals: [{ currency: 'usd', count: 1, amountDue: 1_900 }],
    latest: [{ invoiceId: 'in_failed', userId, amountDue: 1_900 }],
  })
})

test('the notices are unknown prices, and several subscriptions of one user', async () => {
  const userId = await addSubscriber(core.ctx)
  await sql(`UPDATE subscriptions SET plan = NULL WHERE user_id = $1`, [userId])
  await sql(
    `INSERT INTO subscriptions SELECT (jsonb_populate_record(s, '{"id": "sub_second", "is_current": false}')).*
     FROM subscriptions s WHERE user_id = $1`,
    [userId],
  )
  const { notices } = await getOverview(core.ctx)
  expect(notices.map(({ code }) => code)).toEqual(['unknown_prices', 'several_subscriptions'])
})
