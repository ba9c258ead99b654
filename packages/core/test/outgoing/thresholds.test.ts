import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  consumeUsage,
  recordUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  voidUsage,
} from '../../src/index.ts'
import { armedThresholds } from '../../src/outgoing/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore } from '../harness.ts'
import { addGrant } from '../metering/sources/world.ts'
import { alerting, eventsOf, limitTokens, thresholdsOf, use } from './outgoing-harness.ts'

// The first decision that carries a window's allowance to a threshold writes one event, in its own transaction.

const NOVEMBER = '2026-11-01T00:00:00.000Z'
const actor = { kind: 'admin', id: 'user_admin' } as const

let core: Harness
let ctx: Context
beforeAll(async () => {
  core = await startCore(alerting)
  ctx = core.ctx
})
afterAll(() => core.close())

async function withLimit(limit: number): Promise<string> {
  core.clock.set(NOON)
  return addSubscriber(ctx, { limits: { tokens: limit } })
}

describe('a threshold', () => {
  test('is told with what was reached, by the decision that reaches it and by no other', async () => {
    const userId = await withLimit(10)
    await consumeUsage(ctx, use(userId, 7))
    expect(await eventsOf(ctx, userId)).toEqual([])
    await consumeUsage(ctx, use(userId, 1))
    await consumeUsage(ctx, use(userId, 1))
    expect(await eventsOf(ctx, userId)).toEqual([
      {
        type: 'quota.threshold_reached',
        sequence: 1,
        data: {
          meter: 'tokens',
          threshold: 0.8,
          limit: 10,
          used: 8,
          periodStart: NOVEMBER,
          resetsAt: '2026-12-01T00:00:00.000Z',
        },
      },
    ])
    await consumeUsage(ctx, use(userId, 1))
    expect(await thresholdsOf(ctx, userId)).toEqual([
      `tokens ${NOVEMBER} 0.8 of 10`,
      `tokens ${NOVEMBER} 1 of 10`,
    ])
  })

  test('is passed with others in one decision: each is told, in the order of the catalogue', async () => {
    const userId = await withLimit(10)
    await consumeUsage(ctx, use(userId, 10))
    const events = await eventsOf(ctx, userId)
    expect(events.map(({ sequence, data }) => [sequence, data.threshold])).toEqual([
      [1, 0.8],
      [2, 1],
    ])
  })

  test('is told once where the use goes below it and comes again', async () => {
    const userId = await withLimit(10)
    const { reservationId } = await reserveUsage(ctx, use(userId, 8))
    await releaseReservation(ctx, { reservationId: reservationId ?? '' })
    const { usageId } = await recordUsage(ctx, use(userId, 8))
    await voidUsage(ctx, { usageId, reason: 'wrong', actor })
    await recordUsage(ctx, use(userId, 8))
    expect(await thresholdsOf(ctx, userId)).toEqual([`tokens ${NOVEMBER} 0.8 of 10`])
  })

  test('is armed again by a reset', async () => {
    const userId = await withLimit(10)
    await consumeUsage(ctx, use(userId, 8))
    core.clock.set('2026-12-01T00:00:00.000Z')
    await consumeUsage(ctx, use(userId, 8))
    expect(await thresholdsOf(ctx, userId)).toEqual([
      `tokens ${NOVEMBER} 0.8 of 10`,
      'tokens 2026-12-01T00:00:00.000Z 0.8 of 10',
    ])
  })

  test('is armed again by a higher limit, and not by going back to a lower one', async () => {
    const userId = await withLimit(10)
    await consumeUsage(ctx, use(userId, 8))
    await limitTokens(ctx, userId, 20)
    await consumeUsage(ctx, use(userId, 7))
    expect(await thresholdsOf(ctx, userId)).toHaveLength(1)
    await consumeUsage(ctx, use(userId, 1))
    expect(await thresholdsOf(ctx, userId)).toEqual([
      `tokens ${NOVEMBER} 0.8 of 10`,
      `tokens ${NOVEMBER} 0.8 of 20`,
    ])
    await limitTokens(ctx, userId, 18)
    await consumeUsage(ctx, use(userId, 1))
    expect(await thresholdsOf(ctx, userId)).toHaveLength(2)
  })

  test('that a lower limit has put below the use is told by the next decision', async () => {
    const userId = await withLimit(100)
    await consumeUsage(ctx, use(userId, 50))
    await limitTokens(ctx, userId, 60)
    await consumeUsage(ctx, use(userId, 1))
    expect(await thresholdsOf(ctx, userId)).toEqual([`tokens ${NOVEMBER} 0.8 of 60`])
  })

  test('is reached by what a settle counts beyond what was held', async () => {
    const userId = await withLimit(10)
    const { reservationId } = await reserveUsage(ctx, use(userId, 5))
    await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 8 })
    expect(await thresholdsOf(ctx, userId)).toEqual([`tokens ${NOVEMBER} 0.8 of 10`])
    await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 8 })
    expect(await thresholdsOf(ctx, userId)).toHaveLength(1)
  })

  test('of a window that is over counts where late usage crosses it', async () => {
    const userId = await withLimit(10)
    const october = { occurredAt: new Date('2026-10-20T00:00:00.000Z') }
    await recordUsage(ctx, { ...use(userId, 7), ...october })
    await recordUsage(ctx, { ...use(userId, 1), ...october })
    await limitTokens(ctx, userId, 5)
    await recordUsage(ctx, { ...use(userId, 1), ...october })
    expect(await thresholdsOf(ctx, userId)).toEqual(['tokens 2026-10-01T00:00:00.000Z 0.8 of 10'])
  })

  test('looks at what is taken from the allowance, not at credits', async () => {
    const userId = await withLimit(10)
    await addGrant(ctx, userId, { amount: 100 })
    await consumeUsage(ctx, use(userId, 60))
    await consumeUsage(ctx, use(userId, 10))
    expect(await thresholdsOf(ctx, userId)).toEqual([
      `tokens ${NOVEMBER} 0.8 of 10`,
      `tokens ${NOVEMBER} 1 of 10`,
    ])
  })

  test('is not told twice by a repeat of the call that reached it', async () => {
    const userId = await withLimit(10)
    const call = use(userId, 8)
    await consumeUsage(ctx, call)
    await consumeUsage(ctx, call)
    expect(await thresholdsOf(ctx, userId)).toHaveLength(1)
  })

  test('has no event where the decision was not kept', async () => {
    const userId = await withLimit(10)
    const wrong = use(userId, 8)
    await consumeUsage(ctx, { ...wrong, amount: 1 })
    await expect(consumeUsage(ctx, wrong)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await eventsOf(ctx, userId)).toEqual([])
  })
})

