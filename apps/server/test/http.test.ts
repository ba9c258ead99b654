import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validate } from '@scalar/openapi-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestServer } from './harness.ts'
import { APP_URL, addSubscriber, apiKey, send, startServer } from './harness.ts'

let server: TestServer
let pages: string
const lines: string[] = []

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'tollgate-pages-'))
  await mkdir(join(pages, 'assets'))
  await writeFile(join(pages, 'index.html'), '<title>Tollgate</title>')
  await writeFile(join(pages, 'assets/app-1234.js'), 'export {}')
  server = await startServer({
    pages,
    metricsToken: 'the token',
    onLog: (line) => lines.push(line),
  })
})

afterAll(async () => {
  await server.close()
  await rm(pages, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  send(`${server.url}${path}`, { headers })

const scrape = () => get('/metrics', { authorization: 'Bearer the token' })

describe('the web app', () => {
  it.each(['/', '/billing', '/admin/billing', '/sign-in?next=%2Fbilling'])(
    'is what %s gets, never from a cache',
    async (path) => {
      const { status, headers, body } = await get(path)
      expect({ status, body }).toEqual({ status: 200, body: '<title>Tollgate</title>' })
      expect(headers.get('cache-control')).toBe('no-cache')
      expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    },
  )

  it('has files that are cached for good, under names of their content', async () => {
    const { status, headers } = await get('/assets/app-1234.js')
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toContain('immutable')
  })

  it.each(['/assets/app-0000.js', '/api/nothing', '/metrics/x', '/../package.json.js?/api'])(
    'is not what %s gets',
    async (path) => {
      const answer = await get(path)
      if (path.startsWith('/..')) expect(JSON.stringify(answer.body)).not.toContain('dependencies')
      else expect(answer).toMatchObject({ status: 404, errorCode: 'NOT_FOUND' })
    },
  )
})

describe('health', () => {
  it('/healthz answers, and /readyz once the database is migrated', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200 })
    expect(await get('/readyz')).toMatchObject({ status: 200 })
    const { pool } = server.core.db
    await pool.query('UPDATE _prisma_migrations SET finished_at = NULL')
    expect(await get('/readyz')).toMatchObject({ status: 503 })
    await pool.query('UPDATE _prisma_migrations SET finished_at = now()')
    expect(await get('/readyz')).toMatchObject({ status: 200 })
  })
})

describe('/metrics', () => {
  it('counts usage calls by verb and outcome, webhooks by outcome, and times requests', async () => {
    await addSubscriber(server.core, 'metered', 1)
    const authorization = `Bearer ${await apiKey(server.core, ['usage:write'])}`
    for (const idempotencyKey of ['allowed', 'refused', '']) {
      const body = JSON.stringify({ userId: 'metered', meter: 'tokens', amount: 1, idempotencyKey })
      const headers = { authorization }
      await send(`${server.url}/api/usage/consume`, { method: 'POST', headers, body })
    }
    await send(`${server.url}/api/billing/webhook`, { method: 'POST', body: '{}' })
    const { body } = await scrape()
    for (const outcome of ['ok', 'refused', 'VALIDATION']) {
      expect(body).toContain(
        `tollgate_calls_total{procedure="usage.consume",outcome="${outcome}"} 1`,
      )
    }
    expect(body).toContain('tollgate_webhooks_total{outcome="refused"} 1')
    expect(body).toMatch(/duration_seconds_count\{.*route="\/api\/usage\/consume",status="200"\} 2/)
  })

  it('tells what waits in the inbox, what was given up, and what a reconcile found', async () => {
    const { clock, db } = server.core
    await db.pool.query(
      `INSERT INTO stripe_events (id, type, payload, created_at, received_at, state, attempts)
       VALUES ('evt_1', 'invoice.paid', '{}', $1, $1, 'pending', 0), ('evt_2', 'invoice.paid', '{}', $1, $1, 'dead', 25)`,
      [new Date(clock.now().getTime() - 60_000)],
    )
    await db.pool.query(`INSERT INTO reconcile_runs (id, started_at, finished_at, stage)
      VALUES ('019a0000-0000-7000-8000-000000000000', now(), now(), 'events')`)
    await db.pool.query(`INSERT INTO reconcile_drift (run_id, kind, object_id, detail, repaired, found_at)
      VALUES ('019a0000-0000-7000-8000-000000000000', 'quota_differs', 'u:tokens', '', true, now())`)
    for (let time = 0; time < 2; time++) {
      const { body } = await scrape()
      expect(body).toContain('tollgate_webhook_events{state="pending"} 1')
      expect(body).toContain('tollgate_webhook_events{state="failing"} 0')
      expect(body).toContain('tollgate_webhook_events{state="dead"} 1')
      expect(body).toMatch(/tollgate_webhook_oldest_waiting_seconds [6-9]\d/)
      expect(body).toContain('tollgate_stripe_drift_total{kind="quota_differs"} 1')
      expect(body).toContain('tollgate_stripe_stopped 0')
    }
    await db.pool.query('DELETE FROM stripe_events')
  })

  it('is for the token alone where there is one, from this machine too', async () => {
    expect(await get('/metrics')).toMatchObject({ status: 403 })
    expect(await get('/metrics', { authorization: 'Bearer the token!' })).toMatchObject({
      status: 403,
    })
    expect(await scrape()).toMatchObject({ status: 200 })
  })
})

