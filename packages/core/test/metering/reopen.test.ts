import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context, Reserved } from '../../src/index.ts'
import {
  archiveUsage,
  checkUsage,
  consumeUsage,
  listUsageEvents,
  releaseReservation,
  reserveUsage,
  settleReservation,
  TollgateError,
  verifyUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore } from '../harness.ts'

// A reserve whose reservation was released, or expired unsettled, has not used its key. Source: docs/contract.md,
// "Meaning of usage".

let core: Harness
let other: Context
beforeAll(async () => {
  core = await startCore()
  other = core.another()
})
afterAll(() => core.close())
beforeEach(() => core.clock.set(NOON))

const LIMIT = 100
const DAY_MS = 86_400_000

const subscriber = () => addSubscriber(core.ctx, { limits: { tokens: LIMIT } })
const reserve = (userId: string, amount = 60, ctx = core.ctx) =>
  reserveUsage(ctx, { userId, meter: 'tokens', amount, idempotencyKey: 'job', ttlSeconds: 60 })
const consume = (userId: string, amount: number) =>
  consumeUsage(core.ctx, {
    userId,
    meter: 'tokens',
    amount,
    idempotencyKey: crypto.randomUUID(),
  })
const balanceOf = async (userId: string) =>
  (await checkUsage(core.ctx, { userId, meter: 'tokens' })).balance
const settle = (reservationId: string | null, amount: number, ctx = core.ctx) =>
  settleReservation(ctx, { reservationId: reservationId ?? '', amount })
const release = (reservationId: string | null, ctx = core.ctx) =>
  releaseReservation(ctx, { reservationId: reservationId ?? '' })

const closings: [string, (first: Reserved) => Promise<unknown>][] = [
  ['released', ({ reservationId }) => release(reservationId)],
  ['expired', async () => core.clock.advance(60_000)],
  [
    'released after it expired',
    async ({ reservationId }) => {
      core.clock.advance(90_000)
      await release(reservationId)
    },
  ],
  ['expired in the month before', async () => core.clock.advance(30 * DAY_MS)],
  [
    'released in the month before',
    async ({ reservationId }) => {
      await release(reservationId)
      core.clock.advance(30 * DAY_MS)
    },
  ],
]

describe.each(closings)('the key of a reservation that was %s', (_name, close) => {
  test('is decided afresh: the same reservation is open again, and counted', async () => {
    const userId = await subscriber()
    const first = await reserve(userId)
    await close(first)
    await consume(userId, 10)
    const again = await reserve(userId)
    expect(again).toMatchObject({
      allowed: true,
      replayed: false,
      reservationId: first.reservationId,
      expiresAt: new Date(core.clock.now().getTime() + 60_000).toISOString(),
      balance: { used: 10, reserved: 60, remaining: 30 },
    })
    expect(await reserve(userId)).toEqual({ ...again, replayed: true })
    expect(await settle(again.reservationId, 55)).toMatchObject({
      usageId: first.reservationId,
      replayed: false,
      balance: { used: 65, reserved: 0 },
    })
    expect(await reserve(userId)).toEqual({ ...again, replayed: true })
    expect(await balanceOf(userId)).toMatchObject({ used: 65, reserved: 0 })
    const { items } = await listUsageEvents(core.ctx, { userId })
    expect(items.map(({ amount }) => amount).toSorted()).toEqual([10, 55])
    expect((await verifyUsage(core.ctx)).differences).toEqual([])
  })

  test('is refused where it does not fit now, which leaves it closed and the key unused', async () => {
    const userId = await subscriber()
    const first = await reserve(userId)
    await close(first)
    await consume(userId, 50)
    for (const _ of [1, 2]) {
      expect(await reserve(userId)).toMatchObject({
        allowed: false,
        reason: 'quota_exceeded',
        reservationId: null,
        replayed: false,
      })
    }
    expect(await balanceOf(userId)).toMatchObject({ used: 50, reserved: 0 })
  })

  test('is still refused with another payload', async () => {
    const userId = await subscriber()
    await close(await reserve(userId))
    await expect(reserve(userId, 61)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })

  test('opens it once, however many ask at once in two processes', async () => {
    const userId = await subscriber()
    await close(await reserve(userId))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => reserve(userId, 60, i % 2 ? core.ctx : other)),
    )
    expect(answers.every(({ allowed }) => allowed)).toBe(true)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(answers.map(({ expiresAt }) => expiresAt)).size).toBe(1)
    expect(await balanceOf(userId)).toMatchObject({ used: 0, reserved: 60 })
    expect((await verifyUsage(core.ctx)).differences).toEqual([])
  })

  test('closed again, can be opened again', async () => {
    const userId = await subscriber()
    for (let turn = 0; turn < 3; turn += 1) {
      const opened = await reserve(userId)
      expect(opened).toMatchObject({ allowed: true, replayed: false })
      await close(opened)
    }
    expect((await verifyUsage(core.ctx)).differences).toEqual([])
  })

  test('and a late settle from another process: one of them is first, and all is counted once', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      core.clock.set(NOON)
      const userId = await subscriber()
      const first = await reserve(userId)
      await close(first)
      const [settled, again] = await Promise.all([
        settle(first.reservationId, 40, turn % 2 ? core.ctx : other).catch((error: unknown) => {
          if (error instanceof TollgateError && error.code === 'RESERVATION_CLOSED') return null
          throw error
        }),
        reserve(userId, 60, turn % 2 ? other : core.ctx),
      ])
      // Settled first: the key is used. Opened first: the settle closed it. Released: there was nothing to settle.
      const { rows } = await core.ctx.db.pool.query<{ used: string; reserved: string }>(
        'SELECT sum(used) AS used, sum(reserved) AS reserved FROM usage_counters WHERE user_id = $1',
        [userId],
      )
      const counted = rows.map((row) => [Number(row.used), Number(row.reserved)])
      expect(counted).toEqual(settled ? [[40, 0]] : [[0, 60]])
      expect(again.allowed).toBe(true)
    }
    expect((await verifyUsage(core.ctx)).differences).toEqual([])
  })
})

