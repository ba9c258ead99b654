import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  archiveUsage,
  consumeUsage,
  recordUsage,
  releaseReservation,
  reserveUsage,
  setQuota,
  settleReservation,
  verifyUsage,
  voidUsage,
} from '../../../src/index.ts'
import type { Grant, Harness } from '../../harness.ts'
import { addSubscriber, addUser, NOON, startCore } from '../../harness.ts'
import {
  addGrant,
  allDifferences,
  balanceOf,
  grantState,
  sales,
  sellOverage,
  setCap,
} from './world.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())
beforeEach(() => core.clock.set(NOON))
// Whatever a test did, ledger, counters, grants and sales agree.
afterEach(async () => expect(await allDifferences(core.ctx)).toEqual([]))

const actor = { kind: 'admin', id: 'user_admin' } as const
const HOUR = '2026-11-15T12:00:00.000Z'
const use = (userId: string, amount: number, idempotencyKey: string = crypto.randomUUID()) => ({
  userId,
  meter: 'tokens' as const,
  amount,
  idempotencyKey,
})
const subscriber = (grant: Grant = {}) =>
  addSubscriber(core.ctx, { limits: { tokens: 10 }, ...grant })
const consume = (userId: string, amount: number, key?: string) =>
  consumeUsage(core.ctx, use(userId, amount, key))
const reserve = async (userId: string, amount: number, key?: string) =>
  (await reserveUsage(core.ctx, { ...use(userId, amount, key), ttlSeconds: 60 })).reservationId ??
  ''
const settle = (reservationId: string, amount: number) =>
  settleReservation(core.ctx, { reservationId, amount })

