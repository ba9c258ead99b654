import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  checkUsage,
  consumeUsage,
  getUsage,
  getUsageHistory,
  listUsageEvents,
  releaseReservation,
  reserveUsage,
  settleReservation,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore, totalsOf } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const use = (userId: string, amount: number, idempotencyKey: string = crypto.randomUUID()) =>
  ({ userId, meter: 'tokens', amount, idempotencyKey }) as const

async function reserve(userId: string, amount: number, ttlSeconds?: number) {
  const answer = await reserveUsage(core.ctx, { ...use(userId, amount), ttlSeconds })
  if (!answer.allowed) throw new Error(answer.message)
  return answer
}

async function balanceOf(userId: string) {
  return (await checkUsage(core.ctx, { userId, meter: 'tokens' })).balance
}

describe('reserve', () => {
  test('takes from what others may have, and says until when', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 100 } })
    const reserved = await reserve(userId, 60)
    expect(reserved).toMatchObject({
      expiresAt: '2026-11-15T12:10:00.000Z',
      replayed: false,
      balance: { used: 0, reserved: 60, remaining: 40 },
    })
    const over = await consumeUsage(ctx, use(userId, 41))
    expect(over).toMatchObject({ allowed: false, reason: 'quota_exceeded' })
    const refused = await reserveUsage(ctx, use(userId, 41))
    expect(refused).toMatchObject({ allowed: false, reservationId: null, expiresAt: null })
    expect((await consumeUsage(ctx, use(userId, 40))).allowed).toBe(true)
    expect((await listUsageEvents(ctx, { userId })).items).toHaveLength(1)
  })

  test('shares its keys with the other verbs, and compares ttlSeconds as it was sent', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const call = use(userId, 5, 'k')
    const first = await reserveUsage(ctx, call)
    expect(await reserveUsage(ctx, call)).toEqual({ ...first, replayed: true })
    const reused = { code: 'IDEMPOTENCY_KEY_REUSED' }
    await expect(reserveUsage(ctx, { ...call, ttlSeconds: 600 })).rejects.toMatchObject(reused)
    await expect(consumeUsage(ctx, call)).rejects.toMatchObject(reused)
    for (const ttlSeconds of [0, 1.5, 86_401]) {
      const bad = reserveUsage(ctx, { ...use(userId, 1), ttlSeconds })
      await expect(bad).rejects.toMatchObject({ issues: [{ path: 'ttlSeconds' }] })
    }
  })
})

