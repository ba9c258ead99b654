import type { Logger } from '@tollgate/core'
import { recordUsage } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FetchHandlerOptions } from '../../src/index.ts'
import { toFetchHandler } from '../../src/index.ts'
import type { World } from '../world.ts'
import { ORIGIN, signatureOf, signedIn, startWorld, webhookBody } from '../world.ts'

// What only a handler of Requests has to settle: bodies as streams, headers of connections, its end.

let world: World
const logged: [message: string, fields: object][] = []
const log: Logger = { ...silentLog, error: (fields, message) => logged.push([message, fields]) }

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world.close())

function handlerOf(options: Partial<FetchHandlerOptions> = {}) {
  return toFetchHandler({
    core: { ...world.core, log },
    origins: [ORIGIN],
    identify: async ({ headers }) => signedIn(headers.get('cookie')),
    ...options,
  })
}

const ADDRESS = 'http://host.test'
const json = { 'content-type': 'application/json' }
const withKey = () => ({ ...json, authorization: `Bearer ${world.apiKey}` })

/** A body that comes in pieces, and how many of them were asked for. */
function pieces(count: number, bytes: number) {
  const sent = { pieces: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent.pieces === count) return controller.close()
      sent.pieces += 1
      controller.enqueue(new Uint8Array(bytes).fill(32))
    },
    cancel: () => {
      sent.cancelled = true
    },
  })
  return { sent, body }
}

function post(path: string, init: RequestInit & { duplex?: 'half' }): Request {
  return new Request(`${ADDRESS}${path}`, { method: 'POST', duplex: 'half', ...init })
}

async function answerOf(response: Response) {
  return { status: response.status, body: await response.json() }
}

describe('a body', () => {
  const MiB = 2 ** 20

  it('is read no further than its limit, whatever its headers say of it', async () => {
    for (const path of ['/api/usage/consume', '/api/billing/webhook']) {
      const { sent, body } = pieces(1_000, MiB)
      const headers = { ...withKey(), 'content-length': '10', 'stripe-signature': 't=1,v1=00' }
      const response = await handlerOf()(post(path, { headers, body }))
      expect(await answerOf(response)).toMatchObject({
        status: 413,
        body: { errorCode: 'PAYLOAD_TOO_LARGE' },
      })
      expect(sent.pieces).toBeLessThan(12)
      expect(sent.cancelled).toBe(true)
    }
  })

  it('is not read for a caller who is refused', async () => {
    const { sent, body } = pieces(1_000, MiB)
    const headers = { ...json, authorization: 'Bearer tg_wrong' }
    const response = await handlerOf()(post('/api/usage/consume', { headers, body }))
    expect(response.status).toBe(401)
    expect(sent.pieces).toBeLessThan(3)
    expect(sent.cancelled).toBe(true)
  })

  it('may come in pieces that split a character, or be empty', async () => {
    const bytes = new TextEncoder().encode('{"userId":"é","meter":"gb"}')
    const body = new ReadableStream({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
        controller.close()
      },
    })
    const check = (init: RequestInit) =>
      handlerOf()(post('/api/usage/check', { headers: withKey(), ...init }))
    expect(await answerOf(await check({ body }))).toMatchObject({
      body: { errorCode: 'USER_NOT_FOUND', message: expect.stringContaining('é') },
    })
    for (const empty of [{}, { body: '' }]) {
      expect(await answerOf(await check(empty))).toMatchObject({
        status: 400,
        body: { errorCode: 'VALIDATION' },
      })
    }
  })

  it('that was read before is an error of the host, which its log tells', async () => {
    logged.length = 0
    const request = post('/api/billing/webhook', { body: '{}' })
    await request.text()
    expect(await answerOf(await handlerOf()(request))).toEqual({
      status: 500,
      body: { errorCode: 'INTERNAL', message: 'Something went wrong.' },
    })
    expect(logged).toMatchObject([[expect.any(String), { err: { message: /unread/ } }]])
  })

  it('of a request that is aborted changes nothing', async () => {
    const aborting = new AbortController()
    const body = new ReadableStream({ pull: () => aborting.abort() }, { highWaterMark: 0 })
    const request = post('/api/usage/record', {
      headers: withKey(),
      body,
      signal: aborting.signal,
    })
    logged.length = 0
    expect((await handlerOf()(request)).status).toBe(400)
    expect(logged).toEqual([])
  })

  it('of a webhook keeps its bytes when there is no content type', async () => {
    const payload = webhookBody('evt_without_type')
    const headers = { 'stripe-signature': signatureOf(payload) }
    const body = new Blob([payload]).stream()
    const response = await handlerOf()(post('/api/billing/webhook', { headers, body }))
    expect(await answerOf(response)).toEqual({ status: 200, body: { received: true } })
  })
})