describe('credits', () => {
  test('are used after the allowance: soonest expiry first, then the oldest, then those that never expire', async () => {
    const { ctx } = core
    const userId = await subscriber()
    const never = await addGrant(ctx, userId, { amount: 5 })
    const older = { expiresAt: '2026-12-20T00:00:00Z', effectiveAt: '2026-11-01T00:00:00Z' }
    const second = await addGrant(ctx, userId, { amount: 5, ...older, effectiveAt: NOON })
    const first = await addGrant(ctx, userId, { amount: 5, ...older })
    const soonest = await addGrant(ctx, userId, { amount: 5, expiresAt: '2026-12-01T00:00:00Z' })
    const remaining = () =>
      Promise.all(
        [soonest, first, second, never].map(async (id) => (await grantState(ctx, id)).remaining),
      )
    await consume(userId, 10)
    expect(await remaining()).toEqual([5, 5, 5, 5])
    await consume(userId, 7)
    expect(await remaining()).toEqual([0, 3, 5, 5])
    await consume(userId, 10)
    expect(await remaining()).toEqual([0, 0, 0, 3])
    expect(await consume(userId, 4)).toMatchObject({
      allowed: false,
      reason: 'quota_exceeded',
      balance: { used: 27, credits: 3, remaining: 3 },
    })
    expect((await consume(userId, 3)).balance).toMatchObject({ used: 30, credits: 0, remaining: 0 })
  })

  test('allow what they cover without a subscription and with an inactive one; else the refusal says why', async () => {
    const { ctx } = core
    for (const userId of [await addUser(ctx), await subscriber({ status: 'unpaid' })]) {
      const before = await consume(userId, 1)
      expect(before.reason).toBe(before.balance.limit === 0 && before.reason)
      expect(['no_subscription', 'subscription_inactive']).toContain(before.reason)
      await addGrant(ctx, userId, { amount: 5 })
      expect(await consume(userId, 6)).toMatchObject({ allowed: false, reason: 'quota_exceeded' })
      expect(await consume(userId, 5)).toMatchObject({ allowed: true, balance: { remaining: 0 } })
      expect((await consume(userId, 1)).reason).toBe(before.reason)
    }
  })

  test.each([
    ['before it is effective', { effective_at: '2026-11-15T12:00:00.001Z' }],
    ['once it has expired', { expires_at: NOON }],
    ['while it is frozen', { frozen_at: NOON }],
    ['once it is revoked', { revoked_at: NOON }],
  ])('of a grant are not usable %s', async (_when, change) => {
    const { ctx } = core
    const userId = await subscriber()
    const id = await addGrant(ctx, userId, { amount: 5 })
    for (const [column, value] of Object.entries(change)) {
      await ctx.db.pool.query(`UPDATE grants SET ${column} = $2 WHERE id = $1`, [id, value])
    }
    expect(await balanceOf(ctx, userId)).toMatchObject({ credits: 0, remaining: 10 })
    expect((await consume(userId, 11)).allowed).toBe(false)
  })

  test('are used up to an instant before they expire, also by a use that is dated earlier', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    await addGrant(ctx, userId, { amount: 5, expiresAt: '2026-11-15T13:00:00Z' })
    await consume(userId, 10)
    clock.set('2026-11-15T12:59:59.999Z')
    const dated = { occurredAt: new Date('2026-11-14T00:00:00Z') }
    expect((await recordUsage(ctx, { ...use(userId, 2), ...dated })).balance.credits).toBe(3)
    clock.advance(1)
    expect((await recordUsage(ctx, { ...use(userId, 2), ...dated })).balance).toMatchObject({
      used: 14,
      credits: 0,
      remaining: 0,
    })
  })

  test('are given back last part first by a settle with less, and taken in order by one with more', async () => {
    const { ctx } = core
    const userId = await subscriber()
    const first = await addGrant(ctx, userId, { amount: 5, expiresAt: '2026-12-01T00:00:00Z' })
    const second = await addGrant(ctx, userId, { amount: 5 })
    const id = await reserve(userId, 18)
    expect(await grantState(ctx, first)).toMatchObject({ remaining: 0, held: 5 })
    expect(await grantState(ctx, second)).toMatchObject({ remaining: 2, held: 3 })
    expect((await settle(id, 12)).balance).toMatchObject({ used: 12, reserved: 0, credits: 8 })
    expect(await grantState(ctx, first)).toMatchObject({ remaining: 3, held: 0 })
    expect(await grantState(ctx, second)).toMatchObject({ remaining: 5, held: 0 })
    const more = await reserve(userId, 2)
    expect((await settle(more, 9)).balance).toMatchObject({ used: 21, credits: 0, remaining: 0 })
    const usage = await ctx.db.pool.query(
      'SELECT parts, over_limit FROM usage WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
      [userId],
    )
    expect(usage.rows[0]).toEqual({
      parts: {
        grants: [
          [first, 3],
          [second, 5],
        ],
        over: 1,
      },
      over_limit: true,
    })
  })

  test('that a reservation held come back when it is released or expires, also in another month', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    const grant = await addGrant(ctx, userId, { amount: 20 })
    await releaseReservation(ctx, { reservationId: await reserve(userId, 15) })
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 20, held: 0 })
    clock.set('2026-11-30T23:59:30Z')
    await reserve(userId, 25)
    expect(await balanceOf(ctx, userId)).toMatchObject({ credits: 5, reserved: 25 })
    clock.set('2026-12-01T00:00:40Z')
    // A read says what the next decision will see.
    expect(await balanceOf(ctx, userId)).toMatchObject({ credits: 20, remaining: 30 })
    expect((await consume(userId, 30)).balance).toMatchObject({ used: 30, credits: 0 })
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 0, held: 0 })
  })

  test('that are held stay usable after the grant expired, and what is given back to it then is gone', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    const grant = await addGrant(ctx, userId, { amount: 8, expiresAt: '2026-11-15T12:00:10Z' })
    const id = await reserve(userId, 18)
    clock.advance(20_000)
    expect((await settle(id, 15)).balance).toMatchObject({ used: 15, credits: 0, remaining: 0 })
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 3, held: 0 })
    expect((await consume(userId, 1)).allowed).toBe(false)
  })

  test('are filled anew by a settle after expiry, the allowance of the month of the reserve', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    const grant = await addGrant(ctx, userId, { amount: 4 })
    clock.set('2026-11-30T23:59:30Z')
    const id = await reserve(userId, 12)
    clock.set('2026-12-01T00:01:00Z')
    await consume(userId, 10)
    await consume(userId, 3)
    expect((await settle(id, 12)).balance).toMatchObject({ used: 12, credits: 0, remaining: 0 })
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 0, held: 0 })
    const { rows } = await ctx.db.pool.query(
      "SELECT parts FROM usage WHERE user_id = $1 AND verb = 'reserve'",
      [userId],
    )
    expect(rows).toEqual([{ parts: { grants: [[grant, 1]], over: 1 } }])
  })

  test('are held again by a reservation that is opened again', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    const grant = await addGrant(ctx, userId, { amount: 10 })
    await reserve(userId, 15, 'job')
    clock.set('2026-12-02T00:00:00Z')
    await consume(userId, 5)
    const id = await reserve(userId, 15, 'job')
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 0, held: 10 })
    expect((await settle(id, 6)).balance).toMatchObject({ used: 11, credits: 9 })
  })

  test('come back to their grant with a void, and to the allowance what was of it', async () => {
    const { ctx } = core
    const userId = await subscriber()
    const grant = await addGrant(ctx, userId, { amount: 5 })
    const { usageId } = await consume(userId, 13)
    const voided = await voidUsage(ctx, { usageId: usageId ?? '', reason: 'wrong', actor })
    expect(voided.balance).toMatchObject({ used: 0, credits: 5, remaining: 15 })
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 5, held: 0 })
  })

  test('in a repeated answer are those of then', async () => {
    const { ctx } = core
    const userId = await subscriber()
    await addGrant(ctx, userId, { amount: 50 })
    await sellOverage(ctx, userId, { cap: 30 })
    const first = await consume(userId, 65, 'k')
    expect(first.balance).toMatchObject({
      credits: 0,
      overage: { used: 5, cap: 30 },
      remaining: 25,
    })
    await consume(userId, 20)
    expect(await consume(userId, 65, 'k')).toEqual({ ...first, replayed: true })
    const reserved = await reserveUsage(ctx, use(userId, 5, 'r'))
    await settle(reserved.reservationId ?? '', 1)
    const again = await reserveUsage(ctx, use(userId, 5, 'r'))
    expect(again).toEqual({ ...reserved, replayed: true })
  })

  test('and parts of them are kept with an archived row', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    const grant = await addGrant(ctx, userId, { amount: 10 })
    await consume(userId, 15)
    clock.advance(401 * 86_400_000)
    await archiveUsage(ctx)
    expect(await allDifferences(ctx)).toEqual([])
    expect(await grantState(ctx, grant)).toMatchObject({ remaining: 5 })
  })

  test.each([
    ['UPDATE grants SET held = held + 1', 'grant'],
    ['UPDATE usage_counters SET credited = credited + 2', 'counter'],
    ['UPDATE overage_terms SET held = 5', 'held'],
    ['UPDATE overage_sales SET units = units + 1', 'hour'],
    ['UPDATE overage_sales SET total = 99', 'period'],
  ])('that were tampered with are found, and mended from the ledger: %s', async (damage, kind) => {
    const { ctx } = core
    const userId = await subscriber()
    await addGrant(ctx, userId, { amount: 10 })
    await sellOverage(ctx, userId)
    await consume(userId, 24)
    await reserve(userId, 3)
    await ctx.db.pool.query(`${damage} WHERE user_id = $1`, [userId])
    const repairedBy = { kind: 'command', id: 'usage verify --repair' } as const
    const found = await verifyUsage(ctx, { repairedBy })
    expect(found.sources.map((each) => each.kind)).toContain(kind)
  })
})

