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

  test('a limit that is not a whole number is rejected; one out of range becomes the nearest', async () => {
    const { emulator, stripe } = await start(provoking)
    for (let count = 0; count < 3; count += 1) await stripe.customers.create()
    const response = await call(emulator.url, '/v1/customers?limit=ten')
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toMatchObject({
      code: 'parameter_invalid_integer',
      message: 'Invalid integer: ten',
      param: 'limit',
    })
    for (const [limit, length] of [
      ['0', 1],
      ['-1', 1],
      ['101', 3],
    ]) {
      const page = await call(emulator.url, `/v1/customers?limit=${limit}`)
      expect(await page.json()).toHaveProperty('data.length', length)
    }
  })

  test.each([
    ['name[]=a', 'name', 'Invalid string: {"0":"a"}'],
    ['name[x]=a', 'name', 'Invalid string: {"x":"a"}'],
    [
      `name=abcde${'x'.repeat(260)}vwxyz`,
      'name',
      'Invalid string: abcd...wxyz; must be at most 256 characters',
    ],
    [
      `description=abcde${'x'.repeat(5000)}vwxyz`,
      'description',
      'Invalid string: abcd...wxyz; must be at most 5000 characters',
    ],
    [
      `metadata[${'k'.repeat(41)}]=v`,
      'metadata',
      `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${'k'.repeat(41)}`,
    ],
    [
      `metadata[k]=${'v'.repeat(501)}`,
      'metadata',
      `Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: ${'v'.repeat(501)}`,
    ],
    [
      Array.from({ length: 51 }, (_, index) => `metadata[k${index}]=v`).join('&'),
      'metadata',
      "Metadata can have up to 50 keys, but you've set 51. Email us at support+metadata@stripe.com for more information.",
    ],
    ['invoice_settings=x', 'invoice_settings', 'Invalid object'],
    ['preferred_locales=x', 'preferred_locales', 'Invalid array'],
    ['balance=1.5', 'balance', 'Invalid integer: 1.5'],
  ])('%.40s is rejected', async (body, param, message) => {
    const { emulator } = await start(provoking)
    const init = { method: 'POST', headers: FORM, body }
    const response = await call(emulator.url, '/v1/customers', init)
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toMatchObject({ param, message, type: 'invalid_request_error' })
  })

  test('a JSON body is rejected, as on Stripe', async () => {
    const { emulator } = await start(provoking)
    const response = await call(emulator.url, '/v1/customers', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'A' }),
    })
    expect(response.status).toBe(400)
    expect((await errorOf(response))['message']).toContain('application/x-www-form-urlencoded')
  })

  test('a request for another account names what is missing', async () => {
    const { stripe } = await start()
    const options = { stripeAccount: 'acct_1other' }
    const error = await refusal(stripe.customers.create({}, options))
    expect(error).toMatchObject({ statusCode: 400 })
    expect(error.message).toContain('stripe-emulator: Connect (the header stripe-account)')
    expect((await stripe.customers.list()).data).toEqual([])
  })

  test.each([
    [
      'GET',
      '/v1/nowhere',
      'Unrecognized request URL (GET: /v1/nowhere). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.',
    ],
    ['PUT', '/v1/customers', 'Unrecognized request URL (PUT: /v1/customers). Please see'],
    ['GET', '/v1/customers/', 'If you are trying to list objects, remove the trailing slash.'],
    ['GET', '/v1/quotes', 'stripe-emulator: this route is not emulated'],
    ['GET', '/v1/plans/search', 'stripe-emulator: this route is not emulated'],
    ['GET', '/v1/invoices/upcoming', 'Please use the Create Preview Invoice API instead'],
  ])('%s %s is a 404 with a reason', async (method, path, message) => {
    const { emulator } = await start(provoking)
    const response = await call(emulator.url, path, { method })
    expect(response.status).toBe(404)
    const error = await errorOf(response)
    expect(error).toMatchObject({ type: 'invalid_request_error' })
    expect(error['code']).toBeUndefined()
    expect(error['message']).toContain(message)
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

  test('the same key on another route is an idempotency_error that names both', async () => {
    const { stripe } = await start()
    await stripe.customers.create({}, { idempotencyKey: 'k' })
    const error = await refusal(stripe.products.create({ name: 'A' }, { idempotencyKey: 'k' }))
    expect(error).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' })
    expect(error.message).toContain("('/v1/customers' vs '/v1/products')")
  })

  test('a path that cannot be expanded is not stored: the key can be used again', async () => {
    const { stripe } = await start()
    const wrong = stripe.customers.create({ expand: ['email'] }, { idempotencyKey: 'k' })
    expect((await refusal(wrong)).statusCode).toBe(400)
    const { id } = await stripe.customers.create({}, { idempotencyKey: 'k' })
    expect(id).toMatch(/^cus_/)
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

describe('expand (fact 36)', () => {
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
      expand: ['latest_invoice.payments.data.payment', 'items.data.price.product', 'customer'],
    })
    expect(subscription).toMatchObject({
      customer: { id: customer.id },
      items: { data: [{ price: { product: { name: 'Pro' } } }] },
      latest_invoice: {
        payments: { data: [{ payment: { type: 'payment_intent' } }] },
      },
    })
    const list = await stripe.subscriptions.list({ expand: ['data.latest_invoice'] })
    expect(list.data[0]?.latest_invoice).toMatchObject({ object: 'invoice' })
  })

  test.each([
    'data.items.data.price.product',
    'latest_invoice.payments.data.payment.payment_intent',
  ])('counts every part, `data` too: %s is too deep', async (path) => {
    const { stripe } = await start()
    const error = await refusal(stripe.subscriptions.list({ expand: [path] }))
    expect(error).toMatchObject({ statusCode: 400, code: 'property_expansion_max_depth' })
    expect(error.message).toBe(
      `You cannot expand more than 4 levels of a property. Property: ${path}`,
    )
  })

  test('names the part of a path that cannot be expanded, and `data` where a list lacks it', async () => {
    const { stripe } = await start()
    const customer = await stripe.customers.create()
    const one = (path: string) =>
      refusal(stripe.customers.retrieve(customer.id, { expand: [path] }))
    expect((await one('invalid.deep.path')).message).toBe(
      'This property cannot be expanded (invalid).',
    )
    expect((await one('invoice_settings.bogus')).message).toBe(
      'This property cannot be expanded (invoice_settings.bogus).',
    )
    const list = (expand: string[]) => stripe.customers.list({ expand })
    expect((await refusal(list(['default_source']))).message).toBe(
      "This property cannot be expanded (default_source). You may want to try expanding 'data.default_source' instead.",
    )
    expect((await list(['data'])).data).toHaveLength(1)
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
