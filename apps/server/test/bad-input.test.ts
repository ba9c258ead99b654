import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, TestServer } from './harness.ts'
import { addSubscriber, apiKey, rowCounts, send, startServer } from './harness.ts'

let server: TestServer
let key: string
let before: Record<string, number>
const use = { userId: 'metered', meter: 'tokens', amount: 1, idempotencyKey: 'one' }

beforeAll(async () => {
  server = await startServer()
  await addSubscriber(server.core, 'metered')
  key = await apiKey(server.core, ['usage:write', 'usage:read', 'billing:write', 'billing:read'])
  before = await rowCounts(server.core)
})

afterAll(async () => {
  expect(await rowCounts(server.core)).toEqual(before)
  await server.close()
})

/** The same body to REST and to tRPC. */
async function both(path: string, body: string, contentType = 'application/json') {
  const headers = { authorization: `Bearer ${key}`, 'content-type': contentType }
  const init = { method: 'POST', headers, body }
  const procedure = path.replace('/', '.').replace('record-batch', 'recordBatch')
  return Promise.all([
    send(`${server.url}/api/${path}`, init),
    send(`${server.url}/api/trpc/${procedure}`, init),
  ])
}

/** Announces a body and never sends it: the answer has to come from the headers alone. */
async function announce(url: string, bytes: number) {
  const sent = request(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': bytes,
    },
  })
  sent.flushHeaders()
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject)
  })
  const answer = { statusCode: response.statusCode, text: await text(response) }
  sent.destroy()
  return answer
}

function expectBoth(answers: Answer[], errorCode: string, status: number): void {
  for (const answer of answers) {
    expect(answer).toMatchObject({ errorCode, status })
    expect(JSON.stringify(answer.body)).not.toMatch(/stack|cause|node_modules|\.ts:/)
  }
}

describe('a bad input is answered in the words of the contract, and changes nothing', () => {
  it.each<[what: string, change: object, errorCode: string]>([
    ['an unknown meter', { meter: 'minutes' }, 'UNKNOWN_METER'],
    ['a negative amount', { amount: -1 }, 'VALIDATION'],
    ['an amount of nothing', { amount: 0 }, 'VALIDATION'],
    ['a fraction', { amount: 1.5 }, 'VALIDATION'],
    ['an unsafe amount', { amount: 2 ** 53 }, 'VALIDATION'],
    ['an amount as text', { amount: '1' }, 'VALIDATION'],
    ['a key of 256 characters', { idempotencyKey: 'k'.repeat(256) }, 'VALIDATION'],
    ['an empty key', { idempotencyKey: '' }, 'VALIDATION'],
    ['a key with a NUL', { idempotencyKey: 'a\0b' }, 'VALIDATION'],
    ['metadata over 4 KiB', { metadata: { note: 'x'.repeat(5_000) } }, 'VALIDATION'],
    ['a field that nobody knows', { amounts: 1 }, 'VALIDATION'],
    ['a time for a decision about now', { occurredAt: '2026-01-01T00:00:00.000Z' }, 'VALIDATION'],
  ])('%s', async (_what, change, errorCode) => {
    expectBoth(await both('usage/consume', JSON.stringify({ ...use, ...change })), errorCode, 400)
  })

  it('an unknown user', async () => {
    const body = JSON.stringify({ ...use, userId: 'nobody' })
    expectBoth(await both('usage/consume', body), 'USER_NOT_FOUND', 404)
  })

  it('an unknown plan', async () => {
    const body = JSON.stringify({ userId: 'metered', plan: 'platinum' })
    expectBoth(await both('billing/checkout', body), 'UNKNOWN_PLAN', 400)
  })

  it('a way back to a page of somebody else', async () => {
    const successUrl = 'https://evil.example/done'
    const body = JSON.stringify({ userId: 'metered', plan: 'pro', successUrl })
    expectBoth(await both('billing/checkout', body), 'VALIDATION', 400)
  })

  it('a body that is not JSON', async () => {
    expectBoth(await both('usage/consume', '{"userId":'), 'VALIDATION', 400)
  })

  it.each(['[]', '"text"', '1', 'null'])('a body that is %s', async (body) => {
    expectBoth(await both('usage/consume', body), 'VALIDATION', 400)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
  ])('a body sent as %s', async (contentType) => {
    const answers = await both('usage/consume', JSON.stringify(use), contentType)
    expectBoth(answers, 'UNSUPPORTED_MEDIA_TYPE', 415)
  })

  it.each(['/api/usage/consume', '/api/trpc/usage.consume'])(
    'a body of more than 8 MiB to %s, before it is read',
    async (path) => {
      const { statusCode, text } = await announce(`${server.url}${path}`, 9_000_000)
      expect(statusCode).toBe(413)
      expect(text).toContain('"errorCode":"PAYLOAD_TOO_LARGE"')
    },
  )

  it('a batch of more than a thousand', async () => {
    const body = JSON.stringify({ events: Array.from({ length: 1_001 }, () => use) })
    expectBoth(await both('usage/record-batch', body), 'VALIDATION', 400)
  })
})

