import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStripe } from '../../packages/core/src/stripe/gateway.ts'

/** A Stripe whose answers begin, or do not, and then come a byte a second without end. */
const server = createServer((request, response) => {
  if (request.url?.includes('silent')) return
  response.writeHead(200, { 'content-type': 'application/json' })
  drip(response)
})
const drips = new Set<NodeJS.Timeout>()

function drip(response: ServerResponse): void {
  drips.add(setInterval(() => response.write(' '), 1_000))
}

let apiBase: string
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  apiBase = `http://127.0.0.1:${address.port}`
})
afterAll(() => {
  for (const each of drips) clearInterval(each)
  server.closeAllConnections()
  server.close()
})

test.concurrent.each(['silent', 'dripping'])(
  'a %s Stripe is STRIPE_UNAVAILABLE within 70 s',
  async (customer) => {
    const stripe = openStripe({ secretKey: 'sk_test_1', webhookSecrets: [], apiBase })
    const started = performance.now()
    await expect(
      stripe.call((client) => client.customers.retrieve(customer)),
    ).rejects.toMatchObject({
      code: 'STRIPE_UNAVAILABLE',
    })
    expect(performance.now() - started).toBeLessThan(70_000)
  },
)
