import type { ClientRequest } from 'node:http'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestServer } from '../harness.ts'
import { send, startServer } from '../harness.ts'

let server: TestServer
const senders: ClientRequest[] = []

beforeAll(async () => {
  server = await startServer()
})

afterAll(async () => {
  for (const sender of senders) sender.destroy()
  await server.close()
})

/** Sends almost all of the largest body that anybody may send, and never the rest. Resolves to the status of the answer. */
function hold(): Promise<number | undefined> {
  const size = 4 * 2 ** 20
  const sender = request(`${server.url}/api/billing/webhook`, {
    method: 'POST',
    agent: false,
    headers: { 'stripe-signature': 't=1,v1=00', 'content-length': size },
  })
  senders.push(sender)
  sender.write(Buffer.alloc(size - 1))
  return new Promise((resolve) => {
    sender.once('response', ({ statusCode }) => resolve(statusCode))
    sender.on('error', () => resolve(undefined))
  })
}

it('bodies that never end hold 64 MiB at most, and Stripe still comes through', async () => {
  let givenUp = 0
  for (let n = 0; n < 40; n++) {
    void hold().then(() => {
      givenUp += 1
    })
  }
  // Of forty bodies of 4 MiB, sixteen find room.
  await expect.poll(() => givenUp, { timeout: 20_000 }).toBeGreaterThanOrEqual(24)
  for (let n = 0; n < 20; n++) {
    const headers = { 'stripe-signature': 't=1,v1=00' }
    const body = JSON.stringify({ id: `evt_${n}`, note: 'x'.repeat(50_000) })
    const answer = await send(`${server.url}/api/billing/webhook`, {
      method: 'POST',
      headers,
      body,
    })
    expect(answer).toMatchObject({ status: 400, errorCode: 'VALIDATION' })
  }
})
