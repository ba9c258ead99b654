import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context, Resets } from '../../src/index.ts'
import {
  archiveUsage,
  checkUsage,
  closeContext,
  consumeUsage,
  createContext,
  getUsage,
  getUsageHistory,
  recordUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  verifyUsage,
  voidUsage,
} from '../../src/index.ts'
import { ManualClock } from '../../src/testing.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, knownSince, resetting, startCore, totalsOf } from '../harness.ts'

// What is counted where, for meters that reset in each way.

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const DAY_MS = 86_400_000
const KNOWN = '2026-10-31T10:00:00.000Z'
const actor = { kind: 'admin', id: 'user_admin' } as const

/** Of each kind: when a window begins, and the key of the one before it and of this one. */
const turns: [resets: Resets, at: string, before: string, after: string][] = [
  ['month', '2026-12-01T00:00:00.000Z', '2026-11', '2026-12'],
  ['day', '2026-12-01T00:00:00.000Z', '2026-11-30', '2026-12-01'],
  ['hour', '2026-12-01T15:00:00.000Z', '2026-12-01T14', '2026-12-01T15'],
  // Known since the 31st: November ends its window on the 30th.
  ['billing', '2026-11-30T10:00:00.000Z', KNOWN, '2026-11-30T10:00:00.000Z'],
]

async function subscriber(ctx: Context, tokens = 10): Promise<string> {
  const userId = await addSubscriber(ctx, { limits: { tokens } })
  await knownSince(ctx, userId, KNOWN)
  return userId
}

const use = (userId: string, amount = 1) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey: crypto.randomUUID() }) as const

/** Use and what is reserved of each window. */
async function windowsOf(userId: string): Promise<Record<string, [number, number]>> {
  const { rows } = await core.ctx.db.pool.query<{ period: string; used: number; reserved: number }>(
    'SELECT period, used::int, reserved::int FROM usage_counters WHERE user_id = $1',
    [userId],
  )
  return Object.fromEntries(rows.map(({ period, used, reserved }) => [period, [used, reserved]]))
}

async function sumsAreEqual(userId: string): Promise<void> {
  const { ledger, counter, days } = await totalsOf(core.ctx, userId, 'tokens')
  expect([counter, days]).toEqual([ledger, ledger])
  expect((await verifyUsage(core.ctx)).differences).toEqual([])
}

