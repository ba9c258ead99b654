import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStripe } from '../../src/stripe/gateway.ts'
import type { ScriptedStripe } from './scripted-stripe.ts'
import { startScriptedStripe } from './scripted-stripe.ts'

let stripe: ScriptedStripe

beforeAll(async () => {
  stripe = await startScriptedStripe()
})
afterAll(() => stripe.close())

const noRetry = { 'stripe-should-retry': 'false' }
const card = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' }
const missing = {
  type: 'invalid_request_error',
  code: 'resource_missing',
  message: 'No such price',
}

test.each([
  [402, card, 'STRIPE_REJECTED', card.message],
  [400, missing, 'STRIPE_REJECTED', missing.message],
  [404, missing, 'STRIPE_REJECTED', missing.message],
  [400, { type: 'idempotency_error' }, 'STRIPE_UNAVAILABLE', 'Stripe could not be reached'],
  [
    401,
    { message: 'Invalid API Key: sk_x' },
    'STRIPE_UNAVAILABLE',
    'until the operator looks at it',
  ],
  [403, { message: 'no permission' }, 'STRIPE_UNAVAILABLE', 'until the operator looks at it'],
  [409, { code: 'lock_timeout' }, 'STRIPE_UNAVAILABLE', 'Stripe could not be reached'],
  [429, { code: 'rate_limit' }, 'STRIPE_UNAVAILABLE', 'Stripe could not be reached'],
  [500, { type: 'api_error' }, 'STRIPE_UNAVAILABLE', 'Stripe could not be reached'],
  [503, { type: 'api_error' }, 'STRIPE_UNAVAILABLE', 'Stripe could not be reached'],
])('a %i %j is %s', async (status, error, code, message) => {
  stripe.failing = { status, body: { error }, headers: noRetry }
  const gateway = openStripe({ ...stripe, secretKey: 'sk_test_1', webhookSecrets: [] })
  await expect(gateway.call((client) => client.prices.retrieve('price_1'))).rejects.toMatchObject({
    name: 'TollgateError',
    code,
    message: expect.stringContaining(message),
  })
})

test('it says when to try again, as Stripe did', async () => {
  const error = { code: 'rate_limit' }
  stripe.failing = { status: 429, body: { error }, headers: { ...noRetry, 'retry-after': '17' } }
  const gateway = openStripe({ ...stripe, secretKey: 'sk_test_1', webhookSecrets: [] })
  await expect(gateway.call((client) => client.prices.retrieve('price_1'))).rejects.toMatchObject({
    retryAfterSeconds: 17,
  })
})

test('an address where nothing listens is STRIPE_UNAVAILABLE', async () => {
  const gateway = openStripe({
    secretKey: 'sk_test_1',
    webhookSecrets: [],
    apiBase: 'http://127.0.0.1:1',
  })
  const read = gateway.call((client) =>
    client.prices.retrieve('price_1', {}, { maxNetworkRetries: 0 }),
  )
  await expect(read).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE', retryAfterSeconds: 5 })
})

test('what is not a failure of Stripe passes as it is', async () => {
  const gateway = openStripe({ secretKey: 'sk_test_1', webhookSecrets: [] })
  const own = new Error('own')
  await expect(gateway.call(() => Promise.reject(own))).rejects.toBe(own)
})

test.each([
  ['sk_live_1', true],
  ['rk_live_1', true],
  ['sk_test_1', false],
  ['sk_test_live_1', false],
])('the key %s moves real money: %s', (secretKey, livemode) => {
  expect(openStripe({ secretKey, webhookSecrets: [] }).livemode).toBe(livemode)
})

test.each([
  [500, { object: 'price', id: 'price_1' }],
  [502, { message: 'Bad Gateway' }],
  [404, { message: 'nothing here' }],
  [200, null],
])('a %i without an error, %j, is not taken for a success', async (status, body) => {
  stripe.failing = { status, body: JSON.parse(JSON.stringify(body)), headers: noRetry }
  const gateway = openStripe({ ...stripe, secretKey: 'sk_test_1', webhookSecrets: [] })
  await expect(gateway.call((client) => client.prices.retrieve('price_1'))).rejects.toMatchObject({
    code: 'STRIPE_UNAVAILABLE',
  })
})