describe('the OpenAPI document', () => {
  it('is valid, and describes our errors and who may call', async () => {
    const { body } = await get('/api/openapi.json')
    expect(await validate(body as Record<string, unknown>)).toMatchObject({
      valid: true,
      errors: [],
    })
    expect(body).toMatchObject({
      paths: {
        '/api/usage/consume': {
          post: {
            security: [{ apiKey: ['usage:write'] }],
            responses: {
              409: {
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
              },
            },
          },
        },
        '/api/billing/plans': { get: { security: [] } },
        '/api/billing/quota': {
          get: { security: [{ session: [] }, { apiKey: ['billing:read'] }] },
        },
        '/api/users/{userId}': {
          put: { parameters: [{ in: 'path', name: 'userId', required: true }] },
        },
      },
      components: {
        schemas: { Error: { required: ['errorCode', 'message'] } },
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' },
        },
      },
    })
  })

  it('has a page to read it, whose every script comes from here', async () => {
    const { status, headers, body } = await get('/api/docs/')
    expect(status).toBe(200)
    expect(String(body)).not.toMatch(/(src|href)="https?:/)
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[^']+'(;|$)/)
    expect(await get('/api/docs/js/scalar.js')).toMatchObject({ status: 200 })
    expect(String(body)).toContain('/api/openapi.json')
  })
})

describe('each answer', () => {
  it('carries the id under which the log has it', async () => {
    const { headers } = await get('/api/billing/plans')
    const id = headers.get('x-request-id')
    expect(lines.filter((line) => line.includes(`"reqId":"${id}"`))).toHaveLength(1)
  })

  it('lets pages of trusted origins call with credentials, after asking', async () => {
    const ask = (origin: string) =>
      fetch(`${server.url}/api/trpc/billing.sync`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
    const trusted = await ask(APP_URL)
    expect(trusted.headers.get('access-control-allow-origin')).toBe(APP_URL)
    expect(trusted.headers.get('access-control-allow-credentials')).toBe('true')
    expect(
      (await ask('https://evil.example')).headers.get('access-control-allow-origin'),
    ).toBeNull()
  })
})

describe('the log', () => {
  it('has no key, cookie, password or query', async () => {
    const key = await apiKey(server.core, ['billing:read'])
    await get('/api/billing/quota?userId=a-person', { authorization: `Bearer ${key}` })
    await get('/api/billing/quota?userId=a-person', {
      cookie: 'better-auth.session_token=a-session',
    })
    const body = JSON.stringify({ email: 'x@example.com', password: 'a-password' })
    await send(`${server.url}/api/auth/sign-in/email`, { method: 'POST', body })
    const log = lines.join('\n')
    expect(log).toContain('"path":"/api/billing/quota"')
    for (const secret of [key, 'a-session', 'a-password', 'a-person']) {
      expect(log).not.toContain(secret)
    }
  })
})
