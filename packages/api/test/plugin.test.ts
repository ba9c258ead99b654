import type { Context } from '@tollgate/core'
import { closeContext, createApiKey, createContext, revokeApiKey, upsertUser } from '@tollgate/core'
import { silentLog } from '@tollgate/core/testing'
import { createTestDatabase } from '@tollgate/testing'
import { catalog } from '@tollgate/testing/catalog'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObservedCall } from '../src/index.ts'
import { tollgatePlugin } from '../src/index.ts'

// Somebody else's server: its own routes, its own sign-in, its own way with errors and forms.
let host: FastifyInstance
let url: string
let core: Context
let dropDatabase: () => Promise<void>
const observed: ObservedCall[] = []
const ORIGIN = 'https://product.example.com'

beforeAll(async () => {
  const database = await createTestDatabase()
  dropDatabase = database.drop
  core = createContext({
    catalog,
    databaseUrl: database.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: ['whsec_1'], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: ORIGIN, pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
  })
  await upsertUser(core, { userId: 'ada', email: 'ada@example.com' })
  host = Fastify()
  host.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  host.setErrorHandler((error, _request, reply) => reply.code(418).send({ host: String(error) }))
  host.setNotFoundHandler((_request, reply) => reply.code(404).send({ host: 'nothing' }))
  host.post('/api/reports', async ({ body }) => ({ host: body }))
  host.get('/api/broken', async () => {
    throw new Error('broken')
  })
  await host.register(tollgatePlugin, {
    core,
    origins: [ORIGIN],
    identify: async ({ headers }) =>
      headers.cookie === 'user=ada' ? { userId: 'ada', role: 'customer' } : null,
    observe: (call) => observed.push(call),
  })
  await host.register(tollgatePlugin, {
    prefix: '/v2',
    core,
    origins: [],
    identify: async () => ({ userId: 'ada', role: 'customer' }),
  })
  url = await host.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await host.close()
  await closeContext(core)
  await dropDatabase()
})

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, init)
  const body: unknown = await response.json()
  return { status: response.status, body }
}

describe("billing in somebody else's server", () => {
  it('knows whom their sign-in knows, over tRPC and REST', async () => {
    const headers = { cookie: 'user=ada' }
    expect(await ask('/api/trpc/billing.subscription', { headers })).toEqual({
      status: 200,
      body: { result: { data: null } },
    })
    expect(await ask('/api/billing/subscription', { headers })).toEqual({ status: 200, body: null })
    expect(await ask('/api/billing/subscription')).toMatchObject({
      status: 401,
      body: { errorCode: 'UNAUTHENTICATED' },
    })
  })

  it('takes changes with their cookie from their own pages alone', async () => {
    const post = (origin: string) =>
      ask('/api/billing/portal', {
        method: 'POST',
        headers: { cookie: 'user=ada', 'content-type': 'application/json', origin },
        body: '{}',
      })
    expect(await post('https://evil.example')).toMatchObject({ body: { errorCode: 'FORBIDDEN' } })
    expect(await post(ORIGIN)).toMatchObject({ body: { errorCode: 'NO_SUBSCRIPTION' } })
  })

  it('takes its own API keys, until they are revoked', async () => {
    const actor = { kind: 'command', id: 'test' } as const
    const input = { name: 'app', scopes: ['billing:read'], createdBy: actor } as const
    const { id, key } = await createApiKey(core, input)
    const get = () =>
      ask('/api/billing/quota?userId=ada', { headers: { authorization: `Bearer ${key}` } })
    expect(await get()).toMatchObject({ status: 200 })
    await revokeApiKey(core, { id, revokedBy: actor })
    expect(await get()).toMatchObject({ status: 401, body: { errorCode: 'UNAUTHENTICATED' } })
  })

  it('takes the webhook, and tells a bad signature', async () => {
    const answer = await ask('/api/billing/webhook', { method: 'POST', body: '{}' })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'VALIDATION' } })
  })

  it('leaves alone what is theirs: parsers, errors, unknown addresses', async () => {
    const csv = { 'content-type': 'text/csv' }
    expect(await ask('/api/reports', { method: 'POST', headers: csv, body: 'a,b' })).toEqual({
      status: 200,
      body: { host: 'a,b' },
    })
    expect(await ask('/api/broken')).toEqual({ status: 418, body: { host: 'Error: broken' } })
    expect(await ask('/api/nothing')).toEqual({ status: 404, body: { host: 'nothing' } })
    expect(await ask('/api/billing/nothing')).toMatchObject({ body: { errorCode: 'NOT_FOUND' } })
  })

  it('can be mounted under a prefix', async () => {
    expect(await ask('/v2/api/billing/subscription')).toEqual({ status: 200, body: null })
    expect(await ask('/v2/api/billing/nothing')).toMatchObject({ body: { errorCode: 'NOT_FOUND' } })
  })

  it('takes user ids as long as they may be, whatever characters they have', async () => {
    const actor = { kind: 'command', id: 'test' } as const
    const input = { name: 'app', scopes: ['users:write'], createdBy: actor } as const
    const { key } = await createApiKey(core, input)
    for (const userId of ['ü'.repeat(255), 'team/7 ?&=+%']) {
      const answer = await ask(`/api/users/${encodeURIComponent(userId)}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'x@example.com' }),
      })
      expect(answer).toEqual({ status: 200, body: { userId } })
    }
    const other = await ask('/api/users/one', {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'another', email: 'x@example.com' }),
    })
    expect(other).toMatchObject({ status: 400, body: { errorCode: 'VALIDATION' } })
  })

  it('tells them of each call and how it ended', async () => {
    observed.length = 0
    await ask('/api/trpc/billing.plans')
    await ask('/api/billing/quota')
    expect(observed).toEqual([
      { procedure: 'billing.plans', outcome: 'ok' },
      { procedure: 'billing.quota', outcome: 'UNAUTHENTICATED' },
    ])
  })
})
