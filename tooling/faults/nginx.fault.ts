import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestDatabase } from '../testing/src/index.ts'
import { createTestDatabase, freePort } from '../testing/src/index.ts'
import type { Nginx } from './nginx.ts'
import { startNginx, whyNoNginx } from './nginx.ts'

// The built server in production, as it is deployed: on loopback, behind an nginx that ends TLS.

const root = fileURLToPath(new URL('../..', import.meta.url))
const absent = whyNoNginx()
if (absent !== null) console.warn(`Left out: ${absent}`)

const inProduction = it.skipIf(absent !== null)

let database: TestDatabase | undefined
let nginx: Nginx
let server: ChildProcess | undefined
let log = ''

beforeAll(async () => {
  if (absent !== null) return
  database = await createTestDatabase()
  const [port, httpsPort] = [await freePort(), await freePort()]
  nginx = await startNginx(port, httpsPort)
  server = spawn(process.execPath, ['apps/server/dist/main.js'], {
    cwd: root,
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      APP_URL: nginx.url,
      // The proxy alone: in this test the callers have addresses of loopback too.
      TRUST_PROXY: '127.0.0.1',
      DATABASE_URL: database.url,
      AUTH_SECRET: 'a secret of thirty-two characters!',
      STRIPE_SECRET_KEY: 'sk_test_1',
      STRIPE_WEBHOOK_SECRET: 'whsec_test',
      STRIPE_API_BASE: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server.stdout?.on('data', (chunk: Buffer) => {
    log += chunk
  })
  while ((await send('/readyz')).status !== 200) {
    if (server.exitCode !== null) throw new Error(`the server ended:\n${log}`)
    await delay(100)
  }
})

afterAll(async () => {
  if (server) {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
  await nginx?.stop()
  await database?.drop()
})

interface Sent {
  base?: string
  /** The address that the caller has: each of 127.0.0.0/8 is this machine's. */
  from?: string
  headers?: Record<string, string>
  body?: object
}

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

async function send(path: string, sent: Sent = {}): Promise<Answer> {
  const { base = nginx.url, from = '127.0.0.1', headers = {}, body } = sent
  const { port } = new URL(base)
  const call = request({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    path,
    ca: nginx.ca,
    localAddress: from,
    method: body ? 'POST' : 'GET',
    headers: {
      host: `localhost:${port}`,
      ...(body && { 'content-type': 'application/json', origin: nginx.url }),
      ...headers,
    },
  })
  call.end(body && JSON.stringify(body))
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve).once('error', reject)
  })
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

const password = 'a long password of somebody'
const forged = (n: number) => ({
  'x-forwarded-for': `203.0.113.${n}`,
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  'x-real-ip': `203.0.113.${n}`,
  forwarded: `for=203.0.113.${n};host=evil.example;proto=http`,
  authorization: `Bearer tg_${n}`,
})

inProduction(
  'fourteen addresses sign up and in within a minute, on cookies that only https carries',
  async () => {
    for (let n = 1; n <= 14; n++) {
      const from = `127.0.1.${n}`
      const email = `somebody-${n}@example.com`
      const account = { email, password, name: 'Somebody' }
      const signedUp = await send('/api/auth/sign-up/email', { from, body: account })
      expect([n, signedUp.status]).toEqual([n, 200])
      const signedIn = await send('/api/auth/sign-in/email', { from, body: { email, password } })
      expect([n, signedIn.status]).toEqual([n, 200])
      const [cookie = ''] = signedIn.headers['set-cookie'] ?? []
      expect(cookie).toMatch(/^__Secure-[^;]+;.*HttpOnly; Secure; SameSite=Lax/i)
      const headers = { cookie: cookie.split(';')[0] ?? '' }
      const session = await send('/api/auth/get-session', { from, headers })
      expect(JSON.parse(session.body)).toMatchObject({ user: { email } })
      expect((await send('/api/billing/quota', { from, headers })).status).toBe(200)
    }
  },
)

/** Answers to guesses from one address, each at the account that `victim` names. */
async function guesses(from: string, count: number, victim: (n: number) => string) {
  const statuses: (number | undefined)[] = []
  for (let n = 1; n <= count; n++) {
    const body = { email: victim(n), password: `guess ${n} of a password` }
    statuses.push(
      (await send('/api/auth/sign-in/email', { from, headers: forged(n), body })).status,
    )
  }
  return statuses
}

inProduction('one address that guesses is stopped, whatever it says of itself', async () => {
  const one = await guesses('127.0.2.1', 14, () => 'victim@example.com')
  expect(one.slice(0, 10)).toEqual(Array(10).fill(401))
  expect(one.at(-1)).toBe(429)
  const many = await guesses('127.0.2.2', 70, (n) => `victim-${n}@example.com`)
  expect(many.slice(0, 10)).toEqual(Array(10).fill(401))
  expect(many.at(-1)).toBe(429)
  // Who guesses locks out nobody else.
  expect(await guesses('127.0.2.3', 1, () => 'victim@example.com')).toEqual([401])
})

inProduction('forged headers change neither the caller nor the addresses of answers', async () => {
  const answer = await send('/api/nothing-here', { from: '127.0.3.1', headers: forged(1) })
  expect(answer.status).toBe(404)
  const id = String(answer.headers['x-request-id'])
  await expect.poll(() => log).toContain(id)
  const line = log.split('\n').find((each) => each.includes(id)) ?? ''
  expect(JSON.parse(line)).toMatchObject({ ip: '127.0.3.1', path: '/api/nothing-here' })
  expect(log).not.toMatch(/203\.0\.113|evil\.example/)
  const session = await send('/api/auth/get-session', { headers: forged(2) })
  expect(JSON.stringify(session)).not.toContain('evil.example')
})

inProduction.each([
  {},
  forged(3),
  { 'x-forwarded-for': '127.0.0.1' },
  { authorization: 'Bearer ' },
])('/metrics is shut, through nginx as documented and as it comes: %j', async (headers) => {
  for (const base of [nginx.url, nginx.bareUrl]) {
    expect((await send('/metrics', { base, headers })).status).toBe(403)
  }
})

inProduction('every answer tells the browser to come by https alone', async () => {
  for (const path of ['/', '/api/billing/plans', '/api/billing/quota', '/api/no']) {
    const { headers } = await send(path)
    expect([path, headers['strict-transport-security']]).toEqual([
      path,
      expect.stringMatching(/^max-age=\d{8}/),
    ])
  }
})
