import type { Meter } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  archiveUsage,
  getUsage,
  getUsageHistory,
  listUsageEvents,
  recordUsage,
  recordUsageBatch,
  verifyUsage,
  voidUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore } from '../harness.ts'

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

const day = 86_400_000

describe('the archive', () => {
  test('takes rows older than 400 days, and changes no total', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx)
    const use = (meter: Meter, idempotencyKey: string) => ({
      ...{ userId, meter, amount: 3, idempotencyKey },
    })
    const events = Array.from({ length: 900 }, (_, i) => use('tokens', `old-${i}`))
    for (let i = 0; i < 3; i += 1) {
      const renamed = events.map((event) => ({
        ...event,
        idempotencyKey: `${i}-${event.idempotencyKey}`,
      }))
      await recordUsageBatch(ctx, { events: renamed })
    }
    const wrong = await recordUsage(ctx, use('apiCalls', 'voided'))
    const actor = { kind: 'admin', id: 'user_admin' } as const
    await voidUsage(ctx, { usageId: wrong.usageId, reason: 'wrong', actor })
    clock.set(new Date(Date.parse(NOON) + 1))
    await recordUsage(ctx, use('tokens', 'just young enough'))

    clock.set(new Date(Date.parse(NOON) + 400 * day + 1))
    const before = {
      usage: await getUsage(ctx, { userId, period: '2026-11' }),
      days: await getUsageHistory(ctx, { userId, from: '2026-11-01', to: '2026-11-30' }),
    }
    expect(await archiveUsage(ctx)).toEqual({ rows: 2_701 })
    expect(await archiveUsage(ctx)).toEqual({ rows: 0 })
    expect({
      usage: await getUsage(ctx, { userId, period: '2026-11' }),
      days: await getUsageHistory(ctx, { userId, from: '2026-11-01', to: '2026-11-30' }),
    }).toEqual(before)
    expect((await verifyUsage(ctx)).differences).toEqual([])
    const { items } = await listUsageEvents(ctx, { userId })
    expect(items.map((item) => item.idempotencyKey)).toEqual(['just young enough'])
    clock.set(NOON)
  })

  test('whose checksum is wrong is found', async () => {
    const { ctx } = core
    await ctx.db.pool.query('UPDATE usage_checksums SET used = used + 1')
    expect((await verifyUsage(ctx)).differences).not.toEqual([])
  })
})
