import { randomUUID } from 'node:crypto'
import { createTRPCClient, httpBatchLink, httpLink } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import type { AppRouter } from '../../src/index.ts'
import type { catalog, World } from '../world.ts'
import { isStored, ORIGIN, signatureOf, webhookBody } from '../world.ts'

export interface Host {
  url: string
  world: World
}

type Router = AppRouter<typeof catalog>
const ADA = { cookie: 'theme=dark; host-session=ada' }
const OWN_PAGE = { ...ADA, origin: ORIGIN }

/** The calls that every host has to take, whichever way billing is mounted in it. */
export function takesCalls(host: () => Host): void {
  const at = (headers: Record<string, string>) => ({ url: `${host().url}/api/trpc`, headers })
  const client = (headers: Record<string, string>) =>
    createTRPCClient<Router>({ links: [httpLink<Router>(at(headers))] })
  const withKey = () => client({ authorization: `Bearer ${host().world.apiKey}` })
  const rest = (path: string, init: RequestInit = {}) => fetch(`${host().url}${path}`, init)
  const use = () =>
    ({ userId: 'ada', meter: 'minutes', amount: 2, idempotencyKey: randomUUID() }) as const

  describe('tRPC', () => {
    it('answers queries and mutations with an API key', async () => {
      const { usage } = withKey()
      const before = await usage.check.query({ userId: 'ada', meter: 'minutes' })
      const { balance } = await usage.record.mutate(use())
      expect(balance).toMatchObject({ meter: 'minutes', used: before.balance.used + 2, limit: 100 })
    })

    it("answers queries and mutations with the host's own session", async () => {
      const { billing } = client(OWN_PAGE)
      expect(await billing.subscription.query()).toMatchObject({ plan: 'starter' })
      const bob = client({ origin: ORIGIN, cookie: 'host-session=bob' })
      const { url } = await bob.billing.checkout.mutate({ plan: 'team' })
      expect(url).toMatch(/^http/)
    })

    it('answers several calls in one request', async () => {
      const links = [httpBatchLink<Router>(at(ADA))]
      const { billing } = createTRPCClient<Router>({ links })
      const [quota, plans] = await Promise.all([billing.quota.query(), billing.plans.query()])
      expect(quota.map(({ meter }) => meter)).toEqual(['minutes', 'gb'])
      expect(plans.map(({ id }) => id)).toEqual(['starter', 'team'])
    })

    it.each([
      ['another origin', { ...ADA, origin: 'https://evil.example' }],
      ['no origin', ADA],
    ])('refuses a mutation with a cookie from %s', async (_what, headers) => {
      await expect(client(headers).billing.portal.mutate({})).rejects.toMatchObject({
        data: { errorCode: 'FORBIDDEN', httpStatus: 403 },
      })
    })

    it('does not know who is not signed in', async () => {
      await expect(client({}).billing.quota.query()).rejects.toMatchObject({
        data: { errorCode: 'UNAUTHENTICATED' },
      })
    })
  })

  describe('REST', () => {
    it('answers with an API key and with a session', async () => {
      const { apiKey } = host().world
      const consumed = await rest('/api/usage/consume', {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(use()),
      })
      expect(consumed.headers.get('content-type')).toContain('application/json')
      expect(await consumed.json()).toMatchObject({ allowed: true, replayed: false })
      const quota = await rest('/api/billing/quota', { headers: ADA })
      expect(await quota.json()).toMatchObject([{ meter: 'minutes', limit: 100 }, { meter: 'gb' }])
    })

    it('takes user ids of any characters in the path', async () => {
      const { apiKey } = host().world
      const userId = 'team/7 ?&=+%ü'
      const response = await rest(`/api/users/${encodeURIComponent(userId)}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: '{"email":"team@example.com"}',
      })
      expect(await response.json()).toEqual({ userId })
    })

    it('refuses in the words of the contract, without a stack', async () => {
      const headers = { ...OWN_PAGE, 'content-type': 'application/json' }
      const post = (init: RequestInit) => rest('/api/billing/portal', { method: 'POST', ...init })
      const refused: [Promise<Response>, string, number][] = [
        [
          post({ headers: { ...headers, origin: 'https://evil.example' }, body: '{}' }),
          'FORBIDDEN',
          403,
        ],
        [post({ headers, body: '{' }), 'VALIDATION', 400],
        [post({ headers, body: '{"returnUrl":"https://evil.example"}' }), 'VALIDATION', 400],
        [rest('/api/billing/portal', { headers }), 'METHOD_NOT_ALLOWED', 405],
        [rest('/api/billing/nothing'), 'NOT_FOUND', 404],
      ]
      for (const [call, errorCode, status] of refused) {
        const response = await call
        const text = await response.text()
        expect([response.status, JSON.parse(text)]).toEqual([
          status,
          expect.objectContaining({ errorCode, message: expect.any(String) }),
        ])
        expect(text).not.toMatch(/stack|node_modules|\.ts:/)
      }
    })

    it('answers HEAD as GET, without a body', async () => {
      const response = await rest('/api/billing/plans', { method: 'HEAD' })
      expect([response.status, await response.text()]).toEqual([200, ''])
    })

    it("lists the catalogue's names in the OpenAPI document", async () => {
      const document = await (await rest('/api/openapi.json')).json()
      expect(document).toMatchObject({
        components: {
          schemas: {
            Meter: { enum: ['minutes', 'gb'] },
            PlanId: { enum: ['starter', 'team', 'early'] },
          },
        },
      })
    })
  })

  it('are kept by no cache, whatever comes of them', async () => {
    const paths = ['/api/billing/quota', '/api/trpc/billing.quota', '/api/billing/nothing']
    const batch = '/api/trpc/billing.quota,billing.plans?batch=1&input={}'
    for (const path of [...paths, batch]) {
      for (const headers of [ADA, {}]) {
        const response = await rest(path, { headers })
        await response.arrayBuffer()
        expect([path, response.headers.get('cache-control')]).toEqual([path, 'no-store'])
      }
    }
  })

  describe("Stripe's webhook", () => {
    const deliver = (body: string, signature: string) =>
      rest('/api/billing/webhook', {
        method: 'POST',
        headers: {
          'stripe-signature': signature,
          'content-type': 'application/json; charset=utf-8',
        },
        body,
      })

    it('is stored where the signature fits the bytes as they were sent', async () => {
      const id = `evt_${randomUUID()}`
      const body = webhookBody(id)
      const response = await deliver(body, signatureOf(body))
      expect([response.status, await response.json()]).toEqual([200, { received: true }])
      expect(await isStored(host().world.core, id)).toBe(true)
    })

    it('is refused where the signature is wrong', async () => {
      const id = `evt_${randomUUID()}`
      const body = webhookBody(id)
      const compact = JSON.stringify(JSON.parse(body))
      for (const signature of [signatureOf(body, 'whsec_other'), signatureOf(compact), '']) {
        const response = await deliver(body, signature)
        expect(response.status).toBe(400)
        expect(await response.json()).toMatchObject({ errorCode: 'VALIDATION' })
      }
      expect(await isStored(host().world.core, id)).toBe(false)
    })
  })
}
