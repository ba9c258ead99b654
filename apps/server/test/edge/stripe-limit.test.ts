import { access, appRouter, createContext } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import {
  createCheckout,
  limitStripeCalls,
  pushPlans,
  startWorker,
  upsertUser,
} from '@tollgate/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SignedIn, TestServer } from '../harness.ts'
import { APP_URL, addSubscriber, apiKey, send, signUp, startServer } from '../harness.ts'
import { whoMayCall } from '../who-may-call-table.ts'

let server: TestServer
let somebody: SignedIn
let key: string
let now: Date

beforeAll(async () => {
  now = new Date('2026-11-15T12:00:00Z')
  server = await startServer({ clock: { now: () => now, monotonicMs: () => now.getTime() } })
  await (await startWorker(server.core)).stop()
  await pushPlans(server.core, { dryRun: false })
  await addSubscriber(server.core, 'metered')
  somebody = await signUp(server, 'somebody@example.com')
  await createCheckout(server.core, { userId: somebody.userId, plan: 'pro' })
  key = await apiKey(server.core, ['billing:write', 'billing:read', 'users:write'])
})

beforeEach(() => server.core.db.pool.query('DELETE FROM stripe_call_limits'))

afterAll(() => server.close())

const session = () => ({ cookie: somebody.cookie, origin: APP_URL })
const withKey = () => ({ authorization: `Bearer ${key}` })

/** The error code of each call of a batch of syncs; null where it went well. */
async function syncs(count: number, headers: Record<string, string>, input = {}) {
  const path = Array.from({ length: count }, () => 'billing.sync').join(',')
  const body = JSON.stringify(
    Object.fromEntries(Array.from({ length: count }, (_, n) => [n, input])),
  )
  const answer = await send(`${server.url}/api/trpc/${path}?batch=1`, {
    method: 'POST',
    headers,
    body,
  })
  const calls = answer.body as { error?: { data: { errorCode: string } } }[]
  return { answer, codes: calls.map(({ error }) => error?.data.errorCode ?? null) }
}

describe('calls that ask Stripe', () => {
  it('are limited for each user, in one batch as in many requests', async () => {
    const { answer, codes } = await syncs(100, session())
    expect(codes.filter((code) => code === null)).toHaveLength(20)
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(80)
    expect(answer.headers.get('retry-after')).toBe('2')
    const init = { method: 'POST', headers: session(), body: '{}' }
    const rest = await send(`${server.url}/api/billing/sync`, init)
    expect(rest).toMatchObject({ status: 429, errorCode: 'RATE_LIMITED' })
  })

  it('of a key are those of the users that it names', async () => {
    const limited = await syncs(30, withKey(), { userId: 'metered' })
    expect(limited.codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(10)
    const other = await syncs(1, withKey(), { userId: somebody.userId })
    expect(other.codes).toEqual([null])
  })

  it('come through again with time: one every two seconds', async () => {
    await syncs(20, session())
    expect((await syncs(3, session())).codes).toEqual(Array(3).fill('RATE_LIMITED'))
    now = new Date(now.getTime() + 4_000)
    const { codes } = await syncs(4, session())
    expect(codes.filter((code) => code === null)).toHaveLength(2)
  })

  it('are not held up by a clock that was wrong', async () => {
    const late = now
    now = new Date(late.getTime() + 86_400_000)
    await syncs(30, session())
    now = late
    expect((await syncs(1, session())).codes).toEqual([null])
  })

  it('are counted over all processes, however many come at once', async () => {
    await upsertUser(server.core, { userId: 'many', email: 'many@example.com' })
    const calls = Array.from({ length: 50 }, () =>
      limitStripeCalls(server.core, { userId: 'many' }),
    )
    const settled = await Promise.allSettled(calls)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
  })

  it('do not fill the table with users that do not exist', async () => {
    await limitStripeCalls(server.core, { userId: 'nobody' })
    const { rows } = await server.core.db.pool.query('SELECT FROM stripe_call_limits')
    expect(rows).toEqual([])
  })
})

describe('a procedure that asks Stripe', () => {
  /** The core of the server, and how often it asked. */
  function counting(): { core: Context; asked: () => number } {
    let count = 0
    const { stripe } = server.core
    const counted: Context['stripe'] = {
      ...stripe,
      call: (work) => {
        count += 1
        return stripe.call(work)
      },
      paced: () => counted,
    }
    return { core: { ...server.core, stripe: counted }, asked: () => count }
  }

  const things = () => ({
    userId: somebody.userId,
    meteredId: 'metered',
    usageId: 'u',
    reservationId: 'r',
    keyId: 'k',
    accountId: somebody.userId,
    erasableId: somebody.userId,
    fresh: () => 'fresh',
  })

  it.each(Object.keys(access))(
    'is limited by user, or open to all and asks for all: %s',
    async (name) => {
      const { core, asked } = counting()
      const rule = access[name]
      const row = Object.entries(whoMayCall(things())).find(([each]) => each === name)?.[1]
      if (!rule || !row || rule.who === 'public' || rule.asksStripe) return
      const caller =
        rule.scope === undefined
          ? ({ kind: 'session', userId: somebody.userId, role: 'admin' } as const)
          : ({ kind: 'key', keyId: 'k', name: 'app', scopes: [rule.scope] } as const)
      const context = createContext({ core, caller, origins: [APP_URL], sameSite: true })
      const call = name
        .split('.')
        .reduce<unknown>(
          (node, part) => Reflect.get(Object(node), part),
          appRouter.createCaller(context),
        )
      if (typeof call !== 'function') throw new Error(`there is no procedure ${name}`)
      await Promise.resolve(call(row.input)).catch(() => undefined)
      expect(asked()).toBe(0)
    },
  )
})