test('unlimited, and a limit that allows nothing, have no thresholds', () => {
  expect(armedThresholds([0.8], { limit: 0, unlimited: true }, [])).toEqual([])
  expect(armedThresholds([0.8], { limit: 0, unlimited: false }, [])).toEqual([])
})

test('a threshold is the first whole use of at least its share of the limit', () => {
  const hundredths = fc.integer({ min: 1, max: 100 })
  const limits = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(hundredths, limits, (percent, limit) => {
      const [threshold] = armedThresholds([percent / 100], { limit, unlimited: false }, [])
      const at = BigInt(threshold?.at ?? 0)
      expect(at * 100n).toBeGreaterThanOrEqual(BigInt(limit) * BigInt(percent))
      expect((at - 1n) * 100n).toBeLessThan(BigInt(limit) * BigInt(percent))
    }),
  )
})

test('what decides is what it is without thresholds: a catalogue without any asks nothing of them', async () => {
  const plain = await startCore()
  try {
    const userId = await addSubscriber(plain.ctx, { limits: { tokens: 10 } })
    await consumeUsage(plain.ctx, use(userId, 10))
    expect(await eventsOf(plain.ctx, userId)).toEqual([])
    const names = await preparedStatements(plain.ctx)
    expect(names).toContain('lock-counters')
    expect(names.filter((name) => /alert|outgoing/.test(name))).toEqual([])
  } finally {
    await plain.close()
  }
})

test('with thresholds, a decision that reaches none writes nothing more', async () => {
  const other = await startCore(alerting)
  try {
    const userId = await addSubscriber(other.ctx, { limits: { tokens: 10 } })
    await consumeUsage(other.ctx, use(userId, 7))
    const names = await preparedStatements(other.ctx)
    expect(names).toContain('lock-counters-with-alerts')
    expect(names.filter((name) => /insert-quota-alerts|outgoing/.test(name))).toEqual([])
  } finally {
    await other.close()
  }
})

async function preparedStatements({ db }: Context): Promise<string[]> {
  const connections = await Promise.all([db.writers.connect(), db.writers.connect()])
  const names: string[] = []
  for (const connection of connections) {
    const { rows } = await connection.query<{ name: string }>(
      'SELECT name FROM pg_prepared_statements',
    )
    names.push(...rows.map(({ name }) => name))
    connection.release()
  }
  return names
}
