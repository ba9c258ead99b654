import type { Meter } from '@tollgate/testing/catalog'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Balance } from '../../src/index.ts'
import {
  checkUsage,
  consumeUsage,
  getQuota,
  getUsage,
  getUser,
  listUsers,
  releaseReservation,
  reserveUsage,
  setQuota,
  settleReservation,
} from '../../src/index.ts'
import type { Grant, Harness } from '../harness.ts'
import { addSubscriber, addUser, NOON, startCore } from '../harness.ts'

// The operator's list and page of a user, the user's own pages, a check and a decision say the same, whatever has expired.

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const LIMIT = 100
const METERS = ['tokens', 'apiCalls'] as const
const PROPERTY_TIMEOUT_MS = 120_000

const reserve = (
  userId: string,
  meter: Meter,
  { amount, ttlSeconds }: Hold,
  idempotencyKey: string = crypto.randomUUID(),
) => reserveUsage(core.ctx, { userId, meter, amount, ttlSeconds, idempotencyKey })

interface Hold {
  amount: number
  ttlSeconds: number
}

/** The balance that the list of all users says, of each of these. */
async function listed(userIds: readonly string[], meter: Meter): Promise<(Balance | undefined)[]> {
  const { items } = await listUsers(core.ctx, { limit: 100 })
  return userIds.map((userId) => {
    const user = items.find((item) => item.userId === userId)
    return user?.usage.find((balance) => balance.meter === meter)
  })
}

async function own(userId: string, meter: Meter): Promise<Balance | undefined> {
  const { meters } = await getUsage(core.ctx, { userId })
  return meters.find((balance) => balance.meter === meter)
}

/** What a decision sees: one that is refused, so that it changes nothing but what has expired. */
async function decided(userId: string, meter: Meter): Promise<Balance> {
  const amount = Number.MAX_SAFE_INTEGER - 10 * LIMIT
  const use = { userId, meter, amount, idempotencyKey: crypto.randomUUID() }
  const { allowed, balance } = await consumeUsage(core.ctx, use)
  expect(allowed).toBe(false)
  return balance
}

async function expectAgreement(userIds: readonly string[], meter: Meter): Promise<void> {
  const inList = await listed(userIds, meter)
  for (const [index, userId] of userIds.entries()) {
    const single = await own(userId, meter)
    const { balance } = await checkUsage(core.ctx, { userId, meter })
    expect(inList[index]).toEqual(single)
    expect(balance).toEqual(single)
    const details = await getUser(core.ctx, { userId })
    expect(details.usage.find((each) => each.meter === meter)).toEqual(single)
    const quota = (await getQuota(core.ctx, { userId })).find((each) => each.meter === meter)
    expect(details.quota.find((each) => each.meter === meter)).toEqual(quota)
    expect(quota).toMatchObject({ limit: single?.limit, unlimited: single?.unlimited })
    // Last, since it takes out of the rows what has expired.
    if (single?.unlimited !== true) expect(await decided(userId, meter)).toEqual(single)
  }
}

test('an hour after a reservation expired it is not counted anywhere', async () => {
  core.clock.set(NOON)
  const userId = await addSubscriber(core.ctx, { limits: { tokens: LIMIT } })
  await reserve(userId, 'tokens', { amount: 60, ttlSeconds: 600 })
  expect(await listed([userId], 'tokens')).toMatchObject([{ reserved: 60, remaining: 40 }])
  core.clock.advance(3_600_000)
  expect(await listed([userId], 'tokens')).toMatchObject([{ reserved: 0, remaining: 100 }])
  await expectAgreement([userId], 'tokens')
})

test('a user without any row of a meter stands at nothing, in the list too', async () => {
  const userId = await addUser(core.ctx)
  expect(await listed([userId], 'tokens')).toMatchObject([{ used: 0, reserved: 0, limit: 0 }])
  expect(await own(userId, 'tokens')).toEqual((await listed([userId], 'tokens'))[0])
})

const step = fc.record({
  user: fc.nat({ max: 2 }),
  meter: fc.constantFrom(...METERS),
  // A few keys only, so that closed reservations are opened again.
  key: fc.nat({ max: 3 }),
  verb: fc.constantFrom('reserve', 'reserve', 'consume', 'settle', 'release'),
  amount: fc.integer({ min: 1, max: 40 }),
  ttlSeconds: fc.constantFrom(30, 90),
  thenSeconds: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(20 * 86_400)),
})

/** Whatever may stand in the rows of a user. */
const grant: fc.Arbitrary<Grant & { override: number | 'unlimited' | null }> = fc.record({
  plan: fc.constantFrom('basic', 'enterprise'),
  status: fc.constantFrom('active', 'trialing', 'past_due', 'unpaid', 'paused', 'incomplete'),
  // Seven days of grace: it ends within a run, or has ended before.
  pastDueSince: fc.constantFrom(undefined, new Date('2026-11-01T00:00:00Z'), new Date(NOON)),
  limits: fc.constantFrom({ tokens: LIMIT, apiCalls: LIMIT }, {}),
  override: fc.constantFrom(null, 50, 'unlimited' as const),
})
const actor = { kind: 'admin', id: 'user_admin' } as const

async function take(
  userId: string,
  { verb, meter, key, ...hold }: Omit<Step, 'user' | 'thenSeconds'>,
) {
  const idempotencyKey = `${meter} ${key}`
  if (verb === 'consume') {
    const { amount } = hold
    await consumeUsage(core.ctx, { userId, meter, amount, idempotencyKey: crypto.randomUUID() })
    return
  }
  // Another amount under the key of before is refused, and a closed reservation may not be closed again.
  const reserved = await reserve(userId, meter, hold, idempotencyKey).catch(() => null)
  const reservationId = reserved?.reservationId
  if (!reservationId || verb === 'reserve') return
  const amount = Math.floor(hold.amount / 2)
  if (verb === 'settle') await settleReservation(core.ctx, { reservationId, amount }).catch(ignore)
  else await releaseReservation(core.ctx, { reservationId }).catch(ignore)
}

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
const ignore = () => undefined

test(
  'whatever was granted, reserved, used and expired, every page, check and decision agree',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(grant, { minLength: 3, maxLength: 3 }),
        fc.array(step, { minLength: 1, maxLength: 14 }),
        async (grants, steps) => {
          core.clock.set(NOON)
          const users = await Promise.all(
            grants.map(async ({ override, ...granted }) => {
              const userId = await addSubscriber(core.ctx, granted)
              const set = { userId, meter: 'tokens', limit: override, reason: 'a test' } as const
              if (override !== null) await setQuota(core.ctx, { ...set, actor })
              return userId
            }),
          )
          for (const { user, thenSeconds, ...todo } of steps) {
            await take(users[user] ?? '', todo)
            core.clock.advance(thenSeconds * 1_000)
          }
          for (const meter of METERS) await expectAgreement(users, meter)
          // They would push those of the next run off the list's first page.
          await core.ctx.db.pool.query('UPDATE users SET created_at = $1 WHERE id = ANY ($2)', [
            '2020-01-01T00:00:00Z',
            users,
          ])
        },
      ),
      { numRuns: 30 },
    )
  },
  PROPERTY_TIMEOUT_MS,
)