describe('settle', () => {
  test('less gives the rest back; the usage carries the reservation', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 100 } })
    const { reservationId } = await reserve(userId, 60)
    const metadata = { model: 'small' }
    const settled = await settleReservation(ctx, { reservationId, amount: 45, metadata })
    expect(settled).toMatchObject({
      usageId: reservationId,
      replayed: false,
      balance: { used: 45, reserved: 0, remaining: 55 },
    })
    const { items } = await listUsageEvents(ctx, { userId })
    expect(items).toMatchObject([{ amount: 45, reservationId, metadata, overLimit: false }])
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 45, days: 45 })
  })

  test('more is recorded as it is, and marked', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 100 } })
    const { reservationId } = await reserve(userId, 90)
    const settled = await settleReservation(ctx, { reservationId, amount: 120 })
    expect(settled.balance).toMatchObject({ used: 120, remaining: 0 })
    const { items } = await listUsageEvents(ctx, { userId })
    expect(items).toMatchObject([{ amount: 120, overLimit: true }])
  })

  test('0 leaves no usage', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const { reservationId } = await reserve(userId, 5)
    const settled = await settleReservation(ctx, { reservationId, amount: 0 })
    expect(settled).toMatchObject({ usageId: null, balance: { used: 0, reserved: 0 } })
    expect((await listUsageEvents(ctx, { userId })).items).toEqual([])
    const again = await settleReservation(ctx, { reservationId, amount: 0 })
    expect(again).toEqual({ ...settled, replayed: true })
  })

  test('again with the same amount is replayed, with another amount closed', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const { reservationId } = await reserve(userId, 50)
    const first = await settleReservation(ctx, { reservationId, amount: 7 })
    await consumeUsage(ctx, use(userId, 1))
    expect(await settleReservation(ctx, { reservationId, amount: 7 })).toEqual({
      ...first,
      replayed: true,
    })
    const other = settleReservation(ctx, { reservationId, amount: 8 })
    await expect(other).rejects.toMatchObject({ code: 'RESERVATION_CLOSED' })
    const release = releaseReservation(ctx, { reservationId })
    await expect(release).rejects.toMatchObject({ code: 'RESERVATION_CLOSED' })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 8, ledger: 8 })
  })

  test('counts in the month of the reserve, and still records after expiry', async () => {
    const { ctx, clock } = core
    clock.set('2026-11-30T23:59:00.000Z')
    const userId = await addSubscriber(ctx, { limits: { tokens: 100 } })
    const { reservationId } = await reserve(userId, 60, 30)
    clock.set('2026-12-01T00:10:00.000Z')
    const settled = await settleReservation(ctx, { reservationId, amount: 60 })
    expect(settled.balance).toMatchObject({
      used: 60,
      reserved: 0,
      periodStart: '2026-11-01T00:00:00.000Z',
    })
    expect(await balanceOf(userId)).toMatchObject({ used: 0, reserved: 0 })
    const history = await getUsageHistory(ctx, { userId, from: '2026-11-01', to: '2026-12-31' })
    expect(history).toEqual([{ date: '2026-11-30', meter: 'tokens', amount: 60, events: 1 }])
    clock.set(NOON)
  })

  test('many at once, from two contexts, record once', async () => {
    const { ctx } = core
    const other = core.another()
    const userId = await addSubscriber(ctx)
    const { reservationId } = await reserve(userId, 50)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        settleReservation(i % 2 ? ctx : other, { reservationId, amount: 30 }),
      ),
    )
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ counter: 30, events: 1 })
  })

  test.each([-1, 0.5, 2 ** 53])('%d is no amount', async (amount) => {
    const { ctx } = core
    const { reservationId } = await reserve(await addSubscriber(ctx), 5)
    const settle = settleReservation(ctx, { reservationId, amount })
    await expect(settle).rejects.toMatchObject({ code: 'VALIDATION', issues: [{ path: 'amount' }] })
  })

  test('what is no reservation is not found', async () => {
    const { ctx } = core
    const consumed = await consumeUsage(ctx, use(await addSubscriber(ctx), 1))
    const missing = `${crypto.randomUUID()}.dXNlcg`
    for (const reservationId of [consumed.usageId ?? '', missing, 'nonsense']) {
      const settle = settleReservation(ctx, { reservationId, amount: 1 })
      await expect(settle).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })
})

describe('release', () => {
  test('gives everything back, and answers the same again', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    const { reservationId } = await reserve(userId, 10)
    const first = await releaseReservation(ctx, { reservationId })
    expect(first.balance).toMatchObject({ used: 0, reserved: 0, remaining: 10 })
    await consumeUsage(ctx, use(userId, 3))
    expect(await releaseReservation(ctx, { reservationId })).toEqual(first)
    const settle = settleReservation(ctx, { reservationId, amount: 1 })
    await expect(settle).rejects.toMatchObject({ code: 'RESERVATION_CLOSED' })
  })

  test('after expiry gives nothing back twice', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    const { reservationId } = await reserve(userId, 10, 1)
    clock.advance(1_000)
    expect((await consumeUsage(ctx, use(userId, 10))).allowed).toBe(true)
    const released = await releaseReservation(ctx, { reservationId })
    expect(released.balance).toMatchObject({ used: 10, reserved: 0 })
    clock.set(NOON)
  })
})

describe('expiry', () => {
  test('needs no timer: at its instant the amount is free, to readers and deciders alike', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
    await reserve(userId, 4, 60)
    await reserve(userId, 6, 120)
    clock.advance(59_999)
    expect(await balanceOf(userId)).toMatchObject({ reserved: 10, remaining: 0 })
    expect((await consumeUsage(ctx, use(userId, 1))).allowed).toBe(false)
    clock.advance(1)
    expect(await balanceOf(userId)).toMatchObject({ reserved: 6, remaining: 4 })
    const { meters } = await getUsage(ctx, { userId })
    expect(meters[0]).toMatchObject({ meter: 'tokens', reserved: 6 })
    expect((await consumeUsage(ctx, use(userId, 5))).allowed).toBe(false)
    expect((await consumeUsage(ctx, use(userId, 4))).allowed).toBe(true)
    clock.advance(60_000)
    expect(await consumeUsage(ctx, use(userId, 6))).toMatchObject({
      allowed: true,
      balance: { used: 10, reserved: 0 },
    })
    clock.set(NOON)
  })
})
