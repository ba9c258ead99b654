import { TollgateError } from '@tollgate/core'
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { admission, apiContextOf } from '../src/http/admission/admission.ts'
import { BodyReader } from '../src/http/body/body-reader.ts'
import { trpcRoutes } from '../src/http/trpc/trpc.ts'
import { procedureFor, router } from '../src/trpc.ts'

// A single call does not pass through tRPC's adapter. Its response must be the same as if it did.

const open = procedureFor(() => ({ who: 'public' }))
const input = z.object({ name: z.string().optional(), fail: z.boolean().optional() }).optional()
const answer = ({ input: given }: { input: z.output<typeof input> }) => {
  if (given?.fail) throw new TollgateError('RATE_LIMITED', 'later', { retryAfterSeconds: 3 })
  return given === undefined ? undefined : { hello: given.name ?? null }
}
const served = router({
  read: open.input(input).query(answer),
  write: open.input(input).mutation(answer),
  closed: procedureFor(() => ({ who: 'admin' })).mutation(() => 'never'),
  broken: open.query(() => {
    throw new Error('a surprise')
  }),
  nested: router({ read: open.query(() => 1) }),
})

let host: FastifyInstance
let url: string

beforeAll(async () => {
  host = Fastify()
  await host.register((scope, _options, done) => {
    const admit = admission(scope, {
      callerOf: async () => ({ kind: 'anonymous' }),
      origins: [],
      core: { handle: 'core' },
    })
    trpcRoutes(scope, { router: served, admit, bodies: new BodyReader() })
    scope.route({
      method: ['GET', 'POST'],
      url: '/adapter/*',
      onRequest: admit(() => ({ procedures: ['adapter'], batched: false, exists: () => true })),
      handler: async (request, reply) => {
        const path = String(Reflect.get(Object(request.params), '*'))
        const createContext = () => apiContextOf(request)
        const parts = { req: request, res: reply, path, createContext, router: served }
        await fastifyRequestHandler({ ...parts, allowBatching: true })
        return reply
      },
    })
    done()
  })
  url = await host.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(() => host.close())

const query = (value: unknown) => `input=${encodeURIComponent(JSON.stringify(value))}`
const json = { 'content-type': 'application/json' }
const post = (body: string): RequestInit => ({ method: 'POST', headers: json, body })

describe('a single call is answered as by the adapter of tRPC', () => {
  it.each<[what: string, path: string, init?: RequestInit]>([
    ['a query', `read?${query({ name: 'ada' })}`],
    ['a query without input', 'read'],
    ['a query with an empty input', 'read?input='],
    ['a query with null', `read?${query(null)}`],
    ['a query with broken JSON', 'read?input=%7B'],
    ['a query with two inputs', `read?${query({ name: 'a' })}&${query({ name: 'b' })}`],
    ['a query with a wrong input', `read?${query({ name: 1 })}`],
    ['a query that fails', `read?${query({ fail: true })}`],
    ['a query that surprises', 'broken'],
    ['a nested query', 'nested.read'],
    ['a query sent as a mutation', 'read', post('{}')],
    ['a query that says it is text', 'read', { headers: { 'content-type': 'text/plain' } }],
    ['a query for a stream', 'read', { headers: { accept: 'application/jsonl' } }],
    ['a mutation', 'write', post('{"name":"ada"}')],
    ['a mutation with null', 'write', post('null')],
    ['a mutation with broken JSON', 'write', post('{')],
    ['a mutation with a wrong input', 'write', post('[]')],
    ['a mutation that fails', 'write', post('{"fail":true}')],
    ['a mutation sent as a query', 'write'],
    ['a mutation that nobody may call', 'closed', post('{}')],
    ['a mutation that nobody may call, with broken JSON', 'closed', post('{')],
    ['an unknown procedure', 'nothing'],
    ['a name that every object has', 'constructor'],
    ['a router', 'nested'],
    ['a batch', `read,nested.read?batch=1&${query({ 0: { name: 'ada' } })}`],
    ['a batch of one', `read?batch=1&${query({ 0: { name: 'ada' } })}`],
    ['a batch of mutations', 'write,write?batch=1', post('{"0":{"name":"a"},"1":{"fail":true}}')],
  ])('%s', async (_what, path, init) => {
    const [ours, theirs] = await Promise.all(
      ['api/trpc', 'adapter'].map(async (base) => {
        const response = await fetch(`${url}/${base}/${path}`, init)
        return { status: response.status, body: await response.text() }
      }),
    )
    expect(ours).toEqual(theirs)
  })

  it('with when to come back', async () => {
    const response = await fetch(`${url}/api/trpc/write`, post('{"fail":true}'))
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('3')
    expect(response.headers.get('content-type')).toContain('application/json')
  })
})
