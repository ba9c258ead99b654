import { describe, expect, test } from 'vitest'
import { clientOf, refusal, start } from './harness.ts'
import { checkedObserver } from './schemas/observe.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

function call(
  url: string,
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
) {
  const headers = { Authorization: 'Bearer sk_test_x', ...init.headers }
  return fetch(`${url}${path}`, { ...init, headers })
}

async function errorOf(response: Response): Promise<Record<string, unknown>> {
  const body: { error: Record<string, unknown> } = JSON.parse(await response.text())
  return body.error
}

/** For tests that send invalid requests on purpose. */
const provoking = { observer: checkedObserver({ provoking: true }) }

describe('authentication', () => {
  test('a key that does not begin with sk_test_ gets 401, and the message masks it', async () => {
    const { emulator } = await start()
    const error = await refusal(clientOf(emulator, 'sk_live_abcdefghijklmnop').customers.list())
    expect(error).toMatchObject({ statusCode: 401, type: 'StripeAuthenticationError' })
    expect(error.message).toBe('Invalid API Key provided: sk_live_************mnop')
  })

  test('a request without a key gets 401', async () => {
    const { emulator } = await start()
    const response = await fetch(`${emulator.url}/v1/customers`)
    expect(response.status).toBe(401)
    expect(await errorOf(response)).toMatchObject({ type: 'invalid_request_error' })
  })

  test('basic authentication with the key as the name is accepted, as curl -u sends it', async () => {
    const { emulator } = await start()
    const basic = Buffer.from('sk_test_x:').toString('base64')
    const response = await call(emulator.url, '/v1/customers', {
      headers: { Authorization: `Basic ${basic}` },
    })
    expect(response.status).toBe(200)
  })
})

describe('errors', () => {
  test('an unknown route returns a 404 error object that names the emulator', async () => {
    const { emulator, stripe } = await start()
    const error = await refusal(stripe.quotes.list())
    expect(error).toMatchObject({ statusCode: 404, rawType: 'invalid_request_error' })
    expect(error.message).toContain('stripe-emulator')
    const response = await call(emulator.url, '/nowhere')
    expect(response.status).toBe(404)
    expect(await response.json()).toHaveProperty('error.message')
  })

  test('a missing object is a 404 resource_missing with param id', async () => {
    const { stripe } = await start()
    const error = await refusal(stripe.customers.retrieve('cus_missing'))
    expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'id' })
    expect(error.message).toBe("No such customer: 'cus_missing'")
    expect(error.doc_url).toBe('https://stripe.com/docs/error-codes/resource-missing')
  })

  test('an unknown parameter is rejected at any depth, without an effect', async () => {
    const { emulator, stripe } = await start(provoking)
    const response = await call(emulator.url, '/v1/customers', {
      method: 'POST',
      headers: FORM,
      body: 'email=a%40b.c&invoice_settings[colour]=red',
    })
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toMatchObject({
      code: 'parameter_unknown',
      param: 'invoice_settings[colour]',
      message: 'Received unknown parameter: invoice_settings[colour]',
    })
    expect((await stripe.customers.list()).data).toEqual([])
  })

  test('a parameter of Stripe that is not emulated is rejected with a message that says so', async () => {
    const { stripe } = await start(provoking)
    const error = await refusal(
      stripe.customers.create({ cash_balance: { settings: { reconciliation_mode: 'manual' } } }),
    )
    expect(error.message).toContain('stripe-emulator')
    expect(error).toMatchObject({ statusCode: 400, param: 'cash_balance' })
  })

  test.each([
    ['a missing parameter', {}, 'parameter_missing', 'name'],
    ['an empty one that cannot be unset', { name: '' }, 'parameter_invalid_empty', 'name'],
  ])('%s is rejected by name', async (_what, params, code, param) => {
    const { stripe } = await start(provoking)
    // @ts-expect-error: the types forbid what is tried here
    expect(await refusal(stripe.products.create(params))).toMatchObject({
      statusCode: 400,
      code,
      param,
    })
  })

  test('a limit that is not a whole number, or too large, is rejected', async () => {
    const { emulator } = await start(provoking)
    for (const limit of ['ten', '101', '0']) {
      const response = await call(emulator.url, `/v1/customers?limit=${limit}`)
      expect(response.status).toBe(400)
      expect((await errorOf(response))['code']).toBe('parameter_invalid_integer')
    }
  })
})

describe('headers', () => {
  test('a response has a request id, the API version and the idempotency key', async () => {
    const { emulator } = await start()
    const response = await call(emulator.url, '/v1/customers', {
      method: 'POST',
      headers: { ...FORM, 'Idempotency-Key': 'k1', 'Stripe-Version': '2025-10-29.clover' },
    })
    const header = (name: string) => response.headers.get(name)
    expect(header('request-id')).toMatch(/^req_\w{14}$/)
    expect(header('original-request')).toBe(header('request-id'))
    expect(header('idempotency-key')).toBe('k1')
    expect(header('stripe-version')).toBe('2025-10-29.clover')
    expect(header('stripe-should-retry')).toBe('false')
    expect(header('content-type')).toContain('application/json')
  })
})