describe('a bad address or method', () => {
  it.each([
    ['GET', '/api/billing/nothing', 'NOT_FOUND', 404],
    ['GET', '/api/users', 'NOT_FOUND', 404],
    ['GET', '/api/usage/', 'NOT_FOUND', 404],
    ['GET', '/api/trpc', 'NOT_FOUND', 404],
    ['GET', '/api/trpc/billing.nothing', 'NOT_FOUND', 404],
    ['GET', '/api/trpc/%25', 'NOT_FOUND', 404],
    ['GET', '/api/auth/verify-email?token=%00', 'VALIDATION', 400],
    ['POST', '/api/trpc/usage.delete', 'NOT_FOUND', 404],
    ['GET', '/api/billing/%zz', 'VALIDATION', 400],
    ['DELETE', '/api/billing/quota', 'METHOD_NOT_ALLOWED', 405],
    ['GET', '/api/usage/consume', 'METHOD_NOT_ALLOWED', 405],
    ['GET', '/api/trpc/usage.consume', 'METHOD_NOT_ALLOWED', 405],
    ['PUT', '/api/trpc/usage.consume', 'METHOD_NOT_ALLOWED', 405],
    ['POST', '/api/trpc/usage.check', 'METHOD_NOT_ALLOWED', 405],
    ['GET', '/api/billing/webhook', 'METHOD_NOT_ALLOWED', 405],
  ])('%s %s is %s', async (method, path, errorCode, status) => {
    const headers = { authorization: `Bearer ${key}` }
    const body = method === 'POST' ? { body: '{}' } : {}
    const answer = await send(`${server.url}${path}`, { method, headers, ...body })
    expect(answer).toMatchObject({ errorCode, status })
  })
})

describe('a query', () => {
  const get = (path: string) =>
    send(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })

  it('takes a number as text where REST has no other way', async () => {
    expect(await get('/api/usage/events?userId=metered&limit=1')).toMatchObject({ status: 200 })
  })

  it.each(['limit=0', 'limit=101', 'limit=1.5', 'limit=ten', 'limit=1&limit=2', 'from=today'])(
    'with %s is VALIDATION',
    async (query) => {
      const answer = await get(`/api/usage/events?userId=metered&${query}`)
      expect(answer).toMatchObject({ errorCode: 'VALIDATION', status: 400 })
    },
  )

  it('of one transport does not loosen the other: text is no number over tRPC', async () => {
    const input = encodeURIComponent(JSON.stringify({ userId: 'metered', limit: '1' }))
    const answer = await get(`/api/trpc/usage.events?input=${input}`)
    expect(answer).toMatchObject({ errorCode: 'VALIDATION', status: 400 })
  })
})

describe('a batch of tRPC calls', () => {
  it('has an answer for each, whatever became of the others', async () => {
    const inputs = { 0: { userId: 'metered' }, 1: { userId: 'nobody' } }
    const query = `batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`
    const { body } = await send(`${server.url}/api/trpc/billing.quota,billing.quota?${query}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(body).toMatchObject([
      { result: { data: [{ meter: 'tokens' }, {}, {}] } },
      { error: { data: { errorCode: 'USER_NOT_FOUND' } } },
    ])
  })

  it('may be long, up to a hundred', async () => {
    const paths = (n: number) => Array.from({ length: n }, () => 'billing.plans').join(',')
    const ask = (n: number) => send(`${server.url}/api/trpc/${paths(n)}?batch=1&input={}`, {})
    expect(await ask(100)).toMatchObject({ status: 200 })
    expect(await ask(101)).toMatchObject({ status: 400, errorCode: 'VALIDATION' })
  })
})
