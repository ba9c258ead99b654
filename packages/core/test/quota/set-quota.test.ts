import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consumeUsage, getQuota, recordUsage, setQuota } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const actor = { kind: 'admin', id: 'user_admin' } as const
const change = { meter: 'tokens', reason: 'agreed by phone', actor } as const
const use = (userId: string, amount: number) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey: crypto.randomUUID() }) as const

describe('an override', () => {
  test('holds from the next decision on, below what is used too, until it is set to null', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    await consumeUsage(ctx, use(userId, 10))
    await setQuota(ctx, { ...change, userId, limit: 12 })
    expect(await consumeUsage(ctx, use(userId, 2))).toMatchObject({ allowed: true })
    expect(await setQuota(ctx, { ...change, userId, limit: 5 })).toEqual({
      meter: 'tokens',
      limit: 5,
      unlimited: false,
      source: 'override',
    })
    expect(await consumeUsage(ctx, use(userId, 1))).toMatchObject({
      allowed: false,
      balance: { used: 12, limit: 5, remaining: 0 },
    })
    await setQuota(ctx, { ...change, userId, limit: 'unlimited' })
    expect(await consumeUsage(ctx, use(userId, 1_000))).toMatchObject({
      allowed: true,
      balance: { unlimited: true, remaining: null },
    })
    await setQuota(ctx, { ...change, userId, limit: null })
    expect(await consumeUsage(ctx, use(userId, 1))).toMatchObject({
      allowed: false,
      balance: { limit: 10 },
    })
  })

  test('of 0 allows nothing, and survives a change of plan', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    await setQuota(ctx, { ...change, userId, limit: 0 })
    await ctx.db.pool.query(
      `UPDATE quotas SET plan = 'enterprise', unlimited = true WHERE user_id = $1`,
      [userId],
    )
    expect((await consumeUsage(ctx, use(userId, 1))).reason).toBe('quota_exceeded')
  })

  test('gives nothing without a subscription', async () => {
    const { ctx } = core
    const userId = await addUser(ctx)
    await setQuota(ctx, { ...change, userId, limit: 100 })
    expect((await getQuota(ctx, { userId }))[0]).toMatchObject({ limit: 0, source: 'none' })
    expect((await consumeUsage(ctx, use(userId, 1))).reason).toBe('no_subscription')
    expect((await recordUsage(ctx, use(userId, 1))).balance.limit).toBe(0)
  })

  test('leaves who and why in the audit log', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    await setQuota(ctx, { ...change, userId, limit: 7 })
    const { rows } = await ctx.db.pool.query(
      'SELECT actor_id, action, reason, details FROM audit_log WHERE user_id = $1',
      [userId],
    )
    expect(rows).toEqual([
      {
        actor_id: 'user_admin',
        action: 'quota.set',
        reason: 'agreed by phone',
        details: { meter: 'tokens', limit: 7 },
      },
    ])
  })

  test('of an unknown user, or a limit that is no whole number, changes nothing', async () => {
    const { ctx } = core
    const missing = setQuota(ctx, { ...change, userId: 'user_unknown', limit: 1 })
    await expect(missing).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
    const userId = await addSubscriber(ctx)
    for (const limit of [-1, 1.5, 2 ** 53]) {
      const bad = setQuota(ctx, { ...change, userId, limit })
      await expect(bad).rejects.toMatchObject({ code: 'VALIDATION', issues: [{ path: 'limit' }] })
    }
    expect((await getQuota(ctx, { userId }))[0]).toMatchObject({ source: 'plan' })
  })
})
