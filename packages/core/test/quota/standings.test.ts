import type { Meter } from '@tollgate/testing/catalog'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Balance } from '../../src/index.ts'
import { checkUsage, consumeUsage, getUsage, listUsers, reserveUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, NOON, startCore } from '../harness.ts'

// The operator's list, one user's own page, a check and a decision say the same of a user, whatever has expired.

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const LIMIT = 100
const METERS = ['tokens', 'apiCalls'] as const
const PROPERTY_TIMEOUT_MS = 120_000

const reserve = (userId: string, meter: Meter, { amount, ttlSeconds }: Hold) =>
  reserveUsage(core.ctx, {
    userId,
    meter,
    amount,
    ttlSeconds,
    idempotencyKey: crypto.randomUUID(),
  })

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
    expect(await decided(userId, meter)).toEqual(single)
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
  verb: fc.constantFrom('reserve', 'consume'),
  amount: fc.integer({ min: 1, max: 40 }),
  ttlSeconds: fc.integer({ min: 1, max: 120 }),
  thenSeconds: fc.integer({ min: 0, max: 60 }),
})

test(
  'whatever was reserved, used and expired, list, single, check and decision agree',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        core.clock.set(NOON)
        const limits = { tokens: LIMIT, apiCalls: LIMIT }
        const users = await Promise.all([0, 1, 2].map(() => addSubscriber(core.ctx, { limits })))
        for (const { user, meter, verb, thenSeconds, ...hold } of steps) {
          const userId = users[user] ?? ''
          if (verb === 'reserve') await reserve(userId, meter, hold)
          else {
            const { amount } = hold
            const idempotencyKey = crypto.randomUUID()
            await consumeUsage(core.ctx, { userId, meter, amount, idempotencyKey })
          }
          core.clock.advance(thenSeconds * 1_000)
        }
        for (const meter of METERS) await expectAgreement(users, meter)
        // They would push those of the next run off the list's first page.
        await core.ctx.db.pool.query('UPDATE users SET created_at = $1 WHERE id = ANY ($2)', [
          '2020-01-01T00:00:00Z',
          users,
        ])
      }),
      { numRuns: 25 },
    )
  },
  PROPERTY_TIMEOUT_MS,
)
