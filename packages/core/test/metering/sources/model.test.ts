import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../../src/index.ts'
import {
  consumeUsage,
  recordUsage,
  releaseReservation,
  reserveUsage,
  settleReservation,
  TollgateError,
  voidUsage,
} from '../../../src/index.ts'
import type { Harness } from '../../harness.ts'
import { addSubscriber, startCore } from '../../harness.ts'
import { addGrant, allDifferences, balanceOf, sellOverage, setCap } from './world.ts'

// Random runs of a few users with credits and overage: every verb, from four contexts at once, which is what four processes
// would do, while grants expire, are frozen and revoked, and caps and limits change.

let core: Harness
let contexts: Context[]
beforeAll(async () => {
  core = await startCore()
  contexts = [core.ctx, core.another(), core.another(), core.another()]
})
afterAll(() => core.close())

const LIMIT = 20
const CAP = 25
const GRANTS = [15, 10, 8]
const PROPERTY_TIMEOUT_MS = 240_000
const actor = { kind: 'admin', id: 'user_admin' } as const

const user = fc.integer({ min: 0, max: 1 })
const amount = fc.integer({ min: 1, max: 12 })
const key = fc.integer({ min: 0, max: 40 }).map((n) => `key-${n}`)
const nth = fc.nat({ max: 30 })

const CHANGES = {
  freeze: 'UPDATE grants SET frozen_at = created_at WHERE user_id = $1 AND amount = 15',
  thaw: 'UPDATE grants SET frozen_at = NULL WHERE user_id = $1',
  revoke: 'UPDATE grants SET revoked_at = created_at WHERE user_id = $1 AND amount = 10',
  cap: `UPDATE overage_caps SET amount_minor = 3 WHERE user_id = $1`,
  stop: 'UPDATE overage_terms SET selling = false WHERE user_id = $1',
  sell: 'UPDATE overage_terms SET selling = true WHERE user_id = $1',
  limit: `UPDATE quotas SET limit_amount = 5 WHERE user_id = $1 AND meter = 'tokens'`,
}
const changes = Object.keys(CHANGES) as (keyof typeof CHANGES)[]

const deciding = fc.oneof(
  fc.record({ verb: fc.constant('consume' as const), user, amount, key }),
  fc.record({ verb: fc.constant('reserve' as const), user, amount, key }),
  fc.record({ verb: fc.constant('settle' as const), nth, share: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ verb: fc.constant('release' as const), nth }),
)
const correcting = fc.oneof(
  fc.record({ verb: fc.constant('record' as const), user, amount, key }),
  fc.record({ verb: fc.constant('void' as const), nth }),
  fc.record({ verb: fc.constant('settle more' as const), nth, amount }),
  fc.record({ verb: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 30_000, 90_000) }),
  fc.record({
    verb: fc.constant('change' as const),
    user,
    what: fc.constantFrom(...changes),
  }),
)
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never
type Step = ValueOf<typeof deciding> | ValueOf<typeof correcting>

interface Run {
  users: string[]
  reservations: { id: string; amount: number }[]
  usages: string[]
}

