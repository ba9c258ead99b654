import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  consumeUsage,
  recordUsage,
  recordUsageBatch,
  reserveUsage,
  settleReservation,
  upsertUser,
} from '../../src/index.ts'
import type { Harness } from '../harness.ts'
import { addSubscriber, NOON, startCore, totalsOf } from '../harness.ts'

// One space of keys for everything that counts. Source: docs/contract.md, "Meaning of usage".

let core: Harness
beforeAll(async () => {
  core = await startCore()
})
afterAll(() => core.close())

interface Use {
  userId: string
  meter: 'tokens'
  amount: number
  idempotencyKey: string
}

const use = (userId: string, amount = 3, idempotencyKey = 'k'): Use => ({
  ...{ userId, meter: 'tokens', amount, idempotencyKey },
})

/** Each way to use a key: what it answers in brief. */
const verbs = {
  record: async (ctx: Context, input: Use) => (await recordUsage(ctx, input)).replayed,
  'batch item': async (ctx: Context, input: Use) => {
    const { results } = await recordUsageBatch(ctx, { events: [input] })
    const [result] = results
    return result?.ok ? result.replayed : Promise.reject({ code: result?.errorCode })
  },
  consume: async (ctx: Context, input: Use) => (await consumeUsage(ctx, input)).replayed,
  reserve: async (ctx: Context, input: Use) => (await reserveUsage(ctx, input)).replayed,
}
type Verb = keyof typeof verbs
const names = Object.keys(verbs) as Verb[]
const pairs = names.flatMap((first) => names.map((second): [Verb, Verb] => [first, second]))
const alike: Verb[] = ['record', 'batch item']

describe('a key', () => {
  test.each(pairs)('that a %s has used, used again by a %s', async (first, second) => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    expect(await verbs[first](ctx, use(userId))).toBe(false)
    const again = verbs[second](ctx, use(userId))
    if (first === second || (alike.includes(first) && alike.includes(second))) {
      expect(await again).toBe(true)
    } else {
      await expect(again).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    }
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ events: 1 })
  })

  test.each(['consume', 'reserve'] as const)('is unused where a %s was refused', async (verb) => {
    const { ctx } = core
    const userId = await addSubscriber(ctx, { limits: { tokens: 2 } })
    const decide = verb === 'consume' ? consumeUsage : reserveUsage
    expect(await decide(ctx, use(userId))).toMatchObject({ allowed: false })
    expect(await decide(ctx, use(userId))).toMatchObject({ allowed: false, replayed: false })
    await recordUsage(ctx, use(userId, 7))
    await expect(decide(ctx, use(userId))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ ledger: 7, events: 1 })
  })

  test.each(names)('is unused where a %s failed', async (verb) => {
    const { ctx } = core
    const userId = `late ${verb}`
    const tooEarly = verbs[verb](ctx, use(userId))
    await expect(tooEarly).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
    await upsertUser(ctx, { userId, email: 'late@example.com' })
    expect(await verbs[verb](ctx, use(userId))).toBe(false)
  })

  test('of a batch item that failed is unused, and those beside it are not counted again', async () => {
    const { ctx } = core
    const userId = await addSubscriber(ctx)
    const stranger = 'stranger'
    const events = [use(userId, 1, 'a'), use(stranger, 2, 'b'), use(userId, 3, 'c')]
    const outcomes = async () => {
      const { results } = await recordUsageBatch(ctx, { events })
      return results.map((result) => (result.ok ? result.replayed : result.errorCode))
    }
    expect(await outcomes()).toEqual([false, 'USER_NOT_FOUND', false])
    await upsertUser(ctx, { userId: stranger, email: 'stranger@example.com' })
    expect(await outcomes()).toEqual([true, false, true])
    expect(await outcomes()).toEqual([true, true, true])
    expect(await totalsOf(ctx, userId, 'tokens')).toMatchObject({ ledger: 4, events: 2 })
    expect(await totalsOf(ctx, stranger, 'tokens')).toMatchObject({ ledger: 2, events: 1 })
  })

  test('of a reservation that is settled is remembered across months', async () => {
    const { ctx, clock } = core
    const userId = await addSubscriber(ctx)
    const reserved = await reserveUsage(ctx, use(userId))
    await settleReservation(ctx, { reservationId: reserved.reservationId ?? '', amount: 1 })
    clock.set('2027-11-15T12:00:00.000Z')
    expect(await reserveUsage(ctx, use(userId))).toEqual({ ...reserved, replayed: true })
    clock.set(NOON)
  })
})

describe('a decision', () => {
  test.each([consumeUsage, reserveUsage])(
    'is about now: it takes no occurredAt',
    async (decide) => {
      const { ctx } = core
      const userId = await addSubscriber(ctx)
      const dated = { ...use(userId), occurredAt: new Date(NOON) }
      await expect(decide(ctx, dated)).rejects.toMatchObject({
        code: 'VALIDATION',
        issues: [{ path: 'occurredAt' }],
      })
      expect((await decide(ctx, use(userId))).replayed).toBe(false)
    },
  )
})