describe.each(turns)('a meter that resets by %s', (resets, at, before, after) => {
  let ctx: Context
  const start = Date.parse(at)
  beforeAll(() => {
    ctx = resetting(core.ctx, resets)
  })
  beforeEach(() => core.clock.set(new Date(start - 1)))

  test('has its whole limit again at the first instant of the next window, and not before', async () => {
    const userId = await subscriber(ctx)
    expect(await consumeUsage(ctx, use(userId, 10))).toMatchObject({
      allowed: true,
      balance: { used: 10, remaining: 0, resetsAt: at },
    })
    const refused = await consumeUsage(ctx, use(userId))
    expect(refused).toMatchObject({ allowed: false, reason: 'quota_exceeded' })
    expect(await checkUsage(ctx, { userId, meter: 'tokens' })).toMatchObject({
      allowed: false,
      balance: refused.balance,
      message: refused.message,
    })
    core.clock.advance(1)
    expect(await checkUsage(ctx, { userId, meter: 'tokens' })).toMatchObject({
      allowed: true,
      balance: { used: 0, periodStart: at },
    })
    expect(await consumeUsage(ctx, use(userId, 10))).toMatchObject({
      allowed: true,
      balance: { used: 10, periodStart: at },
    })
    expect(await windowsOf(userId)).toEqual({ [before]: [10, 0], [after]: [10, 0] })
    await sumsAreEqual(userId)
  })

  test('counts late usage in the window of its date, and takes a void from there', async () => {
    const userId = await subscriber(ctx)
    core.clock.advance(1)
    await recordUsage(ctx, use(userId, 3))
    const late = { ...use(userId, 4), occurredAt: new Date(start - 1) }
    const { usageId, balance } = await recordUsage(ctx, late)
    expect(balance).toMatchObject({ used: 4, resetsAt: at })
    expect(await windowsOf(userId)).toEqual({ [before]: [4, 0], [after]: [3, 0] })
    const voided = await voidUsage(ctx, { usageId, reason: 'wrong', actor })
    expect(voided.balance).toMatchObject({
      used: 0,
      periodStart: balance.periodStart,
      resetsAt: at,
    })
    expect(await windowsOf(userId)).toEqual({ [before]: [0, 0], [after]: [3, 0] })
    await sumsAreEqual(userId)
  })

  test.each(['settled', 'released', 'expired'] as const)(
    'a reservation across the turn, %s, is of the window that it was made in',
    async (end) => {
      const userId = await subscriber(ctx)
      const { reservationId } = await reserveUsage(ctx, { ...use(userId, 9), ttlSeconds: 60 })
      const id = { reservationId: reservationId ?? '' }
      core.clock.advance(1)
      expect(await windowsOf(userId)).toEqual({ [before]: [0, 9] })
      if (end === 'released') await releaseReservation(ctx, id)
      if (end === 'expired') core.clock.advance(60_000)
      const left = end === 'released' ? 0 : 4
      if (end !== 'released') {
        expect((await settleReservation(ctx, { ...id, amount: 4 })).balance).toMatchObject({
          used: 4,
          reserved: 0,
          resetsAt: at,
        })
      }
      expect(await consumeUsage(ctx, use(userId, 10))).toMatchObject({ allowed: true })
      expect((await windowsOf(userId))[before]).toEqual([left, 0])
      await sumsAreEqual(userId)
    },
  )

  test('a released key, reserved again after the turn, counts in the window of now', async () => {
    const userId = await subscriber(ctx)
    const call = { ...use(userId, 9), ttlSeconds: 60 }
    const { reservationId } = await reserveUsage(ctx, call)
    await releaseReservation(ctx, { reservationId: reservationId ?? '' })
    core.clock.advance(1)
    const again = await reserveUsage(ctx, call)
    expect(again).toMatchObject({ allowed: true, reservationId, balance: { periodStart: at } })
    expect(await windowsOf(userId)).toEqual({ [before]: [0, 0], [after]: [0, 9] })
    expect(await reserveUsage(ctx, call)).toEqual({ ...again, replayed: true })
    await sumsAreEqual(userId)
  })

  test('a repeat after the turn has the first result, to the last field', async () => {
    const userId = await subscriber(ctx)
    const call = use(userId, 3)
    const first = await consumeUsage(ctx, call)
    core.clock.advance(1)
    expect(await consumeUsage(ctx, call)).toEqual({ ...first, replayed: true })
    expect(await windowsOf(userId)).toEqual({ [before]: [3, 0], [after]: [0, 0] })
  })

  test('callers on both sides of the turn, in two processes, never get more than each limit', async () => {
    const userId = await subscriber(ctx)
    const clocks = [new ManualClock(new Date(start - 1)), new ManualClock(new Date(start))]
    const processes = clocks.map((clock) => ({
      ...resetting(
        createContext({
          catalog: ctx.catalog,
          databaseUrl: core.url,
          stripe: { secretKey: 'sk_test_unused', webhookSecrets: [] },
          settings: ctx.settings,
          log: ctx.log,
          clock,
        }),
        resets,
      ),
    }))
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        consumeUsage(processes[i % 2] ?? ctx, use(userId, 1)).then(({ allowed }) => [
          i % 2,
          allowed,
        ]),
      ),
    )
    for (const side of [0, 1]) {
      expect(answers.filter(([of, allowed]) => of === side && allowed)).toHaveLength(10)
    }
    expect(await windowsOf(userId)).toEqual({ [before]: [10, 0], [after]: [10, 0] })
    await sumsAreEqual(userId)
    await Promise.all(processes.map(closeContext))
  })
})

