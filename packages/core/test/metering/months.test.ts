import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  consumeUsage,
  getUsageHistory,
  recordUsage,
  reserveUsage,
  settleReservation,
  verifyUsage,
  voidUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const use = (userId: string, amount = 1) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey: crypto.randomUUID() }) as const

/** The last instant of each kind of month, and the day that follows. */
const turns: [last: string, next: string][] = [
  ['2027-01-31', '2027-02-01'],
  ['2027-02-28', '2027-03-01'],
  ['2028-02-29', '2028-03-01'],
  ['2027-04-30', '2027-05-01'],
  ['2026-12-31', '2027-01-01'],
  // No leap day: hundreds have none, but for four hundreds.
  ['2100-02-28', '2100-03-01'],
]

describe('usage at the turn of a month', () => {
  test.each(turns)(
    '%s: late usage counts in its own month and on its own day',
    async (last, next) => {
      const { ctx, clock } = core
      const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
      clock.set(`${next}T00:00:00.000Z`)
      const late = { ...use(userId, 7), occurredAt: new Date(`${last}T23:59:59.999Z`) }
      const recorded = await recordUsage(ctx, late)
      expect(recorded.balance).toMatchObject({ used: 7, resetsAt: `${next}T00:00:00.000Z` })
      // It takes nothing from the month that has begun.
      expect(await consumeUsage(ctx, use(userId, 10))).toMatchObject({ allowed: true })
      const history = () => getUsageHistory(ctx, { userId, from: last, to: next })
      expect(await history()).toEqual([
        { date: next, meter: 'tokens', amount: 10, events: 1 },
        { date: last, meter: 'tokens', amount: 7, events: 1 },
      ])
      const actor = { kind: 'admin', id: 'user_admin' } as const
      await voidUsage(ctx, { usageId: recorded.usageId, reason: 'wrong', actor })
      expect(await history()).toEqual([{ date: next, meter: 'tokens', amount: 10, events: 1 }])
    },
  )

  test.each(turns)('%s: a reservation across it counts where it was made', async (last, next) => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    clock.set(`${last}T23:59:59.999Z`)
    const { reservationId } = await reserveUsage(ctx, use(userId, 10))
    clock.advance(1)
    expect(await consumeUsage(ctx, use(userId, 10))).toMatchObject({ allowed: true })
    await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 4 })
    expect(await getUsageHistory(ctx, { userId, from: last, to: next })).toEqual([
      { date: next, meter: 'tokens', amount: 10, events: 1 },
      { date: last, meter: 'tokens', amount: 4, events: 1 },
    ])
  })

  test('a clock a little ahead: usage of the month to come counts there', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx)
    clock.set('2026-11-30T23:57:00.000Z')
    const ahead = { ...use(userId), occurredAt: new Date('2026-12-01T00:01:00.000Z') }
    const { balance } = await recordUsage(ctx, ahead)
    expect(balance).toMatchObject({ used: 1, periodStart: '2026-12-01T00:00:00.000Z' })
  })

  test('whatever the instant, usage counts on the day that UTC says', async () => {
    const { ctx, clock } = core
    clock.set(NOON)
    const ago = fc.integer({ min: -35 * 86_400_000, max: 300_000 })
    await fc.assert(
      fc.asyncProperty(fc.array(ago, { minLength: 1, maxLength: 20 }), async (all) => {
        const userId = await addSubscriber(ctx)
        const instants = all.map((ms) => new Date(Date.parse(NOON) + ms))
        await Promise.all(
          instants.map((occurredAt) => recordUsage(ctx, { ...use(userId), occurredAt })),
        )
        const days = new Map<string, number>()
        for (const instant of instants) {
          const date = instant.toISOString().slice(0, 10)
          days.set(date, (days.get(date) ?? 0) + 1)
        }
        const range = { userId, from: '2026-10-01', to: '2026-11-30' }
        const history = await getUsageHistory(ctx, range)
        expect(new Map(history.map(({ date, amount }) => [date, amount]))).toEqual(days)
      }),
      { numRuns: 15 },
    )
    expect((await verifyUsage(ctx)).differences).toEqual([])
  })
})
