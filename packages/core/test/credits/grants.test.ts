import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  checkUsage,
  consumeUsage,
  grantCredits,
  listAudit,
  listGrants,
  reserveUsage,
  revokeGrant,
  settleReservation,
  verifyUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, NOON, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())
beforeEach(() => core.clock.set(NOON))

const actor = { kind: 'admin', id: 'user_admin' } as const
const give = (userId: string, change: object = {}) =>
  grantCredits(core.ctx, {
    userId,
    meter: 'tokens',
    amount: 100,
    reason: 'a favour',
    idempotencyKey: 'k',
    actor,
    ...change,
  })

describe('grantCredits', () => {
  test('gives credits that are usable at once, without a subscription too, and says who and why', async () => {
    const { ctx } = core
    const userId = await addUser(ctx)
    const expiresAt = new Date('2027-01-01T00:00:00Z')
    const grant = await give(userId, { expiresAt })
    expect(grant).toEqual({
      id: grant.id,
      meter: 'tokens',
      amount: 100,
      remaining: 100,
      source: 'admin',
      effectiveAt: NOON,
      expiresAt: '2027-01-01T00:00:00.000Z',
      reason: 'a favour',
    })
    const use = { userId, meter: 'tokens', amount: 60, idempotencyKey: 'u' } as const
    expect(await consumeUsage(ctx, use)).toMatchObject({ allowed: true, balance: { credits: 40 } })
    expect(await listGrants(ctx, { userId })).toEqual([{ ...grant, remaining: 40 }])
    const events = await ctx.db.pool.query(
      "SELECT data FROM outgoing_events WHERE user_id = $1 AND type = 'credits.granted'",
      [userId],
    )
    expect(events.rows).toEqual([{ data: { grant } }])
    const entries = (await listAudit(ctx)).items.filter((entry) => entry.userId === userId)
    expect(entries).toMatchObject([
      { actor, action: 'credits.grant', reason: 'a favour', details: { grantId: grant.id } },
    ])
  })

  test('gives once for a key, whatever is repeated and from how many processes', async () => {
    const { ctx } = core
    const userId = await addUser(ctx)
    const grants = await Promise.all(Array.from({ length: 8 }, () => give(userId)))
    expect(new Set(grants.map(({ id }) => id)).size).toBe(1)
    const use = { userId, meter: 'tokens', amount: 60, idempotencyKey: 'u' } as const
    await consumeUsage(ctx, use)
    core.clock.advance(86_400_000)
    expect(await give(userId)).toEqual(grants[0])
    expect((await checkUsage(ctx, { userId, meter: 'tokens' })).balance.credits).toBe(40)
    for (const change of [{ amount: 99 }, { meter: 'apiCalls' }, { reason: 'other' }]) {
      await expect(give(userId, change)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    }
    const expiresAt = new Date('2028-01-01T00:00:00Z')
    await expect(give(userId, { expiresAt })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
  })

  test.each([
    ['VALIDATION', { amount: 0 }],
    ['VALIDATION', { amount: 1.5 }],
    ['VALIDATION', { reason: '' }],
    ['VALIDATION', { idempotencyKey: '' }],
    ['VALIDATION', { expiresAt: new Date(NOON) }],
    ['UNKNOWN_METER', { meter: 'nothing' }],
    ['USER_NOT_FOUND', { userId: 'nobody' }],
  ])('refuses with %s: %j', async (code, change) => {
    const userId = await addUser(core.ctx)
    await expect(give(userId, change)).rejects.toMatchObject({ code })
    expect(await listGrants(core.ctx, { userId })).toEqual([])
  })

  test('gives at most 100 live grants of a meter, at once from many sides too', async () => {
    const { ctx } = core
    const userId = await addUser(ctx)
    const results = await Promise.allSettled(
      Array.from({ length: 104 }, (_, i) => give(userId, { idempotencyKey: `k${i}`, amount: 1 })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
    // Another meter has its own, and what is used up makes room.
    await give(userId, { meter: 'apiCalls', idempotencyKey: 'other' })
    await consumeUsage(ctx, { userId, meter: 'tokens', amount: 100, idempotencyKey: 'all' })
    await give(userId, { idempotencyKey: 'again' })
  })
})

describe('revokeGrant', () => {
  test('takes away what remains, once; what was used stays used, and what is held may be settled', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 0 } })
    const { id: grantId } = await give(userId)
    const use = { userId, meter: 'tokens', idempotencyKey: 'u' } as const
    await consumeUsage(ctx, { ...use, amount: 30 })
    const held = await reserveUsage(ctx, { ...use, amount: 50, idempotencyKey: 'r' })
    const revoked = await revokeGrant(ctx, { grantId, reason: 'a mistake', actor })
    expect(revoked).toMatchObject({ id: grantId, amount: 100, remaining: 0 })
    expect(await revokeGrant(ctx, { grantId, reason: 'again', actor })).toEqual(revoked)
    expect(await listGrants(ctx, { userId })).toEqual([])
    expect((await consumeUsage(ctx, { ...use, amount: 1, idempotencyKey: 'v' })).allowed).toBe(
      false,
    )
    const { reservationId } = held
    const settled = await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 40 })
    expect(settled.balance).toMatchObject({ used: 70, credits: 0, remaining: 0 })
    expect((await verifyUsage(ctx)).sources).toEqual([])
    const entries = (await listAudit(ctx)).items.filter((entry) => entry.userId === userId)
    expect(entries.map(({ action }) => action)).toEqual(['credits.revoke', 'credits.grant'])
    expect(entries[0]).toMatchObject({ reason: 'a mistake', details: { taken: 20 } })
  })

  test('knows no grant by an id that is none', async () => {
    for (const grantId of ['x', crypto.randomUUID()]) {
      await expect(revokeGrant(core.ctx, { grantId, reason: 'r', actor })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    }
  })
})

describe('listGrants', () => {
  test('has what the balance sums, in the order of use, with what expired reservations give back', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 0 } })
    const last = await give(userId, { idempotencyKey: 'a' })
    const expiresAt = new Date('2026-12-01T00:00:00Z')
    const first = await give(userId, { idempotencyKey: 'b', expiresAt })
    const use = { userId, meter: 'tokens', amount: 150, idempotencyKey: 'r' } as const
    await reserveUsage(ctx, { ...use, ttlSeconds: 60 })
    const remaining = async () =>
      (await listGrants(ctx, { userId })).map((each) => [each.id, each.remaining])
    expect(await remaining()).toEqual([
      [first.id, 0],
      [last.id, 50],
    ])
    clock.advance(60_000)
    expect(await remaining()).toEqual([
      [first.id, 100],
      [last.id, 100],
    ])
    await expect(listGrants(ctx, { userId: 'nobody' })).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    })
  })
})