describe('a meter that never resets', () => {
  let ctx: Context
  beforeAll(() => {
    ctx = resetting(core.ctx, 'never')
  })
  beforeEach(() => core.clock.set('2026-12-01T12:00:00.000Z'))

  test('counts for good, late usage too, and says so', async () => {
    const userId = await subscriber(ctx)
    const late = { ...use(userId, 4), occurredAt: new Date('2026-10-28T00:00:00.000Z') }
    await recordUsage(ctx, late)
    core.clock.advance(500 * DAY_MS)
    expect(await consumeUsage(ctx, use(userId, 5))).toMatchObject({
      allowed: true,
      balance: { used: 9, periodStart: KNOWN, resetsAt: null },
    })
    expect(await consumeUsage(ctx, use(userId, 2))).toMatchObject({
      allowed: false,
      message: 'This needs 2 tokens; 1 of 10 are left, and this limit never resets.',
    })
    expect(await windowsOf(userId)).toEqual({ 'since 2026-09-25T10:00:00.000Z': [9, 0] })
    const days = await getUsageHistory(ctx, { userId, from: '2028-04-01', to: '2028-04-30' })
    expect(days).toEqual([{ date: '2028-04-14', meter: 'tokens', amount: 5, events: 1 }])
    await sumsAreEqual(userId)
  })

  test('archived, its sums stay', async () => {
    const userId = await subscriber(ctx, 1_000)
    for (let day = 0; day < 3; day += 1) {
      await recordUsage(ctx, use(userId, 2))
      core.clock.advance(200 * DAY_MS)
    }
    expect((await archiveUsage(ctx)).rows).toBeGreaterThan(0)
    expect((await verifyUsage(ctx)).differences).toEqual([])
    await recordUsage(ctx, use(userId, 1))
    expect((await verifyUsage(ctx)).differences).toEqual([])
    expect(await consumeUsage(ctx, use(userId, 1))).toMatchObject({ balance: { used: 8 } })
  })
})

test.each([
  ['month', '2026-11-15T12:00:00.000Z', 'until 2026-12-01 (UTC)'],
  ['day', '2026-11-15T12:00:00.000Z', 'until 2026-11-16 (UTC)'],
  ['hour', '2026-11-15T12:34:56.000Z', 'until 2026-11-15 13:00 (UTC)'],
  ['billing', '2026-11-15T12:00:00.000Z', 'until 2026-11-30 10:00 (UTC)'],
] as const)('a refusal by %s at %s says how much is left %s', async (resets, at, until) => {
  const ctx = resetting(core.ctx, resets)
  core.clock.set(at)
  const userId = await subscriber(ctx)
  const { message } = await consumeUsage(ctx, use(userId, 11))
  expect(message).toBe(`This needs 11 tokens; 10 of 10 are left ${until}.`)
})

test('a billing window that is cut later: the answers given before stay as they were', async () => {
  const ctx = resetting(core.ctx, 'billing')
  core.clock.set('2026-11-20T00:00:00.000Z')
  const userId = await subscriber(ctx)
  const span = (end: string | null) =>
    core.ctx.db.pool.query(
      `INSERT INTO billing_spans (user_id, subscription_id, starts_at, ends_at, anchor)
       VALUES ($1, 'sub_1', '2026-11-05T00:00:00Z', $2, '2026-11-05T00:00:00Z')
       ON CONFLICT (user_id, subscription_id, starts_at) DO UPDATE SET ends_at = EXCLUDED.ends_at`,
      [userId, end],
    )
  await span(null)
  const [call, reserved] = [use(userId, 1), use(userId, 2)]
  const first = await consumeUsage(ctx, call)
  expect(first.balance).toMatchObject({ resetsAt: '2026-12-05T00:00:00.000Z' })
  const { reservationId } = await reserveUsage(ctx, reserved)
  await span('2026-11-21T00:00:00Z')
  core.clock.set('2026-11-22T00:00:00.000Z')
  expect(await consumeUsage(ctx, call)).toEqual({ ...first, replayed: true })
  const settled = await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 2 })
  expect(settled.balance).toMatchObject({
    used: 3,
    periodStart: '2026-11-05T00:00:00.000Z',
    resetsAt: '2026-11-21T00:00:00.000Z',
  })
  expect(await consumeUsage(ctx, use(userId, 1))).toMatchObject({
    balance: { used: 1, periodStart: KNOWN, resetsAt: '2026-11-30T10:00:00.000Z' },
  })
  await sumsAreEqual(userId)
})