describe('headers, methods and addresses', () => {
  it('of connections stay with the host, in both directions', async () => {
    const request = new Request(`${ADDRESS}/api/billing/plans`, {
      headers: { 'transfer-encoding': 'chunked', connection: 'close', 'content-length': '7' },
    })
    const { status, headers } = await handlerOf()(request)
    expect(status).toBe(200)
    expect([...headers.keys()].sort()).toEqual(['cache-control', 'content-type', 'date'])
  })

  it('of the response arrive: Allow, Retry-After', async () => {
    const handler = handlerOf()
    const wrong = await handler(new Request(`${ADDRESS}/api/usage/check`, { method: 'DELETE' }))
    expect(wrong.headers.get('allow')).toBe('POST')
    await handler.close()
    const late = await handler(new Request(`${ADDRESS}/api/billing/plans`))
    expect(late.headers.get('retry-after')).toBe('1')
  })

  it('OPTIONS is refused as the plugin refuses it: CORS is the host’s', async () => {
    const request = new Request(`${ADDRESS}/api/billing/plans`, { method: 'OPTIONS' })
    const response = await handlerOf()(request)
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      405,
      null,
    ])
  })

  it('an address that can’t be decoded is VALIDATION', async () => {
    const response = await handlerOf()(new Request(`${ADDRESS}/api/billing/%zz`))
    expect(await answerOf(response)).toMatchObject({
      status: 400,
      body: { errorCode: 'VALIDATION' },
    })
  })

  it('a method that nobody knows is METHOD_NOT_ALLOWED', async () => {
    const request = new Request(`${ADDRESS}/api/billing/plans`, { method: 'PURGE' })
    expect(await answerOf(await handlerOf()(request))).toMatchObject({
      status: 405,
      body: { errorCode: 'METHOD_NOT_ALLOWED' },
    })
  })
})

describe('a prefix', () => {
  it('stands before every path, and nothing is elsewhere', async () => {
    const handler = handlerOf({ prefix: '/pay' })
    const get = (path: string) => handler(new Request(`${ADDRESS}${path}`))
    expect((await get('/pay/api/billing/plans')).status).toBe(200)
    expect((await get('/pay/api/trpc/billing.plans')).status).toBe(200)
    for (const path of ['/api/billing/plans', '/', '/pay', '//pay/api/billing/plans']) {
      expect(await answerOf(await get(path))).toMatchObject({
        status: 404,
        body: { errorCode: 'NOT_FOUND' },
      })
    }
    const document = await (await get('/pay/api/openapi.json')).json()
    expect(document).toMatchObject({ servers: [{ url: '/pay' }] })
  })
})

describe('identify', () => {
  const get = (identify: FetchHandlerOptions['identify']) =>
    handlerOf({ identify })(new Request(`${ADDRESS}/api/billing/subscription`))

  it('that fails is INTERNAL, without a word of why', async () => {
    logged.length = 0
    const response = await get(async () => {
      throw new Error('the session store is at 10.0.0.7')
    })
    expect(await response.text()).toBe('{"errorCode":"INTERNAL","message":"Something went wrong."}')
    expect(response.status).toBe(500)
    expect(logged).toHaveLength(1)
  })

  it.each<[what: string, session: object]>([
    ['no user', { role: 'admin' }],
    ['an empty user', { userId: '', role: 'customer' }],
    ['a role that does not exist', { userId: 'ada', role: 'owner' }],
  ])('that resolves to %s is INTERNAL', async (_what, session) => {
    const identify = async () => session as { userId: string; role: 'customer' }
    expect((await get(identify)).status).toBe(500)
  })

  it('may resolve to a whole user record: only the id and the role count', async () => {
    const record = {
      kind: 'key',
      scopes: ['billing:read'],
      userId: 'ada',
      role: 'customer' as const,
    }
    expect(await (await get(async () => record)).json()).toMatchObject({ plan: 'starter' })
  })

  it('gets its own request where many run at once', async () => {
    const handler = handlerOf()
    const users = ['ada', 'bob', 'ada', 'bob', 'ada', 'bob']
    const plans = await Promise.all(
      users.map(async (user) => {
        const headers = { cookie: `host-session=${user}` }
        const request = new Request(`${ADDRESS}/api/billing/subscription`, { headers })
        const subscription: unknown = await (await handler(request)).json()
        return subscription === null ? null : Reflect.get(Object(subscription), 'plan')
      }),
    )
    expect(plans).toEqual(['starter', null, 'starter', null, 'starter', null])
  })
})

describe('close', () => {
  it('waits for calls under way, refuses later ones, and leaves core open', async () => {
    const resolvers: ((session: null) => void)[] = []
    const session = new Promise<null>((resolve) => {
      resolvers.push(resolve)
    })
    const handler = handlerOf({ identify: () => session })
    const underWay = handler(new Request(`${ADDRESS}/api/billing/plans`))
    const closing = handler.close()
    const late = await handler(new Request(`${ADDRESS}/api/billing/plans`))
    expect(await answerOf(late)).toMatchObject({ status: 503, body: { errorCode: 'UNAVAILABLE' } })
    for (const resolve of resolvers) resolve(null)
    expect((await underWay).status).toBe(200)
    await closing
    await handler.close()
    const use = { userId: 'ada', meter: 'gb', amount: 1, idempotencyKey: 'after close' } as const
    expect(await recordUsage(world.core, use)).toMatchObject({ replayed: false })
  })
})
