import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  checkUsage,
  consumeUsage,
  getFeatures,
  getState,
  getSubscription,
  grantCredits,
  listGrants,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, addUser, NOON, startCore } from '../harness.ts'
import { alerting, limitTokens, use } from '../outgoing/outgoing-harness.ts'

let core: Harness
let ctx: Context
beforeAll(async () => {
  core = await startCore(alerting)
  ctx = core.ctx
})
afterAll(() => core.close())

const actor = { kind: 'admin', id: 'user_admin' } as const

test('the state is what each verb says for itself', async () => {
  core.clock.set(NOON)
  const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
  const gift = { meter: 'tokens', amount: 5, reason: 'a gift', idempotencyKey: 'k', actor }
  await grantCredits(ctx, { userId, ...gift })
  await consumeUsage(ctx, use(userId, 12))
  const state = await getState(ctx, { userId })
  expect(state).toEqual({
    subscription: await getSubscription(ctx, { userId }),
    plan: 'basic',
    features: await getFeatures(ctx, { userId }),
    meters: await Promise.all(
      ctx.catalog.meterIds.map(async (meter) => (await checkUsage(ctx, { userId, meter })).balance),
    ),
    grants: await listGrants(ctx, { userId }),
    alerts: [0.8, 1].map((threshold) => ({
      meter: 'tokens',
      threshold,
      at: NOON,
      periodStart: '2026-11-01T00:00:00.000Z',
    })),
  })
})

test('an alert is in the state of its window alone, once for each threshold, with when it was last reached', async () => {
  core.clock.set(NOON)
  const userId = await addSubscriber(ctx, { limits: { tokens: 10 } })
  await consumeUsage(ctx, use(userId, 8))
  await limitTokens(ctx, userId, 20)
  core.clock.set('2026-11-20T00:00:00.000Z')
  await consumeUsage(ctx, use(userId, 8))
  expect((await getState(ctx, { userId })).alerts).toEqual([
    {
      meter: 'tokens',
      threshold: 0.8,
      at: '2026-11-20T00:00:00.000Z',
      periodStart: '2026-11-01T00:00:00.000Z',
    },
  ])
  core.clock.set('2026-12-01T00:00:00.000Z')
  expect((await getState(ctx, { userId })).alerts).toEqual([])
})

test('a user without a plan has the state of one; an unknown user is USER_NOT_FOUND', async () => {
  const userId = await addUser(ctx)
  expect(await getState(ctx, { userId })).toMatchObject({
    subscription: null,
    plan: null,
    grants: [],
    alerts: [],
  })
  await expect(getState(ctx, { userId: 'nobody' })).rejects.toMatchObject({
    code: 'USER_NOT_FOUND',
  })
})
