import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  consumeUsage,
  grantCredits,
  releaseReservation,
  reserveUsage,
  settleReservation,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addUser, startCore } from '../harness.ts'
import { eventsOf, use } from './outgoing-harness.ts'

// Credits tell when they are given, and when they run low: with any catalogue.

let core: Harness
let ctx: Context
beforeAll(async () => {
  core = await startCore()
  ctx = core.ctx
})
afterAll(() => core.close())

const actor = { kind: 'admin', id: 'user_admin' } as const

async function give(userId: string, amount: number, idempotencyKey = `give ${amount}`) {
  const reason = 'a gift'
  return grantCredits(ctx, { userId, meter: 'tokens', amount, reason, idempotencyKey, actor })
}

const told = async (userId: string) =>
  (await eventsOf(ctx, userId)).map(({ type, data }) => [
    type,
    data.threshold ?? null,
    data.credits ?? null,
  ])

test('a grant is told once, also where it is asked for again', async () => {
  const userId = await addUser(ctx)
  await give(userId, 100)
  await give(userId, 100)
  expect(await eventsOf(ctx, userId)).toMatchObject([
    {
      type: 'credits.granted',
      data: { grant: { meter: 'tokens', amount: 100, source: 'admin', reason: 'a gift' } },
    },
  ])
})

test('credits are low at 20 % and at none left, each once until there is a further grant', async () => {
  const userId = await addUser(ctx)
  await give(userId, 100)
  await consumeUsage(ctx, use(userId, 79))
  expect(await told(userId)).toHaveLength(1)
  const { reservationId } = await reserveUsage(ctx, use(userId, 1))
  await releaseReservation(ctx, { reservationId: reservationId ?? '' })
  await consumeUsage(ctx, use(userId, 1))
  expect(await told(userId)).toEqual([
    ['credits.granted', null, null],
    ['credits.low', 0.2, 20],
  ])
  await consumeUsage(ctx, use(userId, 20))
  await give(userId, 10)
  await consumeUsage(ctx, use(userId, 9))
  expect((await told(userId)).slice(2)).toEqual([
    ['credits.low', 0, 0],
    ['credits.granted', null, null],
    ['credits.low', 0.2, 1],
  ])
})

test('a settle tells what it takes beyond what was held', async () => {
  const userId = await addUser(ctx)
  await give(userId, 100)
  const { reservationId } = await reserveUsage(ctx, use(userId, 10))
  await settleReservation(ctx, { reservationId: reservationId ?? '', amount: 100 })
  expect((await told(userId)).slice(1)).toEqual([
    ['credits.low', 0.2, 0],
    ['credits.low', 0, 0],
  ])
})
