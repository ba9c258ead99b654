import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consumeUsage, recordUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, startCore, totalsOf } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const calls = (userId: string, amount = 1, idempotencyKey: string = crypto.randomUUID()) =>
  ({ userId, meter: 'apiCalls', amount, idempotencyKey }) as const

describe('consume', () => {
  test('counts up to the limit and not beyond it', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { apiCalls: 10 } })
    const first = await consumeUsage(ctx, calls(userId, 7))
    expect(first).toMatchObject({ allowed: true, reason: null, message: null, replayed: false })
    expect(first.balance).toEqual({
      meter: 'apiCalls',
      used: 7,
      reserved: 0,
      limit: 10,
      unlimited: false,
      remaining: 3,
      credits: 0,
      overage: null,
      periodStart: '2026-11-01T00:00:00.000Z',
      resetsAt: '2026-12-01T00:00:00.000Z',
    })
    const second = await consumeUsage(ctx, calls(userId, 4))
    expect(second).toMatchObject({ allowed: false, reason: 'quota_exceeded', usageId: null })
    expect(second.message).toBe('This needs 4 API calls; 3 of 10 are left until 2026-12-01 (UTC).')
    expect(second.balance.used).toBe(7)
    const third = await consumeUsage(ctx, calls(userId, 3))
    expect(third).toMatchObject({ allowed: true, balance: { used: 10, remaining: 0 } })
    expect(await totalsOf(ctx, userId, 'apiCalls')).toEqual({
      ledger: 10,
      counter: 10,
      days: 10,
      events: 2,
      dayEvents: 2,
    })
  })

  test('200 at once with 100 left get exactly 100, from two contexts', async () => {
    const { ctx } = core
    const other = core.another()
    const userId = await addSubscriber(ctx, { limits: { apiCalls: 100 } })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => consumeUsage(i % 2 ? ctx : other, calls(userId))),
    )
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(100)
    expect(await totalsOf(ctx, userId, 'apiCalls')).toMatchObject({ ledger: 100, counter: 100 })
  })

  test('a repeat is answered with the first answer, though the limit was reached since', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { apiCalls: 10 } })
    const call = calls(userId, 6)
    const first = await consumeUsage(ctx, call)
    await consumeUsage(ctx, calls(userId, 4))
    const [repeat, fresh] = await Promise.all([
      consumeUsage(ctx, call),
      consumeUsage(ctx, calls(userId)),
    ])
    expect(repeat).toEqual({ ...first, replayed: true })
    expect(fresh).toMatchObject({ allowed: false, balance: { used: 10 } })
    expect(await totalsOf(ctx, userId, 'apiCalls')).toMatchObject({ ledger: 10, events: 2 })
  })

  test('repeats among new calls count once, whether the writer looks for them or not', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { apiCalls: 100 } })
    const old = calls(userId)
    const first = await consumeUsage(ctx, old)
    for (const _round of [1, 2, 3]) {
      const answers = await Promise.all(
        [calls(userId), old, calls(userId)].map((call) => consumeUsage(ctx, call)),
      )
      expect(answers.map(({ replayed }) => replayed)).toEqual([false, true, false])
      expect(answers[1]).toEqual({ ...first, replayed: true })
      await consumeUsage(ctx, calls(userId))
    }
    expect(await totalsOf(ctx, userId, 'apiCalls')).toMatchObject({ ledger: 10, counter: 10 })
  })

  test('the same key at once from two contexts counts once and answers the same', async () => {
    const { ctx } = core
    const other = core.another()
    const userId = await addSubscriber(ctx)
    const call = calls(userId, 5, 'one-key')
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => consumeUsage(i % 2 ? ctx : other, call)),
    )
    const originals = answers.filter((answer) => !answer.replayed)
    expect(originals).toHaveLength(1)
    for (const answer of answers) expect({ ...answer, replayed: false }).toEqual(originals[0])
    expect(await totalsOf(ctx, userId, 'apiCalls')).toMatchObject({ ledger: 5, events: 1 })
  })

  test('a refused call has not used its key', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { apiCalls: 1 } })
    await consumeUsage(ctx, calls(userId))
    const call = calls(userId, 1, 'again')
    expect((await consumeUsage(ctx, call)).allowed).toBe(false)
    await ctx.db.pool.query('UPDATE quotas SET limit_amount = 2 WHERE user_id = $1', [userId])
    expect(await consumeUsage(ctx, call)).toMatchObject({ allowed: true, replayed: false })
  })

  test('a key of another payload is refused, and counts nothing', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const call = { ...calls(userId, 1, 'k'), metadata: { b: [1, { y: 2, x: 1 }], a: 'ü' } }
    await consumeUsage(ctx, call)
    const reordered = { ...call, metadata: { a: 'ü', b: [1, { x: 1, y: 2 }] } }
    expect((await consumeUsage(ctx, reordered)).replayed).toBe(true)
    for (const other of [
      { ...call, amount: 2 },
      { ...call, meter: 'tokens' as const },
      { ...call, metadata: { a: 'u' } },
      { ...call, metadata: undefined },
    ]) {
      await expect(consumeUsage(ctx, other)).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      })
    }
    await expect(recordUsage(ctx, call)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await totalsOf(ctx, userId, 'apiCalls')).toMatchObject({ ledger: 1, events: 1 })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ ledger: 0, counter: 0 })
  })

  test('keys belong to a user: another user may use the same', async () => {
    const { ctx } = core
    const [a, b] = [await addSubscriber(ctx), await addSubscriber(ctx)]
    expect((await consumeUsage(ctx, calls(a, 1, 'shared'))).replayed).toBe(false)
    expect((await consumeUsage(ctx, calls(b, 2, 'shared'))).replayed).toBe(false)
  })

  test('who has no subscription, or one that is not active, is refused with the reason', async () => {
    const { ctx, clock } = core
    const nobody = await addUser(ctx)
    expect(await consumeUsage(ctx, calls(nobody))).toMatchObject({
      allowed: false,
      reason: 'no_subscription',
      balance: { limit: 0, unlimited: false, remaining: 0 },
    })
    for (const status of ['unpaid', 'paused', 'incomplete']) {
      const userId = await addSubscriber(ctx, { status })
      expect(await consumeUsage(ctx, calls(userId))).toMatchObject({
        allowed: false,
        reason: 'subscription_inactive',
      })
    }
    const day = 86_400_000
    const now = clock.now().getTime()
    const within = new Date(now - 7 * day + 1)
    const past = new Date(now - 7 * day)
    const inGrace = await addSubscriber(ctx, { status: 'past_due', pastDueSince: within })
    expect((await consumeUsage(ctx, calls(inGrace))).allowed).toBe(true)
    const overdue = await addSubscriber(ctx, { status: 'past_due', pastDueSince: past })
    expect((await consumeUsage(ctx, calls(overdue))).reason).toBe('subscription_inactive')
  })

  test('unlimited has no limit, and says so', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { plan: 'enterprise' })
    const answer = await consumeUsage(ctx, calls(userId, 5_000_000_000))
    expect(answer).toMatchObject({
      allowed: true,
      balance: { used: 5_000_000_000, limit: 0, unlimited: true, remaining: null },
    })
  })

  test('an unknown user is an error that creates nothing', async () => {
    const { ctx } = core
    await expect(consumeUsage(ctx, calls('user_unknown'))).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    })
    const { rows } = await ctx.db.pool.query(
      `SELECT 1 FROM usage_counters WHERE user_id = 'user_unknown'`,
    )
    expect(rows).toEqual([])
  })

  test('the month turns in UTC: the first instant of December counts from zero', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx, { limits: { apiCalls: 1 } })
    clock.set('2026-11-30T23:59:59.999Z')
    expect((await consumeUsage(ctx, calls(userId))).allowed).toBe(true)
    expect((await consumeUsage(ctx, calls(userId))).allowed).toBe(false)
    clock.set('2026-12-01T00:00:00.000Z')
    expect(await consumeUsage(ctx, calls(userId))).toMatchObject({
      allowed: true,
      balance: { used: 1, periodStart: '2026-12-01T00:00:00.000Z' },
    })
  })
})