describe('idempotency keys', () => {
  test('a repeated request gets the stored response, without a second effect', async () => {
    const { stripe } = await start()
    const params = { email: 'a@example.org' }
    const first = await stripe.customers.create(params, { idempotencyKey: 'once' })
    const again = await stripe.customers.create(params, { idempotencyKey: 'once' })
    expect(again.id).toBe(first.id)
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(again.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId)
    expect((await stripe.customers.list()).data).toHaveLength(1)
  })

  test('an error is stored too, status and body', async () => {
    const { stripe } = await start()
    const { id: customer } = await stripe.customers.create()
    const attach = () =>
      refusal(
        stripe.paymentMethods.attach(
          'pm_card_chargeDeclined',
          { customer },
          { idempotencyKey: 'declined' },
        ),
      )
    const first = await attach()
    const again = await attach()
    expect(again).toMatchObject({ statusCode: 402, code: 'card_declined' })
    expect(again.headers?.['original-request']).toBe(first.requestId)
  })

  test('other parameters under the same key are an idempotency_error', async () => {
    const { stripe } = await start()
    await stripe.customers.create({ email: 'a@example.org' }, { idempotencyKey: 'k' })
    const error = await refusal(
      stripe.customers.create({ email: 'b@example.org' }, { idempotencyKey: 'k' }),
    )
    expect(error).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' })
  })

  test('a request that fails validation does not use its key', async () => {
    const { stripe } = await start(provoking)
    // @ts-expect-error: the types forbid what is tried here
    await refusal(stripe.customers.create({ colour: 'red' }, { idempotencyKey: 'k' }))
    const made = await stripe.customers.create({ email: 'a@example.org' }, { idempotencyKey: 'k' })
    expect(made.email).toBe('a@example.org')
  })

  test('a key of a running request gets 409, and the effect happens once', async () => {
    const { emulator, stripe } = await start()
    emulator.faults.onRequest = () => ({ kind: 'delay', delayMs: 30 })
    const options = { idempotencyKey: 'k' }
    const both = await Promise.allSettled([
      stripe.customers.create({}, options),
      stripe.customers.create({}, options),
    ])
    emulator.faults.onRequest = undefined
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' })
    expect(refused[0].headers['stripe-should-retry']).toBe('true')
    expect((await stripe.customers.list()).data).toHaveLength(1)
  })

  test('a key of more than 255 characters is rejected', async () => {
    const { stripe } = await start()
    const error = await refusal(stripe.customers.create({}, { idempotencyKey: 'k'.repeat(256) }))
    expect(error.statusCode).toBe(400)
  })
})

describe('lists', () => {
  test('are newest first, ten at a time, and page both ways', async () => {
    const { stripe } = await start()
    const ids: string[] = []
    for (let index = 0; index < 13; index += 1) ids.unshift((await stripe.customers.create()).id)
    const first = await stripe.customers.list()
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/customers' })
    expect(first.data.map((one) => one.id)).toEqual(ids.slice(0, 10))
    const after = await stripe.customers.list({ limit: 5, starting_after: ids[9] ?? '' })
    expect(after.data.map((one) => one.id)).toEqual(ids.slice(10))
    expect(after.has_more).toBe(false)
    const before = await stripe.customers.list({ limit: 4, ending_before: ids[9] ?? '' })
    expect(before.data.map((one) => one.id)).toEqual(ids.slice(5, 9))
    expect(before.has_more).toBe(true)
    const all: string[] = []
    for await (const customer of stripe.customers.list({ limit: 4 })) all.push(customer.id)
    expect(all).toEqual(ids)
  })
})

describe('expand', () => {
  test('works four levels deep, also through lists, and no deeper', async () => {
    const { stripe } = await start()
    const product = await stripe.products.create({ name: 'Pro' })
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    })
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      expand: [
        'latest_invoice.payments.data.payment.payment_intent',
        'items.data.price.product',
        'customer',
      ],
    })
    expect(subscription).toMatchObject({
      customer: { id: customer.id },
      items: { data: [{ price: { product: { name: 'Pro' } } }] },
      latest_invoice: {
        payments: { data: [{ payment: { payment_intent: { status: 'succeeded' } } }] },
      },
    })
    const list = await stripe.subscriptions.list({ expand: ['data.latest_invoice'] })
    expect(list.data[0]?.latest_invoice).toMatchObject({ object: 'invoice' })
    const deep = 'data.latest_invoice.payments.data.payment.payment_intent.latest_charge'
    expect((await refusal(stripe.subscriptions.list({ expand: [deep] }))).statusCode).toBe(400)
  })

  test('a property that cannot be expanded is rejected, without an effect', async () => {
    const { stripe } = await start()
    const error = await refusal(stripe.customers.create({ expand: ['email'] }))
    expect(error.message).toBe('This property cannot be expanded (email).')
    expect((await stripe.customers.list()).data).toEqual([])
  })
})

describe('fault functions', () => {
  test('return 429 or 500 without an effect', async () => {
    const { emulator, stripe } = await start()
    emulator.faults.onRequest = () => ({ kind: 'answer', error: 'rate_limit' })
    expect(await refusal(stripe.customers.create())).toMatchObject({
      statusCode: 429,
      code: 'rate_limit',
    })
    emulator.faults.onRequest = () => ({ kind: 'answer', error: 'server_error' })
    expect(await refusal(stripe.customers.create())).toMatchObject({ statusCode: 500 })
    emulator.faults.onRequest = undefined
    expect((await stripe.customers.list()).data).toEqual([])
  })

  test('disconnect after the effect; a retry with the same key then succeeds', async () => {
    const { emulator, stripe } = await start()
    let calls = 0
    emulator.faults.onRequest = ({ method }) => {
      calls += method === 'POST' ? 1 : 0
      return calls === 1 && method === 'POST' ? { kind: 'cut', when: 'after' } : null
    }
    const made = await stripe.customers.create({}, { idempotencyKey: 'k', maxNetworkRetries: 1 })
    expect(calls).toBe(2)
    expect((await stripe.customers.list()).data.map((one) => one.id)).toEqual([made.id])
  })
})
