import type { Worker } from '@tollgate/core'
import { startWorker } from '@tollgate/core'
import { ManualClock } from '@tollgate/core/testing'
import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Answer, TestServer } from './harness.ts'
import { send, startServer, WEBHOOK_SECRET } from './harness.ts'

const clock = new ManualClock('2026-11-15T12:00:00.000Z')
const MINUTE = 60
let server: TestServer
let worker: Worker
let serial = 0
let body: string

beforeAll(async () => {
  server = await startServer({ clock })
  worker = await startWorker(server.core)
})

afterAll(async () => {
  await worker.stop()
  await server.close()
})

beforeEach(() => {
  // Blanks that a parser would not give back: the signature is over the bytes.
  body = `{ "id": "evt_${serial++}", "object":  "event", "type": "invoice.paid", "livemode": false,
    "created": 1763208000, "api_version": "2026-06-30", "data": { "object": { "object": "invoice",
    "id": "in_1", "customer": "cus_nobody" } } }`
})

function signed(payload: string, { secret = WEBHOOK_SECRET, ageSeconds = 0 } = {}): string {
  const timestamp = Math.floor(clock.now().getTime() / 1_000) - ageSeconds
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
}

function deliver(signature: string | null, payload = body): Promise<Answer> {
  const headers = { ...(signature !== null && { 'stripe-signature': signature }) }
  return send(`${server.url}/api/billing/webhook`, { method: 'POST', headers, body: payload })
}

async function storedEvents(): Promise<number> {
  const { id } = JSON.parse(body) as { id: string }
  const { rows } = await server.core.db.pool.query('SELECT FROM stripe_events WHERE id = $1', [id])
  return rows.length
}

it('a signed event is stored, then answered', async () => {
  expect(await deliver(signed(body))).toMatchObject({ status: 200, body: { received: true } })
  expect(await storedEvents()).toBe(1)
})

it('an event seen before is answered the same, and stored once', async () => {
  const answers = await Promise.all([deliver(signed(body)), deliver(signed(body))])
  for (const answer of answers) expect(answer).toMatchObject({ body: { received: true } })
  expect(await storedEvents()).toBe(1)
})

it('while a secret is being replaced, both are taken', async () => {
  expect((await deliver(signed(body, { secret: 'whsec_previous' }))).status).toBe(200)
})

it.each<[what: string, signature: () => string | null]>([
  ['no signature', () => null],
  ['an empty signature', () => ''],
  ["somebody else's secret", () => signed(body, { secret: 'whsec_other' })],
  ['the signature of another body', () => signed(`${body} `)],
  ['a signature of six minutes ago', () => signed(body, { ageSeconds: 6 * MINUTE })],
])('%s is refused with 400, and nothing is stored', async (_what, signature) => {
  expect(await deliver(signature())).toMatchObject({ status: 400, errorCode: 'VALIDATION' })
  expect(await storedEvents()).toBe(0)
})

it('what is signed but no event is refused with 400', async () => {
  for (const payload of ['[]', '{}', 'text']) {
    expect((await deliver(signed(payload), payload)).status).toBe(400)
  }
})

it('needs no session, key or origin, and is not asked for a content type', async () => {
  const response = await fetch(`${server.url}/api/billing/webhook`, {
    method: 'POST',
    headers: { 'stripe-signature': signed(body), 'content-type': 'text/plain', cookie: 'a=b' },
    body,
  })
  expect(response.status).toBe(200)
})
