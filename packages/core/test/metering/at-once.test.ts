import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  checkUsage,
  consumeUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  TollgateError,
  verifyUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore } from '../harness.ts'

// Settle, release and expiry of one reservation, from two processes at once: the first one decides.

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const LIMIT = 10
const use = (userId: string, amount: number) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey: crypto.randomUUID() }) as const

type Act = (ctx: Context, reservationId: string) => Promise<string>

const settle =
  (amount: number): Act =>
  async (ctx, reservationId) => {
    await settleReservation(ctx, { reservationId, amount })
    return `settled ${amount}`
  }
const release: Act = async (ctx, reservationId) => {
  await releaseReservation(ctx, { reservationId })
  return 'released'
}

const meetings: [string, Act[]][] = [
  ['settle and release', [settle(4), release]],
  ['two settles of different amounts', [settle(4), settle(7)]],
  ['a settle of nothing and a release', [settle(0), release]],
  ['a settle of more and a release', [settle(LIMIT + 5), release]],
]
const moments: [string, number][] = [
  ['before it expires', 59_999],
  ['as it expires', 60_000],
  ['after it expired', 120_000],
]
const cases = meetings.flatMap(([meeting, acts]) =>
  moments.map(([moment, ms]): [string, string, Act[], number] => [meeting, moment, acts, ms]),
)

describe('at once', () => {
  test.each(cases)('%s, %s', async (_meeting, _moment, acts, ms) => {
    const { ctx, clock } = core
    const contexts = [ctx, core.another()]
    for (let turn = 0; turn < 4; turn += 1) {
      clock.set(NOON)
      const userId = await addSubscriber(ctx, { limits: { tokens: LIMIT } })
      const { reservationId } = await reserveUsage(ctx, { ...use(userId, LIMIT), ttlSeconds: 60 })
      clock.advance(ms)
      const calls = [...acts, ...acts].map((act, nth) =>
        act(contexts[(nth + turn) % 2] ?? ctx, reservationId ?? '').catch((error: unknown) => {
          if (error instanceof TollgateError) return error.code
          throw error
        }),
      )
      const consuming = consumeUsage(ctx, use(userId, LIMIT))
      const results = new Set(await Promise.all(calls))
      const consumed = await consuming

      // One was first, its repeat has the same result, and all others find it closed.
      expect(results.delete('RESERVATION_CLOSED')).toBe(true)
      expect(results.size).toBe(1)
      const settled = Number(/^settled (\d+)$/.exec([...results].join(''))?.[1] ?? 0)
      const { balance } = await checkUsage(ctx, { userId, meter: 'tokens' })
      const also = consumed.allowed ? LIMIT : 0
      expect(balance).toMatchObject({ used: settled + also, reserved: 0 })
      // Only what expired first lets both through: the work had happened, and so it is recorded.
      if (ms < 60_000 && settled > 0) expect(consumed.allowed).toBe(false)
    }
    expect((await verifyUsage(ctx)).differences).toEqual([])
  })
})