async function step(ctx: Context, run: Run, todo: Step): Promise<void> {
  const input = (use: { user: number; amount: number; key: string }) => ({
    userId: run.users[use.user] ?? '',
    meter: 'tokens' as const,
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
    case 'reserve': {
      const { reservationId } = await reserveUsage(ctx, { ...input(todo), ttlSeconds: 60 })
      if (reservationId) run.reservations.push({ id: reservationId, amount: todo.amount })
      return
    }
    case 'settle':
    case 'settle more': {
      const open = run.reservations[todo.nth]
      if (!open) return
      const share = 'share' in todo ? Math.floor((open.amount * todo.share) / 4) : null
      const settled = share ?? open.amount + ('amount' in todo ? todo.amount : 0)
      const { usageId } = await settleReservation(ctx, { reservationId: open.id, amount: settled })
      if (usageId) run.usages.push(usageId)
      return
    }
    case 'release': {
      const open = run.reservations[todo.nth]
      if (open) await releaseReservation(ctx, { reservationId: open.id })
      return
    }
    case 'void': {
      const usageId = run.usages[todo.nth]
      if (usageId) await voidUsage(ctx, { usageId, reason: 'wrong', actor })
      return
    }
    case 'change':
      await ctx.db.pool.query(CHANGES[todo.what], [run.users[todo.user]])
      return
    case 'wait':
      core.clock.advance(todo.ms)
  }
}

/** Errors with a code are part of a run; anything else fails the test. */
const EXPECTED = ['IDEMPOTENCY_KEY_REUSED', 'RESERVATION_CLOSED', 'ALREADY_VOIDED', 'NOT_FOUND']

async function addBuyer(): Promise<string> {
  const { ctx } = core
  const userId = await addSubscriber(ctx, { limits: { tokens: LIMIT } })
  const expiries = ['2026-12-01T00:01:00Z', '2026-12-05T00:00:00Z', null]
  for (const [i, granted] of GRANTS.entries()) {
    await addGrant(ctx, userId, { amount: granted, expiresAt: expiries[i] ?? null })
  }
  await sellOverage(ctx, userId)
  await setCap(ctx, userId, CAP)
  return userId
}

async function perform(steps: readonly Step[]): Promise<Run> {
  core.clock.set('2026-11-30T23:58:00.000Z')
  const run: Run = {
    users: [await addBuyer(), await addBuyer()],
    reservations: [],
    usages: [],
  }
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

/** Parts of the ledger that do not add up to their amounts, and grants beyond what they are. */
async function wrongParts(): Promise<unknown[]> {
  const { rows } = await core.ctx.db.pool.query(
    `SELECT id, amount, reserved, parts FROM usage
     WHERE parts IS NOT NULL AND (held OR amount > 0) AND CASE WHEN amount > 0 THEN amount ELSE reserved END <
       coalesce((parts ->> 'overage')::bigint, 0) + coalesce((parts ->> 'over')::bigint, 0)
       + (SELECT coalesce(sum((p ->> 1)::bigint), 0) FROM jsonb_array_elements(parts -> 'grants') p)
     UNION ALL
     SELECT id, amount, remaining, NULL FROM grants WHERE remaining < 0 OR held < 0 OR remaining + held > amount`,
  )
  return rows
}

describe('with credits and overage, whatever happens', () => {
  test(
    'ledger, counters, grants and sales agree, and a read says what a decision sees',
    async () => {
      const steps = fc.array(fc.oneof(deciding, correcting), { minLength: 20, maxLength: 90 })
      await fc.assert(
        fc.asyncProperty(steps, async (todo) => {
          const { users } = await perform(todo)
          expect(await allDifferences(core.ctx)).toEqual([])
          expect(await wrongParts()).toEqual([])
          for (const userId of users) {
            const read = await balanceOf(core.ctx, userId)
            const use = { userId, meter: 'tokens', amount: 1, idempotencyKey: 'last' } as const
            const { balance } = await consumeUsage(core.ctx, {
              ...use,
              amount: (read.remaining ?? 0) + 1,
            })
            expect(balance).toEqual(read)
          }
        }),
        { numRuns: 25 },
      )
    },
    PROPERTY_TIMEOUT_MS,
  )

  test(
    'deciding verbs together get all of allowance, credits and cap, and never more',
    async () => {
      const steps = fc.array(deciding, { minLength: 30, maxLength: 90 })
      const all = LIMIT + CAP + GRANTS.reduce((sum, each) => sum + each, 0)
      await fc.assert(
        fc.asyncProperty(steps, async (todo) => {
          const { users } = await perform(todo)
          for (const userId of users) {
            const balance = await balanceOf(core.ctx, userId)
            expect(balance.used + balance.reserved + (balance.remaining ?? 0)).toBe(all)
            expect(balance.remaining).toBeGreaterThanOrEqual(0)
          }
          expect(await allDifferences(core.ctx)).toEqual([])
        }),
        { numRuns: 25 },
      )
    },
    PROPERTY_TIMEOUT_MS,
  )

  test('200 at once get exactly what there is, from two contexts', async () => {
    const { ctx } = core
    core.clock.set('2026-11-20T12:00:00.000Z')
    const userId = await addBuyer()
    const calls = Array.from({ length: 200 }, (_, i) =>
      consumeUsage(contexts[i % 2] ?? ctx, {
        userId,
        meter: 'tokens',
        amount: 1,
        idempotencyKey: `k${i}`,
      }),
    )
    const allowed = (await Promise.all(calls)).filter((each) => each.allowed)
    expect(allowed).toHaveLength(LIMIT + CAP + GRANTS.reduce((sum, each) => sum + each, 0))
    expect(await balanceOf(ctx, userId)).toMatchObject({ remaining: 0, credits: 0 })
  })
})
