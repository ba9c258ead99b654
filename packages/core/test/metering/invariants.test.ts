import type { Meter } from '@tollgate/testing/catalog'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  checkUsage,
  consumeUsage,
  recordUsage,
  recordUsageBatch,
  releaseReservation,
  reserveUsage,
  settleReservation,
  TollgateError,
  verifyUsage,
  voidUsage,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, startCore } from '../harness.ts'

// Random runs of a few users: every verb, repeats, expiry and the turn of a month, from four contexts at
// once, which is what four processes would do. Whatever happened, the three sums agree, and where only
// deciding verbs were used no user got more than the limit.

let core: Harness
let contexts: Context[]
beforeAll(async () => {
  core = await startCore()
  contexts = [core.ctx, core.another(), core.another(), core.another()]
})
afterAll(() => core.close())

const LIMIT = 50
/** Thousands of calls, on a machine that may do something else as well. */
const PROPERTY_TIMEOUT_MS = 180_000
const actor = { kind: 'admin', id: 'user_admin' } as const

const key = fc.integer({ min: 0, max: 30 }).map((n) => `key-${n}`)
const amount = fc.integer({ min: 1, max: 12 })
const meter = fc.constantFrom<Meter>('tokens', 'apiCalls')
const target = fc.record({ user: fc.integer({ min: 0, max: 2 }), meter, amount, key })

const deciding = [
  target.map((use) => ({ verb: 'consume' as const, ...use })),
  fc
    .tuple(target, fc.integer({ min: 1, max: 90 }))
    .map(([use, ttlSeconds]) => ({ verb: 'reserve' as const, ...use, ttlSeconds })),
  fc
    .record({ nth: fc.nat({ max: 40 }), share: fc.integer({ min: 0, max: 4 }) })
    .map((close) => ({ verb: 'settle' as const, ...close })),
  fc.nat({ max: 40 }).map((nth) => ({ verb: 'release' as const, nth })),
  fc.constantFrom(1_000, 30_000).map((ms) => ({ verb: 'wait' as const, ms })),
]
const correcting = [
  target.map((use) => ({ verb: 'record' as const, ...use })),
  fc
    .array(target, { minLength: 1, maxLength: 8 })
    .map((uses) => ({ verb: 'batch' as const, uses })),
  fc
    .record({ nth: fc.nat({ max: 40 }), reason: fc.constantFrom('a', 'b') })
    .map((close) => ({ verb: 'void' as const, ...close })),
]

type Step = typeof deciding extends fc.Arbitrary<infer D>[]
  ? typeof correcting extends fc.Arbitrary<infer C>[]
    ? D | C
    : never
  : never

interface Run {
  users: string[]
  reservations: { id: string; amount: number }[]
  usages: string[]
}

async function step(ctx: Context, run: Run, todo: Step): Promise<void> {
  const input = (use: { user: number; meter: Meter; amount: number; key: string }) => ({
    userId: run.users[use.user] ?? '',
    meter: use.meter,
    amount: use.amount,
    idempotencyKey: use.key,
  })
  switch (todo.verb) {
    case 'consume': {
      const { usageId } = await consumeUsage(ctx, input(todo))
      if (usageId) run.usages.push(usageId)
      return
    }
    case 'record':
      run.usages.push((await recordUsage(ctx, input(todo))).usageId)
      return
    case 'batch':
      await recordUsageBatch(ctx, { events: todo.uses.map(input) })
      return
    case 'reserve': {
      const { ttlSeconds } = todo
      const { reservationId } = await reserveUsage(ctx, { ...input(todo), ttlSeconds })
      if (reservationId) run.reservations.push({ id: reservationId, amount: todo.amount })
      return
    }
    case 'settle': {
      const open = run.reservations[todo.nth]
      if (!open) return
      // A share of what was reserved, never more: more is recorded beyond the limit on purpose.
      const settled = Math.floor((open.amount * todo.share) / 4)
      await settleReservation(ctx, { reservationId: open.id, amount: settled })
      return
    }
    case 'release': {
      const open = run.reservations[todo.nth]
      if (open) await releaseReservation(ctx, { reservationId: open.id })
      return
    }
    case 'void': {
      const usageId = run.usages[todo.nth]
      if (usageId) await voidUsage(ctx, { usageId, reason: todo.reason, actor })
      return
    }
    case 'wait':
      core.clock.advance(todo.ms)
  }
}

/** Errors with a code are part of a run; anything else fails the test. */
const EXPECTED = ['IDEMPOTENCY_KEY_REUSED', 'RESERVATION_CLOSED', 'ALREADY_VOIDED', 'NOT_FOUND']

async function perform(steps: readonly Step[]): Promise<Run> {
  const { ctx, clock } = core
  clock.set('2026-11-30T23:58:00.000Z')
  const limits = { tokens: LIMIT, apiCalls: LIMIT }
  const users = [1, 2, 3].map(() => addSubscriber(ctx, { limits }))
  const run: Run = { users: await Promise.all(users), reservations: [], usages: [] }
  const lanes = contexts.map((context, lane) =>
    steps
      .filter((_, i) => i % contexts.length === lane)
      .reduce(async (before, todo) => {
        await before
        await step(context, run, todo).catch((error: unknown) => {
          if (!(error instanceof TollgateError && EXPECTED.includes(error.code))) throw error
        })
      }, Promise.resolve()),
  )
  await Promise.all(lanes)
  return run
}

async function beyondLimit(users: readonly string[]): Promise<string[]> {
  const checks = users.flatMap((userId) =>
    (['tokens', 'apiCalls'] as const).map(async (meter) => {
      const { balance } = await checkUsage(core.ctx, { userId, meter })
      return balance.used + balance.reserved > LIMIT ? [`${userId} ${meter}`] : []
    }),
  )
  return (await Promise.all(checks)).flat()
}

describe('whatever happens', () => {
  test(
    'ledger, counter and days agree',
    async () => {
      const steps = fc.array(fc.oneof(...deciding, ...correcting), { minLength: 20, maxLength: 80 })
      await fc.assert(
        fc.asyncProperty(steps, async (todo) => {
          await perform(todo)
          expect((await verifyUsage(core.ctx)).differences).toEqual([])
        }),
        { numRuns: 25 },
      )
    },
    PROPERTY_TIMEOUT_MS,
  )

  test(
    'deciding verbs together never get more than the limit',
    async () => {
      const steps = fc.array(fc.oneof(...deciding), { minLength: 20, maxLength: 80 })
      await fc.assert(
        fc.asyncProperty(steps, async (todo) => {
          // After expiry a settle records beyond the limit on purpose: here nothing expires.
          const run = await perform(todo.filter(({ verb }) => verb !== 'wait'))
          expect(await beyondLimit(run.users)).toEqual([])
        }),
        { numRuns: 25 },
      )
    },
    PROPERTY_TIMEOUT_MS,
  )

  test('a user whose uses were each allowed, but together beyond the limit, would be found', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: LIMIT } })
    const use = { userId, meter: 'tokens', amount: LIMIT - 10 } as const
    await reserveUsage(ctx, { ...use, idempotencyKey: 'reserved' })
    expect(await beyondLimit([userId])).toEqual([])
    // What a check followed by a record does, where a consume would have been refused.
    expect((await checkUsage(ctx, { userId, meter: 'tokens', amount: 10 })).allowed).toBe(true)
    for (const idempotencyKey of ['a', 'b'])
      await recordUsage(ctx, { ...use, amount: 10, idempotencyKey })
    expect(await beyondLimit([userId])).toEqual([`${userId} tokens`])
  })
})
