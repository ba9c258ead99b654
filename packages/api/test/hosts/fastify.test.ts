import type { FastifyInstance, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import fp from 'fastify-plugin'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionCaller } from '../../src/index.ts'
import { tollgatePlugin } from '../../src/index.ts'
import type { World } from '../world.ts'
import { ORIGIN, signedIn, startWorld } from '../world.ts'
import { takesCalls } from './calls.ts'

// A Fastify server with a product of its own, in which billing is one plugin among others.

let world: World
let host: FastifyInstance
let url: string
const seen: string[] = []

const SESSION = 'session'

/** The host's sign-in: as plugins do that are there for the whole server. */
const hostSignIn = fp(async (app) => {
  app.decorateRequest(SESSION, null)
  app.addHook('onRequest', async (request) => {
    request.setDecorator(SESSION, signedIn(request.headers.cookie))
  })
})

const sessionOf = (request: FastifyRequest) => request.getDecorator<SessionCaller | null>(SESSION)

beforeAll(async () => {
  world = await startWorld()
  host = Fastify({ bodyLimit: 1_000 })
  host.removeAllContentTypeParsers()
  host.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, { host: String(body) }),
  )
  host.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  host.setErrorHandler((error, _request, reply) => reply.code(418).send({ host: String(error) }))
  host.setNotFoundHandler((_request, reply) => reply.code(404).send({ host: 'nothing' }))
  host.setSerializerCompiler(() => () => '"the host\'s serializer"')
  host.addHook('onResponse', async ({ routeOptions }) => {
    seen.push(String(routeOptions.url))
  })
  await host.register(hostSignIn)
  host.post('/api/reports', async (request) => ({ ...sessionOf(request), body: request.body }))
  host.get('/api/broken', async () => {
    throw new Error('broken')
  })
  await host.register(tollgatePlugin, {
    core: world.core,
    origins: [ORIGIN],
    identify: async (request) => sessionOf(request),
  })
  host.get('/api/later', async () => ({ host: 'registered after billing' }))
  url = await host.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await host.close()
  await world.close()
})

takesCalls(() => ({ url, world }))

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, init)
  return { status: response.status, body: await response.json() }
}

describe('what is the Fastify server’s own', () => {
  it('stays as it was: sign-in, parsers, body limit', async () => {
    const post = (type: string, body: string) =>
      ask('/api/reports', {
        method: 'POST',
        headers: { 'content-type': type, cookie: 'host-session=ada' },
        body,
      })
    const ada = { userId: 'ada', role: 'customer' }
    expect(await post('application/json', '{')).toEqual({
      status: 200,
      body: { ...ada, body: { host: '{' } },
    })
    expect(await post('text/csv', 'a,b')).toEqual({ status: 200, body: { ...ada, body: 'a,b' } })
    expect(await post('text/csv', 'a'.repeat(1_001))).toMatchObject({ status: 418 })
  })

  it('stays as it was: errors, unknown addresses, routes that come later', async () => {
    expect(await ask('/api/broken')).toEqual({ status: 418, body: { host: 'Error: broken' } })
    expect(await ask('/api/nothing')).toEqual({ status: 404, body: { host: 'nothing' } })
    expect(await ask('/api/later')).toEqual({
      status: 200,
      body: { host: 'registered after billing' },
    })
  })

  it('sees the calls to billing pass, in its hooks', async () => {
    seen.length = 0
    await ask('/api/billing/plans')
    expect(seen).toEqual(['/api/billing/plans'])
  })

  it('may limit its bodies to less than those that billing takes', async () => {
    const { status, body } = await ask('/api/usage/record-batch', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        events: Array.from({ length: 100 }, (_, i) => ({
          userId: 'ada',
          meter: 'gb',
          amount: 1,
          idempotencyKey: `batch ${i}`,
        })),
      }),
    })
    expect({ status, body }).toMatchObject({ status: 200, body: { results: { length: 100 } } })
  })
})
