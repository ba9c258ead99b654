import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import type { Received } from './harness.ts'
import { onEnd, receiver, refusal, START, seconds, start } from './harness.ts'

const SECRET = 'whsec_test'

/** Verifies as a consumer does, at the time of the emulator's base clock. */
function verified({ body, headers }: Received, secret = SECRET): Stripe.Event {
  const signature = String(headers['stripe-signature'])
  return Stripe.webhooks.constructEvent(body, signature, secret, 300, undefined, START.getTime())
}

async function listening(answer?: (received: Received) => number, enabledEvents?: string[]) {
  const hook = await receiver(answer)
  const webhook = { url: hook.url, secret: SECRET, ...(enabledEvents ? { enabledEvents } : {}) }
  return { hook, ...(await start({ webhooks: [webhook] })) }
}

describe('a webhook', () => {
  test('is signed as by Stripe, over exactly the bytes that are sent', async () => {
    const { hook, emulator, stripe } = await listening()
    const customer = await stripe.customers.create({ email: 'a@example.org' })
    await emulator.webhooksSettled()
    const [received] = hook.received
    if (received === undefined) throw new Error('nothing came')
    expect(verified(received)).toMatchObject({
      type: 'customer.created',
      data: { object: { id: customer.id } },
    })
    expect(received.headers['stripe-signature']).toMatch(
      new RegExp(`^t=${seconds(START)},v1=[0-9a-f]{64}$`),
    )
    expect(() => verified({ ...received, body: JSON.stringify(received.event) })).toThrow(
      /signature/i,
    )
    expect(() => verified(received, 'whsec_other')).toThrow(/signature/i)
  })

  test('is JSON indented by two spaces', async () => {
    const { hook, emulator, stripe } = await listening()
    await stripe.customers.create()
    await emulator.webhooksSettled()
    const [received] = hook.received
    expect(received?.body).toBe(JSON.stringify(received?.event, null, 2))
  })

  test('names the request that caused it, the API version and the number of pending endpoints', async () => {
    const { hook, emulator, stripe } = await listening()
    const made = await stripe.customers.create({}, { idempotencyKey: 'my-key' })
    await emulator.webhooksSettled()
    expect(hook.received[0]?.event).toMatchObject({
      object: 'event',
      api_version: '2026-10-28.endive',
      livemode: false,
      pending_webhooks: 1,
      request: { id: made.lastResponse.requestId, idempotency_key: 'my-key' },
    })
    const stored = await stripe.events.retrieve(hook.received[0]?.event.id ?? '')
    expect(stored.pending_webhooks).toBe(0)
    expect(stored.id).toMatch(/^evt_\w{24}$/)
  })

  test('of an update carries the old values of changed fields, metadata key by key', async () => {
    const { hook, emulator, stripe } = await listening()
    const { id } = await stripe.customers.create({ name: 'Old', metadata: { a: '1', b: '2' } })
    await stripe.customers.update(id, { name: 'New', metadata: { b: '3', c: '4' } })
    await emulator.webhooksSettled()
    expect(hook.received[1]?.event.data).toMatchObject({
      object: { name: 'New', metadata: { a: '1', b: '3', c: '4' } },
      previous_attributes: { name: 'Old', metadata: { b: '2', c: null } },
    })
  })

  test('arrives in the order of the events', async () => {
    const { hook, emulator, stripe } = await listening()
    for (let index = 0; index < 20; index += 1) await stripe.customers.create({ name: `${index}` })
    await emulator.webhooksSettled()
    const names = hook.received.map((one) => (one.event.data.object as Stripe.Customer).name)
    expect(names).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`))
  })
})

describe('an endpoint', () => {
  test('gets only the event types it is subscribed to', async () => {
    const { hook, emulator, stripe } = await listening(undefined, ['product.created', 'price.*'])
    const product = await stripe.products.create({ name: 'Pro' })
    await stripe.customers.create()
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 100,
    })
    await stripe.prices.update(price.id, { nickname: 'x' })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(['product.created', 'price.created', 'price.updated'])
  })

  test('registered through the API has its own secret, returned once, and its own event types', async () => {
    const { emulator, stripe } = await start()
    const hook = await receiver()
    const endpoint = await stripe.webhookEndpoints.create({
      url: hook.url,
      enabled_events: ['customer.created'],
    })
    expect(endpoint.secret).toMatch(/^whsec_\w{32}$/)
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined()
    await stripe.customers.create()
    await stripe.products.create({ name: 'ignored' })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(['customer.created'])
    const [received] = hook.received
    if (received === undefined) throw new Error('nothing came')
    expect(verified(received, endpoint.secret).type).toBe('customer.created')

    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })
    await stripe.customers.create()
    await emulator.webhooksSettled()
    expect(hook.received).toHaveLength(1)
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: false })
    await stripe.webhookEndpoints.del(endpoint.id)
    expect((await refusal(stripe.webhookEndpoints.retrieve(endpoint.id))).statusCode).toBe(404)
    await stripe.customers.create()
    await emulator.webhooksSettled()
    expect(hook.received).toHaveLength(1)
  })

  test('that does not return 2xx gets a retry, until it does', async () => {
    const answers = [500, 302, 200]
    const { hook, emulator, stripe } = await listening(() => answers.shift() ?? 200)
    await stripe.customers.create()
    await emulator.webhooksSettled()
    expect(hook.received.map((one) => one.event.id)).toEqual(
      Array(3).fill(hook.received[0]?.event.id),
    )
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
  })

  test('that never returns 2xx leaves the event listed as not delivered', async () => {
    const { hook, emulator, stripe } = await listening(({ event }) =>
      event.type === 'customer.created' ? 503 : 200,
    )
    await stripe.customers.create()
    await stripe.products.create({ name: 'fine' })
    await emulator.webhooksSettled()
    expect(hook.received.length).toBeGreaterThan(3)
    const missing = await stripe.events.list({ delivery_success: false })
    expect(missing.data.map((event) => event.type)).toEqual(['customer.created'])
    expect(
      (await stripe.events.list({ delivery_success: true })).data.map((event) => event.type),
    ).toEqual(['product.created'])
  })

  test('that is down does not delay the API', async () => {
    const { stripe } = await start({
      webhooks: [{ url: 'http://127.0.0.1:9/none', secret: SECRET }],
    })
    expect((await stripe.customers.create()).id).toMatch(/^cus_/)
  })

  test('gets a webhook twice, or never, with a fault', async () => {
    const { hook, emulator, stripe } = await listening()
    emulator.faults.onDelivery = ({ eventType }) =>
      eventType === 'customer.created' ? 'duplicate' : 'drop'
    await stripe.customers.create()
    await stripe.products.create({ name: 'dropped' })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(['customer.created', 'customer.created'])
  })
})

describe('the list of events', () => {
  test('is filtered by type, types and time, and ends after 30 days', async () => {
    const { emulator, stripe } = await start()
    const product = await stripe.products.create({ name: 'Pro' })
    await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100 })
    emulator.clock.advanceBy(10_000)
    await stripe.customers.create()
    const types = async (params: Stripe.EventListParams) =>
      (await stripe.events.list(params)).data.map((event) => event.type)
    expect(await types({})).toEqual(['customer.created', 'price.created', 'product.created'])
    expect(await types({ type: 'price.*' })).toEqual(['price.created'])
    expect(await types({ types: ['product.created', 'customer.created'] })).toEqual([
      'customer.created',
      'product.created',
    ])
    expect(await types({ created: { gt: seconds(START) } })).toEqual(['customer.created'])
    emulator.clock.advanceBy(31 * 86_400_000)
    expect(await types({})).toEqual([])
  })
})

test('stopping does not wait for an endpoint that does not respond', async () => {
  const { emulator, stripe } = await start({
    webhooks: [{ url: 'http://10.255.255.1/never', secret: SECRET }],
  })
  await stripe.customers.create()
  onEnd(async () => undefined)
  await emulator.stop()
})
