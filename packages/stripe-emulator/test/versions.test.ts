import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { clientOf, receiver, shop, start, subscriber } from './harness.ts'

type Fields = Record<string, unknown>

async function subscribed(options: Parameters<typeof start>[0] = {}) {
  const { stripe, emulator } = await start(options)
  const { basic, pro } = await shop(stripe)
  const { subscription, customer } = await subscriber(stripe, basic.id)
  const call = async (path: string, version: string | null, form?: string) => {
    const response = await fetch(`${emulator.url}/v1/${path}`, {
      headers: {
        Authorization: 'Bearer sk_test_x',
        ...(version !== null && { 'Stripe-Version': version }),
        ...(form !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
      ...(form !== undefined && { method: 'POST', body: form }),
    })
    const body = (await response.json()) as Fields
    return { status: response.status, version: response.headers.get('stripe-version'), body }
  }
  return { stripe, emulator, customer, subscription, basic, pro, call }
}

describe('a version before basil', () => {
  const OLD = '2025-02-24.acacia'

  test('has the period on the subscription, and the subscription and payment on the invoice', async () => {
    const { call, subscription, basic } = await subscribed()
    const path = `subscriptions/${subscription.id}?expand[]=latest_invoice.payment_intent.latest_charge`
    const { body, version } = await call(path, OLD)
    expect(version).toBe(OLD)
    const [item] = subscription.items.data
    expect(body).toMatchObject({
      current_period_start: item?.current_period_start,
      current_period_end: item?.current_period_end,
      latest_invoice: {
        paid: true,
        subscription: subscription.id,
        payment_intent: { status: 'succeeded', latest_charge: { status: 'succeeded' } },
        lines: {
          data: [{ type: 'subscription', proration: false, price: { id: basic.id } }],
        },
      },
    })
    expect(body['items']).not.toHaveProperty('data.0.current_period_end')
    expect(body['latest_invoice']).not.toHaveProperty('parent')
    const { body: list } = await call('charges', '2024-06-20')
    expect(list).toHaveProperty('data.0.invoice', subscription.latest_invoice)
  })

  test('does not change the pinned version', async () => {
    const { call, subscription } = await subscribed()
    for (const version of [null, Stripe.API_VERSION, '2025-03-31.basil']) {
      const { body } = await call(`subscriptions/${subscription.id}`, version)
      expect(body).not.toHaveProperty('current_period_end')
      expect(body['items']).toHaveProperty('data.0.current_period_end')
    }
  })
})

test('a parameter is accepted in the form of its version only', async () => {
  const { call, subscription } = await subscribed()
  const path = `subscriptions/${subscription.id}`
  const older = await call(path, '2025-09-30.clover', 'billing_cycle_anchor=unchanged')
  expect(older.status).toBe(200)
  const newer = await call(path, '2026-09-30.endive', 'billing_cycle_anchor=unchanged')
  expect(newer.status).toBe(400)
})

test.each(['2026-11-25.endive', '2099-01-01', '2026-10-28', '2026-10-28.fern', 'latest'])(
  '%s is no version that it knows: 400, and nothing is done',
  async (version) => {
    const { call, stripe } = await subscribed()
    const { status, body } = await call('customers', version, 'email=x%40example.org')
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(JSON.stringify(body)).toContain(version)
    expect((await stripe.customers.list({ email: 'x@example.org' })).data).toEqual([])
  },
)

test('requests and events without a version use the one set at start', async () => {
  const hook = await receiver()
  const { call, subscription, emulator } = await subscribed({
    apiVersion: '2024-06-20',
    webhooks: [
      { url: hook.url, secret: 'whsec_x', enabledEvents: ['customer.subscription.created'] },
    ],
  })
  await emulator.webhooksSettled()
  const { body, version } = await call(`subscriptions/${subscription.id}`, null)
  expect(version).toBe('2024-06-20')
  expect(body).toHaveProperty('current_period_end')
  const [sent] = hook.received
  expect(sent?.event).toMatchObject({ api_version: '2024-06-20' })
  expect(sent?.event.data.object).toHaveProperty('current_period_end')
})

test('an endpoint with an API version gets its events in that version', async () => {
  const hook = await receiver()
  const { stripe, emulator, customer, basic } = await subscribed()
  await stripe.webhookEndpoints.create({
    url: hook.url,
    enabled_events: ['customer.subscription.created'],
    api_version: '2024-06-20',
  })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
  await emulator.webhooksSettled()
  expect(hook.received[0]?.event.data.object).toHaveProperty('current_period_end')
  const { data } = await clientOf(emulator).events.list({ type: 'customer.subscription.created' })
  expect(data[0]?.data.object).not.toHaveProperty('current_period_end')
})
