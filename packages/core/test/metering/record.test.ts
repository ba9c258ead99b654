import {
  checkApiCallQuota,
  checkScrapingTaskQuota,
  checkTokenQuota,
  recordApiCallUsage,
  recordScrapingTaskUsage,
  recordTokenUsage,
} from '@tollgate/testing/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  checkUsage,
  getUsage,
  getUsageHistory,
  listUsageEvents,
  recordUsage,
  recordUsageBatch,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, NOON, startCore, totalsOf } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const use = (userId: string, amount: number, idempotencyKey: string = crypto.randomUUID()) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey }) as const

describe('record', () => {
  test('records what happened above the limit too, and marks it', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 100 } })
    await recordUsage(ctx, use(userId, 90))
    const { balance } = await recordUsage(ctx, use(userId, 20))
    expect(balance).toMatchObject({ used: 110, limit: 100, remaining: 0 })
    const { items } = await listUsageEvents(ctx, { userId })
    expect(items.map(({ amount, overLimit }) => [amount, overLimit])).toEqual([
      [20, true],
      [90, false],
    ])
  })

  test('late usage counts in its own month and on its own day', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    await recordUsage(ctx, use(userId, 5))
    const late = { ...use(userId, 7), occurredAt: new Date('2026-10-31T23:59:59.999Z') }
    const { balance } = await recordUsage(ctx, late)
    expect(balance).toMatchObject({ used: 7, periodStart: '2026-10-01T00:00:00.000Z' })
    const october = await getUsage(ctx, { userId, period: '2026-10' })
    expect(october.meters[0]).toMatchObject({ meter: 'tokens', used: 7 })
    const history = await getUsageHistory(ctx, { userId, from: '2026-10-01', to: '2026-11-30' })
    expect(history).toEqual([
      { date: '2026-11-15', meter: 'tokens', amount: 5, events: 1 },
      { date: '2026-10-31', meter: 'tokens', amount: 7, events: 1 },
    ])
  })

  test('occurredAt reaches from 35 days ago to 5 minutes ahead, and no further', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const now = Date.parse(NOON)
    const at = (ms: number) => ({ ...use(userId, 1), occurredAt: new Date(now + ms) })
    const day = 86_400_000
    await recordUsage(ctx, at(-35 * day))
    await recordUsage(ctx, at(300_000))
    for (const ms of [-35 * day - 1, 300_001, Number.NaN]) {
      await expect(recordUsage(ctx, at(ms))).rejects.toMatchObject({
        code: 'VALIDATION',
        issues: [{ path: 'occurredAt' }],
      })
    }
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ events: 2, dayEvents: 2 })
  })

  test('a repeat is answered with the first answer, though its date is too old for a new call by then', async () => {
    const aging = await startCore()
    const userId = await addSubscriber(aging.ctx)
    const late = { ...use(userId, 7), occurredAt: new Date('2026-10-20T00:00:00.000Z') }
    const first = await recordUsage(aging.ctx, late)
    aging.clock.set('2026-12-31T12:00:00.000Z')
    expect(await recordUsage(aging.ctx, late)).toEqual({ ...first, replayed: true })
    await expect(
      recordUsage(aging.ctx, { ...late, idempotencyKey: 'another' }),
    ).rejects.toMatchObject({ code: 'VALIDATION' })
    await aging.close()
  })

  test('a repeat compares occurredAt as it was sent', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx)
    const call = use(userId, 1, 'k')
    await recordUsage(ctx, call)
    clock.advance(60_000)
    expect((await recordUsage(ctx, call)).replayed).toBe(true)
    const dated = { ...call, occurredAt: new Date(NOON) }
    await expect(recordUsage(ctx, dated)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    clock.set(NOON)
  })

  test('a repeat after the turn of the month is still the first use', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx)
    const first = await recordUsage(ctx, use(userId, 3, 'turn'))
    clock.set('2026-12-01T00:00:00.000Z')
    expect(await recordUsage(ctx, use(userId, 3, 'turn'))).toEqual({ ...first, replayed: true })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ ledger: 3, counter: 3 })
    clock.set(NOON)
  })

  const bad: [field: string, change: object][] = [
    ['amount', { amount: 0 }],
    ['amount', { amount: -1 }],
    ['amount', { amount: 1.5 }],
    ['amount', { amount: 2 ** 53 }],
    ['amount', { amount: Number.NaN }],
    ['idempotencyKey', { idempotencyKey: '' }],
    ['idempotencyKey', { idempotencyKey: 'x'.repeat(256) }],
    ['idempotencyKey', { idempotencyKey: 'a\0b' }],
    ['userId', { userId: '\ud800' }],
    ['metadata', { metadata: { long: 'x'.repeat(4_096) } }],
    ['metadata', { metadata: { nul: 'a\0b' } }],
    ['metadata', { metadata: { half: '\udc00' } }],
  ]
  test.each(bad)('a bad %s (%j) is refused by name, and changes nothing', async (field, change) => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    await expect(recordUsage(ctx, { ...use(userId, 1), ...change })).rejects.toMatchObject({
      code: 'VALIDATION',
      issues: [{ path: field }],
    })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ ledger: 0, counter: 0 })
  })

  test('metadata that only looks like a NUL is kept as it is', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const metadata = { text: '\\u0000 \\ud800', quote: '"{},\\', emoji: '🧮', deep: [[null]] }
    await recordUsage(ctx, { ...use(userId, 1), metadata })
    const { items } = await listUsageEvents(ctx, { userId })
    expect(items[0]?.metadata).toEqual(metadata)
  })

  test("a month's total never leaves the safe range", async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { plan: 'enterprise' })
    await recordUsage(ctx, use(userId, Number.MAX_SAFE_INTEGER))
    await expect(recordUsage(ctx, use(userId, 1))).rejects.toMatchObject({ code: 'VALIDATION' })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ events: 1 })
  })
})

