import { afterAll, beforeAll, expect, test } from 'vitest'
import { getOverview, getUser, listUsers, recordUsage } from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, knownSince, resetting, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

/** Instants of use, and the amounts: two of November, at its ends, and one before and after it each. */
const uses: [string, number][] = [
  ['2026-10-31T23:59:59.999Z', 1_000],
  ['2026-11-01T00:00:00.000Z', 20],
  ['2026-11-30T23:59:59.999Z', 3],
  ['2026-12-01T00:00:00.000Z', 4_000],
]

test.each(['month', 'billing', 'day', 'hour', 'never'] as const)(
  'the operator sees the use of a month, and each user’s in the window of now, of meters by %s',
  async (resets) => {
    const ctx = resetting(core.ctx, resets)
    await core.ctx.db.pool.query('DELETE FROM usage_counters')
    const userId = await addSubscriber(core.ctx)
    await knownSince(ctx, userId, '2026-11-10T10:00:00.000Z')
    for (const [at, amount] of uses) {
      core.clock.set(at)
      const call = { userId, meter: 'tokens', amount, idempotencyKey: crypto.randomUUID() } as const
      await recordUsage(ctx, call)
    }
    core.clock.set('2026-11-30T23:59:59.999Z')
    const { usage } = await getOverview(ctx)
    expect(usage).toMatchObject({
      period: '2026-11',
      meters: [{ meter: 'tokens', used: 23 }, {}, {}],
    })
    const inWindow = { month: 23, billing: 4_003, day: 3, hour: 3, never: 5_023 }[resets]
    const { items } = await listUsers(ctx, { search: userId })
    const { usage: own } = await getUser(ctx, { userId })
    expect(own).toEqual(items[0]?.usage)
    expect(own[0]).toMatchObject({ meter: 'tokens', used: inWindow })
    // The same rows, of a meter that left the catalogue.
    const { tokens: _, ...meters } = ctx.catalog.meters
    const meterIds = ctx.catalog.meterIds.filter((meter) => meter !== 'tokens')
    const without = { ...ctx, catalog: { ...ctx.catalog, meters, meterIds } }
    const { formerUsage } = await getUser(without, { userId })
    expect(formerUsage).toEqual([
      { meter: 'tokens', period: '2026-12', used: 4_000 },
      { meter: 'tokens', period: '2026-11', used: 23 },
      { meter: 'tokens', period: '2026-10', used: 1_000 },
    ])
  },
)
