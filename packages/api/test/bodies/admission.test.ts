import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { access } from '../../src/access.ts'
import { restRoutes } from '../../src/http/rest/rest.ts'
import { appRouter, tollgatePlugin } from '../../src/index.ts'
import type { World } from '../world.ts'
import { ORIGIN, signedIn, startWorld } from '../world.ts'

// Who calls is decided before a body is read; what is read is cheap, whatever it is.

let world: World
let host: FastifyInstance
let url: string

beforeAll(async () => {
  world = await startWorld()
  host = Fastify()
  await host.register(tollgatePlugin, {
    core: world.core,
    origins: [ORIGIN],
    identify: async ({ headers }) => signedIn(headers.cookie),
  })
  url = await host.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await host.close()
  await world.close()
})

interface Sent {
  headers?: Record<string, string>
  method?: string
  /** Announced and never sent, where it is a number. */
  body: string | number
}

async function send(path: string, { headers = {}, method = 'POST', body }: Sent) {
  const length = typeof body === 'number' ? body : Buffer.byteLength(body)
  const sent = request(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
  })
  sent.on('error', () => undefined)
  if (typeof body === 'string') sent.end(body)
  else sent.flushHeaders()
  const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve))
  const answer = await text(response)
  sent.destroy()
  return { status: response.statusCode, answer }
}

const withKey = () => ({ authorization: `Bearer ${world.apiKey}` })

function typeOf(procedure: unknown): unknown {
  return Reflect.get(Object(Reflect.get(Object(procedure), '_def')), 'type')
}

/** Every way to every procedure that takes a body. */
const changes = [
  ...Object.entries(appRouter._def.procedures)
    .filter(([, procedure]) => typeOf(procedure) === 'mutation')
    .flatMap(([name]): [string, string, string][] => [
      [name, 'POST', `/api/trpc/${name}`],
      [name, 'POST', `/api/trpc/${name},${name}?batch=1`],
    ]),
  ...restRoutes
    .filter(({ method }) => method !== 'GET')
    .map(({ procedure, method, path }): [string, string, string] => [
      procedure,
      method,
      path.replace('{userId}', 'ada'),
    ]),
]

describe('a body is not read', () => {
  it.each(changes.filter(([name]) => access[name]?.who !== 'public'))(
    'of a caller whom nobody knows, by %s (%s %s)',
    async (_name, method, path) => {
      const { status, answer } = await send(path, { method, body: 50_000 })
      expect(status).toBe(401)
      expect(answer).toContain('"errorCode":"UNAUTHENTICATED"')
    },
  )

  it.each([
    ['a key that is wrong', { authorization: 'Bearer tg_wrong' }, 401],
    ['a session that is no admin', { cookie: 'host-session=ada', origin: ORIGIN }, 403],
    ['a page of somebody else', { cookie: 'host-session=root', origin: 'https://evil.test' }, 403],
  ])('of %s', async (_who, headers, status) => {
    const answer = await send('/api/trpc/admin.setQuota', { headers, body: 50_000 })
    expect(answer).toMatchObject({ status })
  })

  it.each([
    ['/api/trpc/usage.nothing', 404],
    ['/api/trpc/usage.nothing,usage.else?batch=1', 404],
    ['/api/usage/nothing', 404],
    ['/api/users', 404],
    ['/api/billing/webhook', 400],
  ])('at %s, where nothing takes it', async (path, status) => {
    expect(await send(path, { body: 50_000 })).toMatchObject({ status })
  })

  it.each(['?batch=1', '?batch=1&batch=1', '?batch=1#', '?b%61tch=1', ''])(
    'of a tRPC request with more calls than it may have, asked for with %j',
    async (query) => {
      const path = Array.from({ length: 101 }, () => 'usage.consume').join(',')
      const answer = await send(`/api/trpc/${path}${query}`, { headers: withKey(), body: 50_000 })
      expect(answer).toMatchObject({ status: 400 })
    },
  )
})

describe('a body may have', () => {
  it.each(
    changes.filter(([name]) => {
      const rule = access[name]
      return rule?.who !== 'public' && rule?.scope !== undefined && rule.scope !== 'usage:correct'
    }),
  )(
    '64 KiB, or 8 MiB where it is a list, for each call: %s (%s %s)',
    async (name, method, path) => {
      const one = name === 'usage.recordBatch' ? 8 * 2 ** 20 : 64 * 2 ** 10
      const limit = path.includes('batch=1') ? Math.min(2 * one, 8 * 2 ** 20) : one
      const answer = await send(path, { method, headers: withKey(), body: limit + 1 })
      expect(answer).toMatchObject({ status: 413 })
    },
  )

  it('no more than its allowed calls need: a refused one in a batch gives no room', async () => {
    const path = '/api/trpc/usage.void,usage.record?batch=1'
    const answer = await send(path, { headers: withKey(), body: 64 * 2 ** 10 + 1 })
    expect(answer).toMatchObject({ status: 413 })
  })
})

