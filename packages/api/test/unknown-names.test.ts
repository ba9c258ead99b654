import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FetchHandler } from '../src/index.ts'
import { appRouter, createContext, toFetchHandler } from '../src/index.ts'
import type { World } from './world.ts'
import { ORIGIN, signedIn, startWorld } from './world.ts'

// To the schemas a meter and a plan are any string; core compares them with the catalogue of the running server.

let world: World
let handler: FetchHandler

beforeAll(async () => {
  world = await startWorld()
  const identify = async ({ headers }: Request) => signedIn(headers.get('cookie'))
  handler = toFetchHandler({ core: world.core, origins: [ORIGIN], identify })
})

afterAll(async () => {
  await handler.close()
  await world.close()
})

/** An admin with a session, or a sibling app with its key. */
type By = 'admin' | 'key'
type Input = Record<string, unknown>

async function send(by: By, method: string, path: string, input: Input = {}) {
  const headers: Record<string, string> =
    by === 'admin'
      ? { cookie: 'host-session=root', origin: ORIGIN }
      : { authorization: `Bearer ${world.apiKey}` }
  const response = await handler(
    new Request(`http://host.test${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(method !== 'GET' && { body: JSON.stringify(input) }),
    }),
  )
  const body: unknown = await response.json()
  return { status: response.status, body }
}

function overTrpc(by: By, type: 'query' | 'mutation', path: string, input: Input) {
  const query = `?input=${encodeURIComponent(JSON.stringify(input))}`
  return type === 'query'
    ? send(by, 'GET', `/api/trpc/${path}${query}`)
    : send(by, 'POST', `/api/trpc/${path}`, input)
}

function overRest(by: By, route: string, input: Input) {
  const [method = '', path = ''] = route.split(' ')
  if (method !== 'GET') return send(by, method, path, input)
  const query = Object.entries(input).map(([name, value]) => [name, String(value)])
  return send(by, 'GET', `${path}?${new URLSearchParams(Object.fromEntries(query))}`)
}

const use = { userId: 'ada', meter: 'tokens', amount: 1, idempotencyKey: 'unknown' }
const ofAda = { userId: 'ada', meter: 'tokens' }
const days = { from: '2026-11-01', to: '2026-11-02' }
const override = { ...ofAda, limit: 1, reason: 'test' }

const NO_METER = ['UNKNOWN_METER', 'meter: "tokens" is not one of minutes, gb'] as const
const NO_PLAN = ['UNKNOWN_PLAN', 'plan: "pro" is not one of starter, team'] as const
/** A filter may name a plan that is sold no more, since customers may have it. */
const NO_PLAN_AT_ALL = ['UNKNOWN_PLAN', 'plan: "pro" is not one of starter, team, early'] as const

/** Every procedure that takes a meter or a plan. */
const procedures = [
  ['usage.record', 'key', 'mutation', use, NO_METER],
  ['usage.consume', 'key', 'mutation', use, NO_METER],
  ['usage.reserve', 'key', 'mutation', use, NO_METER],
  ['usage.check', 'key', 'query', ofAda, NO_METER],
  ['usage.events', 'key', 'query', ofAda, NO_METER],
  ['billing.usageHistory', 'key', 'query', { ...ofAda, ...days }, NO_METER],
  ['admin.setQuota', 'admin', 'mutation', override, NO_METER],
  ['billing.checkout', 'key', 'mutation', { userId: 'bob', plan: 'pro' }, NO_PLAN],
  ['billing.previewChange', 'key', 'query', { userId: 'ada', plan: 'pro' }, NO_PLAN],
  ['billing.changePlan', 'key', 'mutation', { userId: 'ada', plan: 'pro' }, NO_PLAN],
  ['admin.users', 'admin', 'query', { plan: 'pro' }, NO_PLAN_AT_ALL],
] as const

const routes = [
  ['POST /api/usage/record', 'key', use, NO_METER],
  ['POST /api/usage/consume', 'key', use, NO_METER],
  ['POST /api/usage/reserve', 'key', use, NO_METER],
  ['POST /api/usage/check', 'key', ofAda, NO_METER],
  ['GET /api/usage/events', 'key', ofAda, NO_METER],
  ['GET /api/billing/usage-history', 'key', { ...ofAda, ...days }, NO_METER],
  ['POST /api/billing/checkout', 'key', { userId: 'bob', plan: 'pro' }, NO_PLAN],
  ['GET /api/billing/preview-change', 'key', { userId: 'ada', plan: 'pro' }, NO_PLAN],
  ['POST /api/billing/change-plan', 'key', { userId: 'ada', plan: 'pro' }, NO_PLAN],
  ['GET /api/billing/admin/users', 'admin', { plan: 'pro' }, NO_PLAN_AT_ALL],
] as const

describe('a name that the catalogue lacks is refused with those that it has', () => {
  it.each(procedures)('by %s', async (path, by, type, input, [errorCode, message]) => {
    expect(await overTrpc(by, type, path, input)).toMatchObject({
      status: 400,
      body: { error: { message, data: { errorCode } } },
    })
  })

  it.each(routes)('by %s', async (route, by, input, [errorCode, message]) => {
    expect(await overRest(by, route, input)).toEqual({ status: 400, body: { errorCode, message } })
  })

  it('in each item of a batch', async () => {
    const good = { ...use, meter: 'gb', idempotencyKey: randomUUID() }
    const events = [good, use, { ...use, meter: '' }]
    expect(await send('key', 'POST', '/api/usage/record-batch', { events })).toMatchObject({
      status: 200,
      body: {
        results: [
          { ok: true },
          { ok: false, errorCode: 'UNKNOWN_METER', message: NO_METER[1] },
          { ok: false, errorCode: 'UNKNOWN_METER', message: 'meter: "" is not one of minutes, gb' },
        ],
      },
    })
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'also %s, which every object has',
    async (meter) => {
      const answer = await send('key', 'POST', '/api/usage/record', { ...use, meter })
      expect(answer).toMatchObject({ status: 400, body: { errorCode: 'UNKNOWN_METER' } })
    },
  )

  it('and what is no text at all is VALIDATION', async () => {
    const answer = await send('key', 'POST', '/api/usage/record', { ...use, meter: 7 })
    expect(answer).toMatchObject({
      status: 400,
      body: { errorCode: 'VALIDATION', issues: [{ path: 'meter' }] },
    })
  })
})

describe('a retired plan', () => {
  it.each([
    ['POST /api/billing/checkout', 'bob'],
    ['POST /api/billing/change-plan', 'ada'],
    ['GET /api/billing/preview-change', 'ada'],
  ])('is UNKNOWN_PLAN to %s', async (route, userId) => {
    expect(await overRest('key', route, { userId, plan: 'early' })).toEqual({
      status: 400,
      body: {
        errorCode: 'UNKNOWN_PLAN',
        message: 'plan: "early" is not one of starter, team',
      },
    })
  })

  it('is known to the filter of customers', async () => {
    expect(await overRest('admin', 'GET /api/billing/admin/users', { plan: 'early' })).toEqual({
      status: 200,
      body: { items: [], nextCursor: null },
    })
  })
})

it('a context made by hand refuses the same, and a session changes nothing unless told so', async () => {
  const caller = { kind: 'session', userId: 'ada', role: 'customer' } as const
  const options = { core: world.core, caller, origins: [ORIGIN] }
  const { billing } = appRouter.createCaller(createContext(options))
  await expect(billing.previewChange({ plan: 'pro' })).rejects.toMatchObject({
    cause: { code: 'UNKNOWN_PLAN' },
  })
  await expect(billing.sync({})).rejects.toMatchObject({ cause: { code: 'FORBIDDEN' } })
  const trusted = appRouter.createCaller(createContext({ ...options, sameSite: true }))
  expect(await trusted.billing.sync({})).toMatchObject({ plan: 'starter' })
})
