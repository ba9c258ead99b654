import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  applyCatalog,
  changePlan,
  checkUsage,
  consumeUsage,
  createCheckout,
  definePlans,
  getQuota,
  getSubscription,
  getUsage,
  listPlans,
  previewChange,
  recordUsage,
  reserveUsage,
  setQuota,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addUser, startCore } from '../harness.ts'

// What users have whose subscription gives no quota: in every verb the same, and gone as soon as one gives it.

const catalog = definePlans({
  meters: {
    minutes: { name: 'Minutes', unit: ['minute', 'minutes'] },
    gb: { name: 'Storage', unit: ['GB', 'GB'] },
    calls: { name: 'Calls', unit: ['call', 'calls'] },
  },
  plans: {
    free: {
      name: 'Free',
      description: '',
      price: null,
      limits: { minutes: 5, gb: 'none', calls: 'unlimited' },
    },
    team: {
      name: 'Team',
      description: '',
      price: { month: { usd: 900 } },
      limits: { minutes: 100, gb: 10, calls: 20 },
    },
  },
})

let core: Harness
let ctx: Context
beforeEach(async () => {
  core = await startCore(catalog)
  ctx = core.ctx
})
afterEach(() => core.close())

/** A user with the rows of a subscription in this state; `unknown`: its price maps to no plan. */
async function userWith(state: string): Promise<string> {
  const userId = await addUser(ctx)
  if (state === 'none') return userId
  const plan = state === 'unknown' ? null : 'team'
  const status = state === 'unknown' ? 'active' : state
  const since = status === 'past_due' ? '2026-10-01T00:00:00Z' : null
  await ctx.db.pool.query(
    `INSERT INTO subscriptions (id, user_id, customer_id, is_current, status, plan, currency, unit_amount, interval,
       quantity, current_period_start, current_period_end, past_due_since, created_at, synced_at)
     VALUES ('sub_' || $1, $1, 'cus', true, $2, $3, 'usd', 900, 'month', 1, now(), now(), $4, now(), now())`,
    [userId, status, plan, since],
  )
  await applyCatalog(ctx)
  return userId
}

const without = ['none', 'unpaid', 'paused', 'incomplete', 'past_due', 'unknown']

describe.each(without)('a user with a subscription that gives nothing (%s)', (state) => {
  test('has the limits of the free plan, and keeps the subscription as it is', async () => {
    const userId = await userWith(state)
    expect(await getQuota(ctx, { userId })).toEqual([
      { meter: 'minutes', limit: 5, unlimited: false, source: 'plan' },
      { meter: 'gb', limit: 0, unlimited: false, source: 'plan' },
      { meter: 'calls', limit: 0, unlimited: true, source: 'plan' },
    ])
    const { meters } = await getUsage(ctx, { userId })
    expect(meters.map(({ remaining }) => remaining)).toEqual([5, 0, null])
    const status = (await getSubscription(ctx, { userId }))?.status ?? 'none'
    expect(status).toBe(state === 'unknown' ? 'active' : state)
  })

  test('is held to them by check, consume, reserve and record', async () => {
    const userId = await userWith(state)
    const of = (meter: string, amount: number) => ({ userId, meter, amount })
    expect(await checkUsage(ctx, of('minutes', 5))).toMatchObject({ allowed: true, reason: null })
    expect(await checkUsage(ctx, of('minutes', 6))).toMatchObject({ reason: 'quota_exceeded' })
    expect(await checkUsage(ctx, of('gb', 1))).toMatchObject({ reason: 'quota_exceeded' })
    const allowed = await consumeUsage(ctx, { ...of('minutes', 3), idempotencyKey: 'a' })
    expect(allowed).toMatchObject({ allowed: true, balance: { remaining: 2 } })
    const refused = await reserveUsage(ctx, { ...of('minutes', 3), idempotencyKey: 'b' })
    expect(refused).toMatchObject({ allowed: false, reason: 'quota_exceeded' })
    const recorded = await recordUsage(ctx, { ...of('minutes', 3), idempotencyKey: 'c' })
    expect(recorded).toMatchObject({ balance: { used: 6, remaining: 0 } })
    await consumeUsage(ctx, { ...of('calls', 1_000_000), idempotencyKey: 'd' })
  })

  test('has an override in place of the free limit', async () => {
    const userId = await userWith(state)
    const actor = { kind: 'admin', id: 'a' } as const
    const set = (limit: number | null) =>
      setQuota(ctx, { userId, meter: 'minutes', limit, reason: 'why', actor })
    expect(await set(50)).toMatchObject({ limit: 50, source: 'override' })
    const consumed = await consumeUsage(ctx, {
      userId,
      meter: 'minutes',
      amount: 50,
      idempotencyKey: 'k',
    })
    expect(consumed.allowed).toBe(true)
    expect(await set(null)).toMatchObject({ limit: 5, source: 'plan' })
  })
})

test('a subscription that gives quota replaces it, with what was used', async () => {
  const userId = await userWith('unpaid')
  await consumeUsage(ctx, { userId, meter: 'minutes', amount: 5, idempotencyKey: 'k' })
  await ctx.db.pool.query(`UPDATE quotas SET status = 'active' WHERE user_id = $1`, [userId])
  const { meters } = await getUsage(ctx, { userId })
  expect(meters[0]).toMatchObject({ limit: 100, used: 5, remaining: 95 })
})

test('the free plan is not sold', async () => {
  const userId = await addUser(ctx)
  const refused = { code: 'VALIDATION', message: expect.stringMatching(/^plan: Free is free/) }
  await expect(createCheckout(ctx, { userId, plan: 'free' })).rejects.toMatchObject(refused)
  await expect(changePlan(ctx, { userId, plan: 'free' })).rejects.toMatchObject(refused)
  await expect(previewChange(ctx, { userId, plan: 'free' })).rejects.toMatchObject(refused)
  expect((await listPlans(ctx)).map(({ id }) => id)).toEqual(['team'])
})