test('usage of a named month is that of the meters that reset by the month', async () => {
  core.clock.set('2026-11-20T00:00:00.000Z')
  const userId = await subscriber(core.ctx)
  const { meters } = core.ctx.catalog
  const tokens = resetting(core.ctx, 'hour').catalog.meters['tokens']
  if (!tokens) throw new Error('there are tokens')
  const ctx = { ...core.ctx, catalog: { ...core.ctx.catalog, meters: { ...meters, tokens } } }
  await recordUsage(ctx, use(userId, 2))
  await recordUsage(ctx, { ...use(userId, 3), meter: 'apiCalls' })
  const named = await getUsage(ctx, { userId, period: '2026-11' })
  expect(named.meters.map(({ meter, used }) => [meter, used])).toEqual([
    ['apiCalls', 3],
    ['scrapingTasks', 0],
  ])
  const now = await getUsage(ctx, { userId })
  expect(now).toMatchObject({ periodStart: named.periodStart, periodEnd: named.periodEnd })
  expect(now.meters[0]).toMatchObject({
    meter: 'tokens',
    used: 2,
    periodStart: '2026-11-20T00:00:00.000Z',
    resetsAt: '2026-11-20T01:00:00.000Z',
  })
})

test('unknown users are not found, whatever the meter', async () => {
  for (const resets of ['billing', 'never', 'hour'] as const) {
    const ctx = resetting(core.ctx, resets)
    await expect(consumeUsage(ctx, use('user_unknown'))).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    })
    await expect(
      checkUsage(ctx, { userId: 'user_unknown', meter: 'tokens' }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  }
})

const act = fc.record({
  do: fc.constantFrom('consume', 'record', 'reserve', 'settle', 'release', 'void'),
  nth: fc.nat({ max: 20 }),
  amount: fc.integer({ min: 1, max: 4 }),
  backMs: fc.integer({ min: 0, max: 35 * DAY_MS }),
  waitMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 2 * 3_600_000 }),
    fc.integer({ min: 0, max: 40 * DAY_MS }),
  ),
})

test.each(['month', 'billing', 'day', 'hour', 'never'] as const)(
  'whatever happens, ledger, counters and days of a meter by %s are equal, and no limit is passed',
  async (resets) => {
    const ctx = resetting(core.ctx, resets)
    const other = resetting(core.another(), resets)
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        core.clock.set('2027-12-30T23:00:00.000Z')
        const userId = await addSubscriber(core.ctx, { limits: { tokens: 8 } })
        await knownSince(ctx, userId, '2027-08-31T23:59:59.000Z')
        const open: string[] = []
        const recorded: string[] = []
        for (const [i, { do: what, nth, amount, backMs, waitMs }] of acts.entries()) {
          const process = i % 2 ? ctx : other
          core.clock.advance(waitMs)
          const call = use(userId, amount)
          if (what === 'consume') {
            const { balance, allowed } = await consumeUsage(process, call)
            if (allowed) expect(balance.used + balance.reserved).toBeLessThanOrEqual(8)
          } else if (what === 'record') {
            const occurredAt = new Date(core.clock.now().getTime() - backMs)
            recorded.push((await recordUsage(process, { ...call, occurredAt })).usageId)
          } else if (what === 'reserve') {
            const { reservationId } = await reserveUsage(process, { ...call, ttlSeconds: 3_600 })
            if (reservationId !== null) open.push(reservationId)
          } else if (what === 'void') {
            const [usageId] = recorded.splice(nth % Math.max(1, recorded.length), 1)
            if (usageId) await voidUsage(process, { usageId, reason: 'r', actor })
          } else {
            const [reservationId] = open.splice(nth % Math.max(1, open.length), 1)
            if (!reservationId) continue
            if (what === 'settle') await settleReservation(process, { reservationId, amount })
            else await releaseReservation(process, { reservationId })
          }
        }
        const sums = await totalsOf(ctx, userId, 'tokens')
        expect([sums.counter, sums.days]).toEqual([sums.ledger, sums.ledger])
        const history = await getUsageHistory(ctx, { userId, from: '2027-11-01', to: '2028-12-04' })
        const shown = history.reduce((sum, day) => sum + day.amount, 0)
        if (core.clock.now() < new Date('2028-12-04')) expect(shown).toBe(sums.ledger)
      }),
      { numRuns: 12 },
    )
    expect((await verifyUsage(core.ctx)).differences).toEqual([])
  },
  120_000,
)
