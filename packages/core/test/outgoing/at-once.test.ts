import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  consumeUsage,
  recordUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  TollgateError,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore } from '../harness.ts'
import { addGrant, allDifferences } from '../metering/sources/world.ts'
import { alerting, eventsOf, limitTokens, thresholdsOf, use } from './outgoing-harness.ts'

// Four contexts at once, which is what four processes would do.

let core: Harness
let contexts: Context[]
beforeAll(async () => {
  core = await startCore(alerting)
  contexts = [core.ctx, core.another(), core.another(), core.another()]
})
afterAll(() => core.close())

const at = (nth: number) => contexts[nth % contexts.length] ?? core.ctx
const TIMEOUT_MS = 240_000

test('each threshold is told once, whoever reaches it', async () => {
  core.clock.set(NOON)
  const users = await Promise.all(
    Array.from({ length: 5 }, () => addSubscriber(core.ctx, { limits: { tokens: 40 } })),
  )
  const calls = users.flatMap((userId) =>
    Array.from({ length: 50 }, (_, nth) => consumeUsage(at(nth), use(userId, 1))),
  )
  const results = await Promise.all(calls)
  expect(results.filter(({ allowed }) => allowed)).toHaveLength(users.length * 40)
  for (const userId of users) {
    await Promise.all(contexts.map((ctx) => ctx.usage.drain()))
    const events = await eventsOf(core.ctx, userId)
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'quota.exceeded',
      'quota.threshold_reached',
      'quota.threshold_reached',
    ])
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  }
})

const step = fc.oneof(
  fc.record({ verb: fc.constant('consume' as const), amount: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ verb: fc.constant('record' as const), amount: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ verb: fc.constant('late' as const), amount: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ verb: fc.constant('reserve' as const), amount: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ verb: fc.constant('settle' as const), amount: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ verb: fc.constant('release' as const), amount: fc.constant(0) }),
  fc.record({ verb: fc.constant('limit' as const), amount: fc.constantFrom(10, 20, 30, 45) }),
  fc.record({ verb: fc.constant('month' as const), amount: fc.constant(0) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Life {
  userId: string
  reservations: string[]
}

async function perform(ctx: Context, life: Life, { verb, amount }: Step): Promise<void> {
  const { userId, reservations } = life
  switch (verb) {
    case 'consume':
      await consumeUsage(ctx, use(userId, amount))
      return
    case 'record':
      await recordUsage(ctx, use(userId, amount))
      return
    case 'late':
      await recordUsage(ctx, { ...use(userId, amount), occurredAt: new Date('2026-10-31T12:00Z') })
      return
    case 'reserve': {
      const { reservationId } = await reserveUsage(ctx, { ...use(userId, amount), ttlSeconds: 60 })
      if (reservationId) reservations.push(reservationId)
      return
    }
    case 'settle':
    case 'release': {
      const reservationId = reservations.shift()
      if (reservationId === undefined) return
      if (verb === 'release') await releaseReservation(ctx, { reservationId })
      else await settleReservation(ctx, { reservationId, amount })
      return
    }
    case 'limit':
      await limitTokens(core.ctx, userId, amount)
      return
    case 'month':
      core.clock.set('2026-12-01T00:00:00.000Z')
  }
}

test('whatever happens, a threshold is told at most once a limit and window, never without the use, in an order without gaps', {
  timeout: TIMEOUT_MS,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      core.clock.set(NOON)
      const userId = await addSubscriber(core.ctx, { limits: { tokens: 20 } })
      await addGrant(core.ctx, userId, { amount: 15 })
      const life: Life = { userId, reservations: [] }
      const lanes = contexts.map((ctx, lane) =>
        steps
          .filter((_, i) => i % contexts.length === lane)
          .reduce(
            (before, todo) => before.then(() => perform(ctx, life, todo).catch(expected)),
            Promise.resolve(),
          ),
      )
      await Promise.all(lanes)
      await Promise.all(contexts.map((ctx) => ctx.usage.drain()))

      const told = await thresholdsOf(core.ctx, userId)
      expect(new Set(told).size).toBe(told.length)
      const events = await eventsOf(core.ctx, userId)
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1))
      for (const { type, data } of events) {
        if (type !== 'quota.threshold_reached') continue
        expect(Number(data.used)).toBeGreaterThanOrEqual(
          Number(data.limit) * Number(data.threshold),
        )
      }
      const once = events.filter(({ type }) => type !== 'quota.threshold_reached')
      const keys = once.map(({ type, data }) =>
        JSON.stringify([type, data.balance?.periodStart, data.threshold]),
      )
      expect(new Set(keys).size).toBe(keys.length)
      expect(await missing(userId)).toEqual([])
    }),
    { numRuns: 40 },
  )
  expect(await allDifferences(core.ctx)).toEqual([])
})

/** A settle or release may find its reservation closed; anything else fails the test. */
function expected(error: unknown): void {
  if (!(error instanceof TollgateError && error.code === 'RESERVATION_CLOSED')) throw error
}

/**
 * Windows of now whose use stands at a threshold that was told of no limit as high as the one of now. Of what was given back
 * nobody can say it; what is used for good has been told by the decision that brought it there, or by one after it.
 */
async function missing(userId: string): Promise<unknown[]> {
  const { rows } = await core.ctx.db.pool.query(
    `SELECT c.period, s.share FROM usage_counters c CROSS JOIN (VALUES (0.8), (1.0)) AS s (share)
     WHERE c.user_id = $1 AND c.meter = 'tokens' AND c.used - c.credited - c.sold >= 45 * s.share
       AND NOT EXISTS (SELECT FROM quota_alerts a WHERE a.user_id = $1 AND a.meter = 'tokens'
         AND a.period = c.period AND a.threshold = s.share)`,
    [userId],
  )
  return rows
}