describe('overage', () => {
  test('is sold beyond allowance and credits, in the hour of the decision, up to what the cap pays for', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    await addGrant(ctx, userId, { amount: 5 })
    await sellOverage(ctx, userId, { cap: 100, unitPrice: '7' })
    expect(await balanceOf(ctx, userId)).toMatchObject({
      overage: { used: 0, cap: 14 },
      remaining: 29,
    })
    expect((await consume(userId, 18)).balance.overage).toEqual({ used: 3, cap: 14 })
    clock.advance(3_600_000)
    expect((await consume(userId, 12)).allowed).toBe(false)
    expect((await consume(userId, 11)).balance).toMatchObject({ used: 29, remaining: 0 })
    expect(await sales(ctx, userId)).toEqual([
      [HOUR, 3, 3],
      ['2026-11-15T13:00:00.000Z', 11, 14],
    ])
  })

  test.each([
    ['the price is below a minor unit', '0.002', 1, 500],
    ['the price has twelve decimals', '0.000000000003', 1, 333_333_333_333],
    ['the cap is 0', '0.5', 0, 0],
    ['there is no cap', '0.5', null, null],
    ['it costs nothing', '0', 100, null],
    ['it costs nothing, and the cap is 0', '0', 0, 0],
  ])('has whole units as its cap where %s', async (_when, unitPrice, cap, units) => {
    const { ctx } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId, { cap: 7, unitPrice })
    await setCap(ctx, userId, cap)
    expect(await balanceOf(ctx, userId)).toMatchObject({
      overage: { used: 0, cap: units },
      remaining: units === null ? null : 10 + units,
    })
  })

  test('that is held is sold when it is settled, with the period of then, though the cap was lowered', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId, { cap: 100 })
    clock.set('2026-12-10T09:59:50Z')
    const id = await reserve(userId, 15)
    expect((await balanceOf(ctx, userId)).remaining).toBe(95)
    expect(await sales(ctx, userId)).toEqual([])
    await setCap(ctx, userId, 2)
    clock.set('2026-12-10T10:00:10Z')
    // No sync has come since the period ended: the next one follows by a monthly step.
    expect((await settle(id, 14)).balance.overage).toEqual({ used: 4, cap: 2 })
    const { rows } = await ctx.db.pool.query(
      'SELECT period_start, hour, total::int FROM overage_sales WHERE user_id = $1',
      [userId],
    )
    const start = new Date('2026-12-10T10:00:00Z')
    expect(rows).toEqual([{ period_start: start, hour: start, total: 4 }])
    expect((await consume(userId, 1)).allowed).toBe(false)
  })

  test('that is held is over where nothing is sold any more', async () => {
    const { ctx } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId)
    const id = await reserve(userId, 15)
    await sellOverage(ctx, userId, { selling: false })
    expect((await settle(id, 15)).balance).toMatchObject({ used: 15, overage: null, remaining: 0 })
    expect(await sales(ctx, userId)).toEqual([])
  })

  test('that is held and not used is nobody’s sale: settled with less, released, expired', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId, { cap: 10 })
    await settle(await reserve(userId, 15), 5)
    await releaseReservation(ctx, { reservationId: await reserve(userId, 12) })
    await reserve(userId, 15)
    clock.advance(61_000)
    expect(await balanceOf(ctx, userId)).toMatchObject({
      remaining: 15,
      overage: { used: 0, cap: 10 },
    })
    expect((await consume(userId, 15)).balance).toMatchObject({ remaining: 0 })
    expect(await sales(ctx, userId)).toEqual([[HOUR, 10, 10]])
  })

  test('is taken back from the hour of its sale with a void, and may be sold again', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId, { cap: 10 })
    const { usageId } = await consume(userId, 16)
    clock.advance(3_600_000)
    await consume(userId, 2)
    await voidUsage(ctx, { usageId: usageId ?? '', reason: 'wrong', actor })
    expect(await sales(ctx, userId)).toEqual([
      [HOUR, 0, 0],
      ['2026-11-15T13:00:00.000Z', 2, 2],
    ])
    expect(await balanceOf(ctx, userId)).toMatchObject({
      overage: { used: 2, cap: 10 },
      remaining: 18,
    })
  })

  test('is never sold for a use from before its item, beyond an override, or where the plan gives nothing', async () => {
    const { ctx } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId, { itemSince: '2026-11-14T00:00:00Z' })
    await consume(userId, 10)
    const occurredAt = new Date('2026-11-13T23:00:00Z')
    await recordUsage(ctx, { ...use(userId, 5), occurredAt })
    expect(await sales(ctx, userId)).toEqual([])
    await setQuota(ctx, { userId, meter: 'tokens', limit: 12, reason: 'less', actor })
    expect(await balanceOf(ctx, userId)).toMatchObject({ overage: null, remaining: 0 })
    expect((await consume(userId, 1)).allowed).toBe(false)
    const unpaid = await subscriber({ status: 'unpaid' })
    await sellOverage(ctx, unpaid)
    expect(await consume(unpaid, 1)).toMatchObject({ reason: 'subscription_inactive' })
  })

  test('counts each billing period from zero, in steps from the anchor where no sync came', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    const periodStart = '2026-10-31T10:00:00Z'
    await sellOverage(ctx, userId, { cap: 5, periodStart, periodEnd: '2026-11-30T10:00:00Z' })
    await consume(userId, 15)
    clock.set('2026-11-30T10:00:00Z')
    expect((await balanceOf(ctx, userId)).overage).toEqual({ used: 0, cap: 5 })
    expect((await consume(userId, 5)).balance.overage).toEqual({ used: 5, cap: 5 })
    clock.set('2026-12-31T10:00:00Z')
    expect((await balanceOf(ctx, userId)).overage).toEqual({ used: 0, cap: 5 })
  })

  test('goes on in the hour of the last sale where a clock was set back', async () => {
    const { ctx, clock } = core
    const userId = await subscriber()
    await sellOverage(ctx, userId, { cap: 10 })
    await consume(userId, 12)
    clock.advance(-3 * 3_600_000)
    expect((await consume(userId, 3)).balance.overage).toEqual({ used: 5, cap: 10 })
    expect(await sales(ctx, userId)).toEqual([[HOUR, 5, 5]])
  })
})
