import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordUsageBatch, TollgateError } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore, totalsOf } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

/** How many uses may wait in a process. */
const MAX_WAITING = 20_000
const BATCH = 1_000

function batch(userId: string, nth: number) {
  const events = Array.from({ length: BATCH }, (_, i) => ({
    userId,
    meter: 'tokens' as const,
    amount: 1,
    idempotencyKey: `${nth}-${i}`,
  }))
  return recordUsageBatch(core.ctx, { events })
}

test('more usage than may wait is refused with RATE_LIMITED, counts nothing, and may come again', async () => {
  const userId = await addSubscriber(core.ctx)
  const fitting = MAX_WAITING / BATCH
  const outcomes = await Promise.allSettled(
    Array.from({ length: fitting + 2 }, (_, nth) => batch(userId, nth)),
  )
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  )
  expect(refused).toHaveLength(2)
  for (const error of refused) {
    expect(error).toBeInstanceOf(TollgateError)
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })
  }
  expect(await totalsOf(core.ctx, userId, 'tokens')).toMatchObject({ counter: MAX_WAITING })
  await batch(userId, fitting)
  await core.ctx.usage.drain()
  expect(await totalsOf(core.ctx, userId, 'tokens')).toMatchObject({ ledger: MAX_WAITING + BATCH })
})