const use = (change: object = {}) => ({
  userId: 'ada',
  meter: 'gb',
  amount: 1,
  idempotencyKey: randomUUID(),
  ...change,
})

/** The JSON of a use, with this text as its metadata. */
const useWith = (metadata: string) =>
  JSON.stringify(use({ metadata: '?' })).replace('"?"', () => metadata)

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
const manyFields = (count: number) =>
  `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join()}}`

describe('hostile JSON with a valid key', () => {
  it.each([
    ['seven megabytes of openings', () => '['.repeat(7_000_000)],
    ['openings in an item', () => `{"events":[${'['.repeat(7_000_000)}`],
    ['six hundred thousand fields', () => manyFields(600_000)],
    ['as many in an item', () => `{"events":[${manyFields(500_000)}]}`],
    ['as many in many items', () => `{"events":[${Array(800).fill(manyFields(1_000)).join()}]}`],
    ['four million values', () => `{"events":[${'1,'.repeat(4_000_000)}1]}`],
    [
      'metadata full of values',
      () => {
        const metadata = `{"a":[${'1,'.repeat(2_000)}1]}`
        return `{"events":[${Array(900).fill(useWith(metadata)).join()}]}`
      },
    ],
  ])('%s costs little, and the answer is short', async (_what, make) => {
    const body = make()
    const before = process.cpuUsage()
    for (const path of ['/api/usage/record-batch', '/api/trpc/usage.recordBatch']) {
      const { status, answer } = await send(path, { headers: withKey(), body })
      expect(status === 400 || status === 200 || status === 413).toBe(true)
      expect(answer.length).toBeLessThan(250_000)
    }
    // Of this process, client and server: so the load of the machine does not count. It was 10 s and more.
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(4_000)
  })

  it.each([
    ['/api/usage/record-batch', (body: string) => body],
    ['/api/trpc/usage.recordBatch', (body: string) => body],
    ['/api/trpc/usage.recordBatch?batch=1', (body: string) => `{"0":${body}}`],
  ])('one item with too much fails alone: %s', async (path, wrap) => {
    const bad = [
      useWith(deep(40)),
      useWith(deep(10_000)),
      useWith(manyFields(4_000)),
      manyFields(10_000),
      '['.repeat(20) + ']'.repeat(20),
      '1e999',
    ]
    const items = bad.flatMap((each) => [JSON.stringify(use()), each])
    const body = wrap(`{"events":[${items.join()}]}`)
    const { status, answer } = await send(path, { headers: withKey(), body })
    expect(status).toBe(200)
    const oks = [...answer.matchAll(/"ok":(true|false)/g)].map(([, ok]) => ok)
    expect(oks).toEqual(bad.flatMap(() => ['true', 'false']))
  })

  it('one call of a batch with too much fails alone', async () => {
    const body = `{"0":${JSON.stringify(use())},"1":${useWith(deep(5_000))}}`
    const path = '/api/trpc/usage.record,usage.record?batch=1'
    const { answer } = await send(path, { headers: withKey(), body })
    expect(JSON.parse(answer)).toMatchObject([
      { result: { data: { replayed: false } } },
      { error: { data: { errorCode: 'VALIDATION' } } },
    ])
  })

  it.each(['/api/usage/record', '/api/trpc/usage.record'])(
    'an error names a few mistakes, and repeats little: %s',
    async (path) => {
      const hostile = [
        manyFields(2_000),
        JSON.stringify(use({ meter: 'm'.repeat(50_000) })),
        JSON.stringify(use({ ['f'.repeat(50_000)]: 1 })),
        JSON.stringify(use({ metadata: [1] })),
      ]
      for (const body of hostile) {
        const { status, answer } = await send(path, { headers: withKey(), body })
        expect(status).toBe(400)
        expect(answer.length).toBeLessThan(4_000)
      }
    },
  )

  it('a query that is nested deep is refused as well', async () => {
    const input = encodeURIComponent('['.repeat(2_000))
    const response = await fetch(`${url}/api/trpc/usage.check?input=${input}`, {
      headers: withKey(),
    })
    expect(response.status).toBe(400)
  })
})
