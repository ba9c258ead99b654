import type { TestDatabase } from '@tollgate/testing'
import { createTestDatabase } from '@tollgate/testing'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Link } from './flaky-link.ts'
import { openLink } from './flaky-link.ts'
import type { SignedIn, TestServer } from './harness.ts'
import {
  addSubscriber,
  apiKey,
  rowCounts,
  send,
  signUp,
  startServer,
  WEBHOOK_SECRET,
} from './harness.ts'

let database: TestDatabase
let link: Link
let server: TestServer
let key: string
let customer: SignedIn

beforeAll(async () => {
  database = await createTestDatabase()
  link = await openLink(database.url)
  server = await startServer({ databaseUrl: link.url })
  await addSubscriber(server.core, 'metered')
  key = await apiKey(server.core, ['usage:write', 'usage:read', 'billing:read'])
  customer = await signUp(server, 'customer@example.com')
  expect(await consume('warm')).toMatchObject({ status: 200 })
})

afterAll(async () => {
  await server.close()
  await link.cut()
  await database.drop()
})

const withKey = () => ({ authorization: `Bearer ${key}` })

function consume(idempotencyKey: string) {
  return send(`${server.url}/api/usage/consume`, {
    method: 'POST',
    headers: withKey(),
    body: JSON.stringify({ userId: 'metered', meter: 'tokens', amount: 1, idempotencyKey }),
  })
}

function webhook(id: string) {
  const data = { object: { object: 'invoice', id: 'in_1', customer: 'cus_1' } }
  const event = { id, object: 'event', type: 'invoice.paid', livemode: false, created: 0, data }
  const payload = JSON.stringify(event)
  const timestamp = Math.floor(server.core.clock.now().getTime() / 1_000)
  const signature = Stripe.webhooks.generateTestHeaderString({
    payload,
    secret: WEBHOOK_SECRET,
    timestamp,
  })
  return send(`${server.url}/api/billing/webhook`, {
    method: 'POST',
    headers: { 'stripe-signature': signature },
    body: payload,
  })
}

it('while the database is away calls are UNAVAILABLE, and all is well by itself once it is back', async () => {
  const before = await rowCounts(server.core)
  await link.cut()

  const check = encodeURIComponent(JSON.stringify({ userId: 'metered', meter: 'tokens' }))
  const cookie = { cookie: customer.cookie }
  const asked = await Promise.all([
    consume('lost'),
    send(`${server.url}/api/trpc/usage.check?input=${check}`, { headers: withKey() }),
    send(`${server.url}/api/billing/quota?userId=metered`, { headers: withKey() }),
    send(`${server.url}/api/billing/subscription`, { headers: cookie }),
    send(`${server.url}/api/trpc/billing.subscription`, { headers: cookie }),
    webhook('evt_lost'),
    send(`${server.url}/api/auth/sign-in/email`, {
      method: 'POST',
      body: JSON.stringify({ email: 'customer@example.com', password: 'a long password' }),
    }),
  ])
  for (const answer of asked) {
    expect(answer).toMatchObject({ status: 503, errorCode: 'UNAVAILABLE' })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect(await send(`${server.url}/readyz`, {})).toMatchObject({ status: 503 })
  expect(await send(`${server.url}/healthz`, {})).toMatchObject({ status: 200 })

  await link.mend()

  expect(await send(`${server.url}/readyz`, {})).toMatchObject({ status: 200 })
  expect(await rowCounts(server.core)).toEqual(before)
  expect(await consume('lost')).toMatchObject({ body: { allowed: true, replayed: false } })
  expect(await consume('lost')).toMatchObject({ body: { allowed: true, replayed: true } })
  expect(await send(`${server.url}/api/billing/subscription`, { headers: cookie })).toMatchObject({
    status: 200,
  })
})
