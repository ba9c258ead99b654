import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  applyCatalog,
  definePlans,
  getUsage,
  getUser,
  listUsageEvents,
  recordUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  verifyUsage,
  voidUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore } from '../harness.ts'

// A meter that is taken out of the catalogue keeps its rows, and what was begun can still be ended.

let core: Harness
/** The same deployment, after `apiCalls` was taken out. */
let later: Context
beforeAll(async () => {
  core = await startCore()
  const price = { price: { month: { usd: 1_900 } }, description: '' }
  const catalog = definePlans({
    meters: { tokens: { name: 'Tokens', unit: ['token', 'tokens'] } },
    plans: {
      basic: { name: 'Basic', ...price, limits: { tokens: 100_000 } },
      pro: { name: 'Pro', ...price, limits: { tokens: 1_000_000 } },
      enterprise: { name: 'Enterprise', ...price, limits: { tokens: 'unlimited' } },
    },
  })
  later = { ...core.ctx, catalog }
})
afterAll(() => core.close())

const actor = { kind: 'admin', id: 'user_admin' } as const
const use = (userId: string, amount: number) =>
  ({ userId, meter: 'apiCalls', amount, idempotencyKey: crypto.randomUUID() }) as const

test('a former meter can be voided, settled and released, is shown to the operator, and records no more', async () => {
  const userId = await addSubscriber(core.ctx)
  const recorded = await recordUsage(core.ctx, use(userId, 30))
  await recordUsage(core.ctx, use(userId, 5))
  const [settled, released] = await Promise.all(
    [7, 9].map(async (amount) => {
      const { reservationId } = await reserveUsage(core.ctx, use(userId, amount))
      if (reservationId === null) throw new Error('refused')
      return reservationId
    }),
  )
  if (settled === undefined || released === undefined) throw new Error('two were reserved')
  expect((await getUser(core.ctx, { userId })).formerUsage).toEqual([])

  await applyCatalog(later)
  await voidUsage(later, { usageId: recorded.usageId, reason: 'a mistake', actor })
  const { balance } = await settleReservation(later, { reservationId: settled, amount: 6 })
  expect(balance).toMatchObject({ meter: 'apiCalls', used: 11, reserved: 9 })
  await releaseReservation(later, { reservationId: released })

  const { usage, formerUsage } = await getUser(later, { userId })
  expect(usage.map(({ meter }) => meter)).toEqual(['tokens'])
  expect(formerUsage).toEqual([{ meter: 'apiCalls', period: '2026-11', used: 11 }])
  expect((await getUsage(later, { userId })).meters.map(({ meter }) => meter)).toEqual(['tokens'])
  const { items } = await listUsageEvents(later, { userId })
  expect(items.map(({ amount, voidedAt }) => [amount, voidedAt !== null])).toEqual([
    [6, false],
    [5, false],
    [30, true],
  ])
  expect((await verifyUsage(later)).differences).toEqual([])
  await expect(recordUsage(later, use(userId, 1))).rejects.toMatchObject({ code: 'UNKNOWN_METER' })
})

test('a meter that comes back goes on where it was', async () => {
  const userId = await addSubscriber(core.ctx, { limits: { apiCalls: 100 } })
  await recordUsage(core.ctx, use(userId, 40))
  await applyCatalog(later)
  await applyCatalog(core.ctx)
  const { meters } = await getUsage(core.ctx, { userId })
  expect(meters.find(({ meter }) => meter === 'apiCalls')).toMatchObject({ used: 40, limit: 1_000 })
  expect((await getUser(core.ctx, { userId })).formerUsage).toEqual([])
})
