import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Context, Resets } from '../../src/index.ts'
import { applyCatalog, checkUsage, getUsageHistory, recordUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, resetting, startCore } from '../harness.ts'

// A meter that resets otherwise than when a server last started.

let core: Harness
beforeEach(async () => {
  core = await startCore()
})
afterEach(() => core.close())

const by = (resets: Resets): Context => resetting(core.ctx, resets)
const use = (userId: string) =>
  ({ userId, meter: 'tokens', amount: 7, idempotencyKey: crypto.randomUUID() }) as const
const used = async (ctx: Context, userId: string) =>
  (await checkUsage(ctx, { userId, meter: 'tokens' })).balance.used

test('is accepted at once where nothing of it was used', async () => {
  await addSubscriber(core.ctx)
  for (const resets of ['month', 'hour', 'billing', 'month'] as const)
    await applyCatalog(by(resets))
})

test('stops the start where it has use, and says who is concerned and what to do', async () => {
  const userId = await addSubscriber(core.ctx)
  // As a version left it that stored nothing yet.
  await recordUsage(core.ctx, use(userId))
  for (const ctx of [by('day'), by('never')]) {
    await expect(applyCatalog(ctx)).rejects.toThrow(
      /^meters\.tokens\.resets: was 'month' and is '(day|never)' now: 1 user has used it, and all begin at 0 again\. Put it back, or start once with --accept-resets$/,
    )
  }
  await applyCatalog(core.ctx)
})

test('accepted once, begins an empty window, and the next start is as any other', async () => {
  const userId = await addSubscriber(core.ctx)
  await applyCatalog(core.ctx)
  await recordUsage(core.ctx, use(userId))
  await applyCatalog(by('day'), { acceptResets: true })
  await applyCatalog(by('day'))
  expect(await used(by('day'), userId)).toBe(0)
  await recordUsage(by('day'), use(userId))
  expect(await used(by('day'), userId)).toBe(7)
  // The days are what was used on them, in whatever windows.
  const range = { userId, from: '2026-11-01', to: '2026-11-30' }
  expect(await getUsageHistory(by('day'), range)).toEqual([
    { date: '2026-11-15', meter: 'tokens', amount: 14, events: 2 },
  ])
  // Back again is a change too; what was counted by the month is still there.
  await expect(applyCatalog(core.ctx)).rejects.toThrow("was 'day' and is 'month' now")
  await applyCatalog(core.ctx, { acceptResets: true })
  expect(await used(core.ctx, userId)).toBe(7)
})
