import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SignedIn, TestServer } from '../harness.ts'
import { APP_URL, apiKey, signUp, startServer } from '../harness.ts'
import { raw, requestText } from './raw.ts'

let server: TestServer
let pages: string
let somebody: SignedIn
let key: string

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'tollgate-pages-'))
  await mkdir(join(pages, 'assets'))
  await writeFile(join(pages, 'index.html'), '<title>Tollgate</title>')
  await writeFile(join(pages, 'assets/app-1234.js'), 'export {}')
  server = await startServer({ pages })
  somebody = await signUp(server, 'somebody@example.com')
  key = await apiKey(server.core, ['billing:read'])
})

afterAll(async () => {
  await server.close()
  await rm(pages, { recursive: true })
})

const json = 'content-type: application/json'
const host = `host: ${new URL(APP_URL).host}`

/** Answers of every origin: routes, errors, Fastify itself, plugins, the sign-in, Node's HTTP parser. */
const answers: [what: string, request: () => string, status: number][] = [
  ['a page', () => requestText('/billing', []), 200],
  ['a file of the pages', () => requestText('/assets/app-1234.js', []), 200],
  ['a file that is missing', () => requestText('/assets/no.js', []), 404],
  ['health', () => requestText('/healthz', []), 200],
  ['metrics', () => requestText('/metrics', []), 200],
  ['metrics through a proxy', () => requestText('/metrics', ['x-forwarded-for: 1.2.3.4']), 403],
  ['the document', () => requestText('/api/openapi.json', []), 200],
  ['the documentation', () => requestText('/api/docs/', []), 200],
  ['plans', () => requestText('/api/billing/plans', []), 200],
  ['plans over tRPC', () => requestText('/api/trpc/billing.plans', []), 200],
  ['a batch', () => requestText('/api/trpc/billing.plans,billing.plans?batch=1&input={}', []), 200],
  ['a refusal', () => requestText('/api/billing/quota', []), 401],
  ['a refusal over tRPC', () => requestText('/api/trpc/billing.quota', []), 401],
  [
    'a personal answer',
    () => requestText('/api/billing/quota', [`cookie: ${somebody.cookie}`]),
    200,
  ],
  [
    'one for a key',
    () => {
      const authorization = `authorization: Bearer ${key}`
      return requestText(`/api/billing/quota?userId=${somebody.userId}`, [authorization])
    },
    200,
  ],
  ['an unknown address', () => requestText('/api/nothing', []), 404],
  ['a change at an unknown address', () => requestText('/api/nothing', ['POST', json], '{}'), 404],
  ['another method', () => requestText('/api/billing/plans', ['DELETE']), 405],
  [
    'another type',
    () =>
      requestText(
        '/api/trpc/usage.record',
        ['POST', 'content-type: a/b', `authorization: Bearer ${key}`],
        'x',
      ),
    403,
  ],
  ['an address that can’t be decoded', () => requestText('/api/billing/%zz', []), 400],
  [
    'a preflight',
    () =>
      requestText('/api/trpc/x', [
        'OPTIONS',
        `origin: ${APP_URL}`,
        'access-control-request-method: POST',
      ]),
    204,
  ],
  ['a session', () => requestText('/api/auth/get-session', [`cookie: ${somebody.cookie}`]), 200],
  ['no session', () => requestText('/api/auth/get-session', []), 200],
  [
    'a failed sign-in',
    () =>
      requestText(
        '/api/auth/sign-in/email',
        ['POST', json, `origin: ${APP_URL}`],
        '{"email":"a@example.com","password":"wrong password"}',
      ),
    401,
  ],
  [
    'a sign-in of no JSON',
    () => requestText('/api/auth/sign-in/email', ['POST', json, `origin: ${APP_URL}`], '{'),
    400,
  ],
  [
    'a sign-in that is too deep',
    () =>
      requestText(
        '/api/auth/sign-in/email',
        ['POST', json, `origin: ${APP_URL}`],
        '['.repeat(5_000),
      ),
    400,
  ],
  [
    'a sign-in that is too large',
    () => requestText('/api/auth/sign-in/email', ['POST', json, 'content-length: 70000']),
    413,
  ],
  ['an unknown route of the sign-in', () => requestText('/api/auth/admin/list-users', []), 404],
  [
    'a webhook without a signature',
    () => requestText('/api/billing/webhook', ['POST', json], '{}'),
    400,
  ],
  ['no HTTP', () => 'nonsense\r\n\r\n', 400],
  ['a wrong header', () => `GET / HTTP/1.1\r\n${host}\r\nbad header: 1\r\n\r\n`, 400],
  ['no Host', () => 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ['a Host that is none', () => requestText('/', ['host: ex ample']), 400],
  ['headers that are too large', () => requestText('/', [`x-large: ${'x'.repeat(20_000)}`]), 431],
  [
    'two lengths',
    () => `POST / HTTP/1.1\r\n${host}\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n`,
    400,
  ],
  [
    'a length and chunks',
    () => `POST / HTTP/1.1\r\n${host}\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`,
    400,
  ],
  ['an expectation', () => requestText('/healthz', ['expect: the-unexpected']), 417],
]

describe('every answer has the security headers, and is kept by no cache unless it is a page', () => {
  it.each(answers)('%s', async (_what, request, status) => {
    const answer = await raw(server.url, request())
    expect(answer.status).toBe(status)
    const { headers } = answer
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    const cached = headers.get('cache-control')
    if (/a page|a file of the pages/.test(_what)) expect(cached).not.toBe('no-store')
    else expect(cached).toBe('no-store')
    expect(answer.body).not.toMatch(/node_modules| {4}at /)
  })
})

/** What no URL parser takes, and what could confuse one that does. */
const hostile = [
  'host: ',
  'host: [::1',
  'host: a b',
  'host: user@evil.example',
  'host: evil.example/path',
  'host: evil.example?x',
  'host: evil.example#x',
  'host: 999.999.999.999',
  'host: example.com:99999',
  'host: ex\x80mple',
  'host: \\evil',
  'host: %zz',
  'origin: http://[',
  'origin: null',
  'origin: \x80\xff',
  'referer: http://[::',
  'x-forwarded-host: [[',
  'x-forwarded-proto: javascript',
  'x-forwarded-for: not an address, [::',
  'forwarded: for=_hidden;;;',
  'cookie: better-auth.session_token=%zz',
  'cookie: better-auth.session_token=%E0%A4%A',
  'cookie: ;;;=;=\x80',
  'content-type: \x80/;;charset',
  'content-type: application/json; charset=\x80',
  'accept: \xff',
  'authorization: Bearer',
  'authorization: \xff\xfe',
  'if-none-match: \x80',
  'range: bytes=\xff',
  'user-agent: \xff',
]

const targets: [path: string, first: string, body: string][] = [
  ['/', 'GET', ''],
  ['/assets/app-1234.js', 'GET', ''],
  ['/api/trpc/billing.plans', 'GET', ''],
  ['/api/trpc/billing.plans,billing.plans?batch=1', 'GET', ''],
  ['/api/billing/plans', 'GET', ''],
  ['/api/billing/sync', 'POST', '{}'],
  ['/api/billing/webhook', 'POST', '{}'],
  ['/api/auth/get-session', 'GET', ''],
  ['/api/auth/sign-in/email', 'POST', '{"email":"a@example.com","password":"wrong password"}'],
  ['/api/auth/sign-out', 'POST', '{}'],
]

const urls = [
  '//evil.example/api/auth/get-session',
  'http://[::1/api/auth/get-session',
  'http://evil.example/api/auth/get-session',
  '/api/auth/%',
  '/api/auth/%00',
  '/api/auth/%zz',
  '/api/auth/../../metrics',
  '/api/auth/get-session?%zz=%E0%A4%A',
  '/api/auth/\\evil',
  '/api/auth/callback/%5B?state=%zz',
  '/api/trpc/%zz',
  '/api/trpc/%00',
  '/api/trpc/billing.plans?input=%zz',
  '/api/trpc/billing.plans?batch=1&input=%E0',
  '/api/trpc/,,,?batch=1',
  '/api/billing/plans?__proto__=1',
  '/api/users/%ff',
  '*',
  '/%2e%2e/%2e%2e/etc/passwd',
]

describe('what no parser takes is the fault of its sender', () => {
  it.each(hostile)('the header %j never makes an answer of 5xx', async (header) => {
    for (const [path, method, body] of targets) {
      const type = /^content-type/.test(header) || body === '' ? [] : [json]
      const answer = await raw(server.url, requestText(path, [method, header, ...type], body))
      expect([path, answer.status]).toEqual([path, expect.any(Number)])
      expect(answer.status).toBeGreaterThanOrEqual(200)
      expect(answer.status).toBeLessThan(500)
      if (header.startsWith('host:')) expect([path, answer.status]).toEqual([path, 400])
    }
  })

  it.each(urls)('nor does the address %j', async (url) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const lines = method === 'POST' ? [method, json] : [method]
      const answer = await raw(server.url, requestText(url, lines, method === 'POST' ? '{}' : ''))
      expect(answer.status).toBeGreaterThanOrEqual(200)
      expect(answer.status).toBeLessThan(500)
    }
  })

  const unit = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code))
  const text = fc.string({ unit, maxLength: 40 })
  const names = 'host origin referer cookie content-type accept authorization range if-none-match'
  const forwarded = 'x-forwarded-for x-forwarded-host x-forwarded-proto forwarded x-real-ip'
  const others = 'access-control-request-method content-length transfer-encoding trpc-accept expect'
  const name = fc.constantFrom(...`${names} ${forwarded} ${others}`.split(' '))

  it('nor does any header or address, whatever bytes it has', async () => {
    const target = fc.constantFrom(...targets)
    await fc.assert(
      fc.asyncProperty(
        target,
        name,
        text,
        text,
        async ([path, method, body], header, value, end) => {
          const lines = [method, `${header}: ${value}`, ...(body === '' ? [] : [json])]
          for (const url of [path, `${path}${end}`, `${path}?${end}`, `${path}?input=${end}`]) {
            // An answer, or none where the server still waits for what the header promises.
            const answer = await raw(server.url, requestText(url, lines, body), { patienceMs: 200 })
            expect(answer.status).not.toBeGreaterThanOrEqual(500)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})