describe('recordBatch', () => {
  test('answers each item in its place; a bad one never fails the others', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    await recordUsage(ctx, use(userId, 1, 'seen'))
    const { results } = await recordUsageBatch(ctx, {
      events: [
        use(userId, 10, 'a'),
        { ...use(userId, 1), meter: 'steps' as 'tokens' },
        use('user_unknown', 1),
        use(userId, 10, 'a'),
        use(userId, 11, 'a'),
        use(userId, 1, 'seen'),
        use(userId, -1),
        { ...use(userId, 2), occurredAt: new Date('2026-11-01T00:00:00Z') },
        { ...use(userId, 3), occurredAt: new Date('2026-10-31T00:00:00Z') },
      ],
    })
    expect(results.map((item) => (item.ok ? item.replayed : item.errorCode))).toEqual([
      false,
      'UNKNOWN_METER',
      'USER_NOT_FOUND',
      true,
      'IDEMPOTENCY_KEY_REUSED',
      true,
      'VALIDATION',
      false,
      false,
    ])
    expect(await totalsOf(ctx, userId, 'tokens')).toEqual({
      ledger: 16,
      counter: 16,
      days: 16,
      events: 4,
      dayEvents: 4,
    })
  })

  test('takes 1 to 1000 items', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const events = Array.from({ length: 1_000 }, () => use(userId, 2))
    const { results } = await recordUsageBatch(ctx, { events })
    expect(results.every((item) => item.ok)).toBe(true)
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 2_000, days: 2_000 })
    for (const count of [0, 1_001]) {
      const many = Array.from({ length: count }, () => use(userId, 2))
      await expect(recordUsageBatch(ctx, { events: many })).rejects.toMatchObject({
        code: 'VALIDATION',
      })
    }
  })
})

describe('check', () => {
  test('answers what consume would, and changes nothing', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    const ten = await checkUsage(ctx, { userId, meter: 'tokens', amount: 10 })
    expect(ten).toMatchObject({ allowed: true, reason: null, message: null })
    const eleven = await checkUsage(ctx, { userId, meter: 'tokens', amount: 11 })
    expect(eleven).toMatchObject({ allowed: false, reason: 'quota_exceeded' })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 0, events: 0 })
    const unknown = checkUsage(ctx, { userId: 'user_unknown', meter: 'tokens' })
    await expect(unknown).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  })
})

describe("the guide's helpers", () => {
  test('record and check by the name of the meter', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const [a, b, c] = ['a', 'b', 'c'].map((idempotencyKey) => ({ userId, idempotencyKey }))
    if (!a || !b || !c) throw new Error('three keys')
    await recordTokenUsage(ctx, { ...a, tokens: 500, metadata: { model: 'gpt-4' } })
    await recordApiCallUsage(ctx, b)
    await recordScrapingTaskUsage(ctx, { ...c, amount: 2 })
    const { meters } = await getUsage(ctx, { userId })
    expect(meters.map(({ meter, used }) => [meter, used])).toEqual([
      ['tokens', 500],
      ['apiCalls', 1],
      ['scrapingTasks', 2],
    ])
    const fits = await checkTokenQuota(ctx, { userId, requestedTokens: 99_500 })
    expect(fits).toEqual({ allowed: true, error: null })
    const over = await checkTokenQuota(ctx, { userId, requestedTokens: 99_501 })
    expect(over.allowed).toBe(false)
    expect(over.error).toContain('99,501 tokens')
    expect((await checkApiCallQuota(ctx, { userId })).allowed).toBe(true)
    expect((await checkScrapingTaskQuota(ctx, { userId: await addUser(ctx) })).error).toContain(
      'Choose a plan',
    )
  })
})

describe('events', () => {
  test('are newest first, page by page, stable while events are added', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    for (let amount = 1; amount <= 7; amount += 1) await recordUsage(ctx, use(userId, amount))
    const first = await listUsageEvents(ctx, { userId, limit: 3 })
    await recordUsage(ctx, use(userId, 99))
    const cursor = first.nextCursor ?? undefined
    const second = await listUsageEvents(ctx, { userId, limit: 3, cursor })
    const third = await listUsageEvents(ctx, {
      userId,
      limit: 3,
      cursor: second.nextCursor ?? undefined,
    })
    const amounts = [first, second, third].map(({ items }) => items.map(({ amount }) => amount))
    expect(amounts).toEqual([[7, 6, 5], [4, 3, 2], [1]])
    expect(third.nextCursor).toBeNull()
  })

  test('filter by meter and by when it happened, to exclusive', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const days = ['2026-11-01', '2026-11-02', '2026-11-03']
    for (const day of days) {
      await recordUsage(ctx, { ...use(userId, 1, day), occurredAt: new Date(`${day}T00:00:00Z`) })
    }
    await recordApiCallUsage(ctx, { userId, idempotencyKey: 'call' })
    const { items } = await listUsageEvents(ctx, {
      userId,
      meter: 'tokens',
      from: new Date('2026-11-02T00:00:00Z'),
      to: new Date('2026-11-03T00:00:00Z'),
    })
    expect(items.map((item) => item.idempotencyKey)).toEqual(['2026-11-02'])
    const forged = listUsageEvents(ctx, { userId, cursor: 'WyIxIl0' })
    await expect(forged).rejects.toMatchObject({ code: 'VALIDATION', issues: [{ path: 'cursor' }] })
  })
})