test('a reservation that was opened again lately is not archived by its first day', async () => {
  const userId = await subscriber()
  const first = await reserve(userId)
  core.clock.advance(399 * DAY_MS)
  const again = await reserve(userId)
  expect(again).toMatchObject({ replayed: false, reservationId: first.reservationId })
  await settle(again.reservationId, 5)
  core.clock.advance(2 * DAY_MS)
  await archiveUsage(core.ctx)
  expect(await reserve(userId)).toEqual({ ...again, replayed: true })
})

interface Known {
  id: string | null
  state: 'open' | 'closed' | 'settled'
  amount: number
  until: number
}

const act = fc.oneof(
  fc.record({ do: fc.constant('reserve' as const), key: fc.nat({ max: 2 }) }),
  fc.record({
    do: fc.constant('settle' as const),
    key: fc.nat({ max: 2 }),
    amount: fc.nat({ max: 40 }),
  }),
  fc.record({ do: fc.constant('release' as const), key: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('consume' as const), amount: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(30_000, 60_000) }),
)
const AMOUNTS = [30, 45, 70]

test('whatever happened before, a key is used only while its reservation is open or settled', async () => {
  const { ctx, clock } = core
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
      clock.set(NOON)
      const userId = await subscriber()
      const known = AMOUNTS.map(
        (amount): Known => ({ id: null, state: 'closed', amount, until: 0 }),
      )
      let used = 0
      for (const [nth, todo] of acts.entries()) {
        const process = nth % 2 ? ctx : other
        const now = clock.now().getTime()
        for (const each of known) {
          if (each.state === 'open' && each.until <= now) each.state = 'closed'
        }
        const open = known.filter(({ state }) => state === 'open')
        const reserved = open.reduce((sum, { amount }) => sum + amount, 0)
        const one = 'key' in todo ? known[todo.key] : undefined
        if (todo.do === 'wait') clock.advance(todo.ms)
        else if (todo.do === 'consume') {
          const { allowed } = await consume(userId, todo.amount)
          expect(allowed).toBe(used + reserved + todo.amount <= LIMIT)
          if (allowed) used += todo.amount
        } else if (one && todo.do === 'reserve') {
          const answer = await reserveUsage(process, {
            userId,
            meter: 'tokens',
            amount: one.amount,
            idempotencyKey: `key ${todo.key}`,
            ttlSeconds: 60,
          })
          const fits = used + reserved + one.amount <= LIMIT
          const isUsed = one.state !== 'closed'
          expect(answer).toMatchObject({ allowed: isUsed || fits, replayed: isUsed })
          if (one.id !== null && answer.allowed) expect(answer.reservationId).toBe(one.id)
          if (!isUsed && fits) {
            Object.assign(one, { id: answer.reservationId, state: 'open', until: now + 60_000 })
          }
        } else if (one?.id && todo.do === 'release') {
          const done = await release(one.id, process).catch(() => null)
          expect(done === null).toBe(one.state === 'settled')
          if (done) Object.assign(one, { state: 'closed', until: Number.NEGATIVE_INFINITY })
        } else if (one?.id && todo.do === 'settle' && one.state !== 'settled') {
          const isReleased = one.until === Number.NEGATIVE_INFINITY
          const done = await settle(one.id, todo.amount, process).catch(() => null)
          expect(done === null).toBe(isReleased)
          if (done) {
            used += todo.amount
            one.state = 'settled'
          }
        }
      }
      expect((await balanceOf(userId)).used).toBe(used)
      expect((await verifyUsage(ctx)).differences).toEqual([])
    }),
    { numRuns: 30 },
  )
}, 120_000)
