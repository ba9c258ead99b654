import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  checkUsage,
  consumeUsage,
  listUsageEvents,
  recordUsage,
  reserveUsage,
  settleReservation,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore } from '../harness.ts'

// What a sync writes when a plan changes counts from the next decision on, and usage stays as it is.

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const use = (userId: string, amount: number, idempotencyKey: string = crypto.randomUUID()) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey }) as const

interface Quota {
  limit: number
  unlimited: boolean
}

async function setPlan(userId: string, { limit, unlimited }: Quota): Promise<void> {
  await core.ctx.db.pool.query(
    'UPDATE quotas SET limit_amount = $2, unlimited = $3 WHERE user_id = $1',
    [userId, limit, unlimited],
  )
}

const upTo = (limit: number): Quota => ({ limit, unlimited: false })
const unlimited: Quota = { limit: 0, unlimited: true }

describe('with 30 used and 20 reserved', () => {
  const changes: [what: string, from: Quota, to: Quota, remaining: number | null][] = [
    ['an upgrade', upTo(50), upTo(100), 50],
    ['a downgrade above it', upTo(100), upTo(60), 10],
    ['a downgrade to it', upTo(100), upTo(50), 0],
    ['a downgrade below it', upTo(100), upTo(40), 0],
    ['a downgrade below what is used', upTo(100), upTo(10), 0],
    ['limited to unlimited', upTo(50), unlimited, null],
    ['unlimited to limited', unlimited, upTo(70), 20],
    ['unlimited to less than is used', unlimited, upTo(5), 0],
  ]
  test.each(changes)('%s counts from the next decision on', async (_what, from, to, remaining) => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    await setPlan(userId, from)
    const first = await consumeUsage(ctx, use(userId, 30, 'first'))
    const { reservationId } = await reserveUsage(ctx, use(userId, 20))
    await setPlan(userId, to)

    const { balance } = await checkUsage(ctx, { userId, meter: 'tokens' })
    expect(balance).toMatchObject({ used: 30, reserved: 20, remaining, ...to })
    const one = await consumeUsage(ctx, use(userId, (remaining ?? 1_000) + 1))
    expect(one.allowed).toBe(remaining === null)
    if (remaining) {
      expect(await consumeUsage(ctx, use(userId, remaining))).toMatchObject({ allowed: true })
      expect(await consumeUsage(ctx, use(userId, 1))).toMatchObject({ allowed: false })
    }
    // What was promised is kept: the reservation settles, and the first answer stays the first.
    const settled = await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 20 })
    expect(settled.balance).toMatchObject({ reserved: 0, limit: to.limit })
    expect(await consumeUsage(ctx, use(userId, 30, 'first'))).toEqual({ ...first, replayed: true })
    await recordUsage(ctx, use(userId, 1, 'after'))
    const { items } = await listUsageEvents(ctx, { userId, limit: 1 })
    expect(items[0]?.overLimit).toBe(!to.unlimited)
  })
})
