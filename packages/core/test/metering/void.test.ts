import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  consumeUsage,
  listUsageEvents,
  recordUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  voidUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore, totalsOf } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const actor = { kind: 'admin', id: 'user_admin' } as const
const use = (userId: string, amount: number, idempotencyKey: string = crypto.randomUUID()) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey }) as const

describe('void', () => {
  test('gives back to its own month and day, and keeps who and why', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const october = { ...use(userId, 7), occurredAt: new Date('2026-10-20T00:00:00Z') }
    const { usageId } = await recordUsage(ctx, october)
    await recordUsage(ctx, use(userId, 5))
    const voided = await voidUsage(ctx, { usageId, reason: 'recorded twice', actor })
    expect(voided).toMatchObject({
      replayed: false,
      balance: { used: 0, periodStart: '2026-10-01T00:00:00.000Z' },
    })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({
      counter: 5,
      days: 5,
      dayEvents: 1,
    })
    const { items } = await listUsageEvents(ctx, { userId })
    expect(items.map(({ amount, voidedAt }) => [amount, voidedAt !== null])).toEqual([
      [5, false],
      [7, true],
    ])
    const { rows } = await ctx.db.pool.query(
      'SELECT actor_kind, actor_id, action, reason FROM audit_log WHERE user_id = $1',
      [userId],
    )
    expect(rows).toEqual([
      {
        actor_kind: 'admin',
        actor_id: 'user_admin',
        action: 'usage.void',
        reason: 'recorded twice',
      },
    ])
  })

  test('happens once, also from two contexts at once', async () => {
    const { ctx } = core
    const other = core.another()
    const userId = await addSubscriber(ctx)
    const { usageId } = await recordUsage(ctx, use(userId, 7))
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        voidUsage(i % 2 ? ctx : other, { usageId, reason: 'wrong', actor }),
      ),
    )
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    for (const { balance } of answers) expect(balance.used).toBe(0)
    const another = voidUsage(ctx, { usageId, reason: 'another reason', actor })
    await expect(another).rejects.toMatchObject({ code: 'ALREADY_VOIDED' })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 0, dayEvents: 0 })
  })

  test('makes room again, but the key stays used', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    const first = await consumeUsage(ctx, use(userId, 10, 'k'))
    await voidUsage(ctx, { usageId: first.usageId ?? '', reason: 'wrong', actor })
    expect(await consumeUsage(ctx, use(userId, 10, 'k'))).toEqual({ ...first, replayed: true })
    expect((await consumeUsage(ctx, use(userId, 10))).allowed).toBe(true)
  })

  test('takes a settled reservation back, and finds nothing in one that left no usage', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const open = await reserveUsage(ctx, use(userId, 10))
    const reservationId = open.reservationId ?? ''
    const tooEarly = voidUsage(ctx, { usageId: reservationId, reason: 'wrong', actor })
    await expect(tooEarly).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await settleReservation(ctx, { reservationId, amount: 4 })
    await voidUsage(ctx, { usageId: reservationId, reason: 'wrong', actor })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 0, days: 0 })
    const { reservationId: unused } = await reserveUsage(ctx, use(userId, 10))
    await releaseReservation(ctx, { reservationId: unused ?? '' })
    const nothing = voidUsage(ctx, { usageId: unused ?? '', reason: 'wrong', actor })
    await expect(nothing).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
