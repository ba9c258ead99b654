import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { versionTable, versionTableText } from '../src/http/versions/table.ts'
import { checkVersion } from '../src/http/versions/version.ts'
import { clientOf, receiver, shop, start, subscriber } from './harness.ts'
import { checkedObserver } from './schemas/observe.ts'

type Fields = Record<string, unknown>

const MARK = '<!-- the table: made from table.ts, checked by test/versions.test.ts -->'

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

test('the README of the folder has the table of the changes, as the code has it', async () => {
  const file = new URL('../src/http/versions/README.md', import.meta.url)
  const [text = ''] = (await readFile(file, 'utf8')).split(MARK)
  await expect(`${text}${MARK}\n\n${versionTableText()}\n`).toMatchFileSnapshot(fileURLToPath(file))
})

test('each row names a version that was released, and says what was before', () => {
  const rows = [...versionTable.fields, ...versionTable.params, ...versionTable.routes]
  for (const { since, how } of rows) {
    expect(checkVersion(since)).toBe(since)
    expect(how).not.toBe('')
  }
})

const RELEASED = [
  '2020-08-27',
  '2022-08-01',
  '2022-11-15',
  '2023-08-16',
  '2023-10-16',
  '2024-04-10',
  '2024-06-20',
  '2024-09-30.acacia',
  '2025-02-24.acacia',
  '2025-03-31.basil',
  '2025-08-27.basil',
  '2025-09-30.clover',
  '2026-02-25.clover',
  '2026-03-25.dahlia',
  '2026-08-26.dahlia',
  '2026-09-30.endive',
  '2026-10-28.endive',
]

test.each(RELEASED)(
  '%s has the older form of every later change, and of no earlier one',
  async (version) => {
    const observer = checkedObserver({ older: true })
    const { call, subscription, customer } = await subscribed({ observer })
    const { body } = await call(`subscriptions/${subscription.id}`, version)
    const invoice = await call(`invoices/${subscription.latest_invoice}`, version)
    const charges = await call('charges', version)
    const intents = await call('payment_intents', version)
    const form = `mode=setup&currency=usd&customer=${customer.id}&success_url=http%3A%2F%2Fapp.test`
    const session = await call('checkout/sessions', version, form)
    const upcoming = await call(`invoices/upcoming?customer=${customer.id}`, version)
    const is = (day: string) => version < day
    const has = (node: unknown, path: string) => {
      const parts = path.split('.')
      return parts.reduce((value, part) => Object(value)[part], node) !== undefined
    }
    expect({
      period: has(body, 'current_period_end'),
      paid: has(invoice.body, 'paid'),
      rendering: has(invoice.body, 'rendering_options'),
      linePrice: has(invoice.body, 'lines.data.0.price'),
      refunds: has(charges.body, 'data.0.refunds'),
      invoice: has(charges.body, 'data.0.invoice'),
      charges: has(intents.body, 'data.0.charges'),
      uiMode: session.body['ui_mode'],
      upcoming: upcoming.status,
    }).toEqual({
      period: is('2025-03-31'),
      paid: is('2025-03-31'),
      rendering: is('2024-04-10'),
      linePrice: is('2025-03-31'),
      refunds: is('2022-11-15'),
      invoice: is('2025-03-31'),
      charges: is('2022-11-15'),
      uiMode: is('2026-03-25') ? 'hosted' : 'hosted_page',
      upcoming: is('2025-03-31') ? 200 : 404,
    })
  },
)

describe('a parameter that Stripe removed', () => {
  const removed: [string, string, string, string, string][] = [
    [
      'checkout/sessions',
      'payment_method_types',
      'payment_method_types[]=card',
      '2026-03-25.dahlia',
      '2026-09-30.endive',
    ],
    [
      'payment_intents',
      'payment_method_types',
      'amount=500&currency=usd&payment_method_types[]=card',
      '2026-03-25.dahlia',
      '2026-09-30.endive',
    ],
    [
      'setup_intents',
      'payment_method_types',
      'payment_method_types[]=card',
      '2026-03-25.dahlia',
      '2026-09-30.endive',
    ],
    [
      'subscription_schedules',
      'phases[0][iterations]',
      'phases[0][iterations]=2',
      '2025-08-27.basil',
      '2025-09-30.clover',
    ],
    [
      'invoiceitems',
      'price',
      'customer=cus_x&price=price_x',
      '2025-02-24.acacia',
      '2025-03-31.basil',
    ],
    ['customers', 'coupon', 'coupon=x', '2025-02-24.acacia', '2025-03-31.basil'],
  ]

  test.each(removed)(
    '%s: %s is unknown from its version on',
    async (path, param, form, older, newer) => {
      const { call } = await subscribed()
      const refused = await call(path, newer, form)
      expect(refused.status).toBe(400)
      expect(refused.body).toMatchObject({ error: { code: 'parameter_unknown', param } })
      const known = await call(path, older, form)
      expect(JSON.stringify(known.body)).not.toContain('parameter_unknown')
    },
  )
})
