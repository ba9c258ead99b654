import { request as httpRequest } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { StripeEmulator } from '../src/index.ts'
import { payer, receiver, refusal, START, seconds, shop, start, subscriber } from './harness.ts'

const SECRET = 'whsec_test'

/** The fields that the assertions use. */
interface Answer {
  data: Record<string, unknown>[]
  error: { message: string; param?: string; type: string }
  [field: string]: unknown
}

function controlOf(emulator: StripeEmulator) {
  return async (route: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [method = '', path = ''] = route.split(' ')
    const response = await fetch(`${emulator.url}/_emulator${path}`, {
      method,
      headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    })
    return { status: response.status, answer: (await response.json()) as Answer }
  }
}

async function setUp(answer?: () => number) {
  const hook = await receiver(answer)
  const started = await start({ webhooks: [{ url: hook.url, secret: SECRET }] })
  return { ...started, hook, control: controlOf(started.emulator) }
}

describe('the state', () => {
  test('is summarized: objects by kind, subscriptions and deliveries by status, faults, clock', async () => {
    const { emulator, stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    await subscriber(stripe, basic.id)
    emulator.faults.add({ webhook: '*', kind: 'drop' })
    await emulator.webhooksSettled()
    const { answer } = await control('GET /state')
    expect(answer).toMatchObject({
      apiVersion: '2026-10-28.endive',
      clock: { now: START.toISOString(), aheadMs: 0 },
      objects: { customers: 1, products: 3, prices: 3, subscriptions: 1, invoices: 1 },
      subscriptions: { active: 1 },
      invoices: { paid: 1 },
      faults: [{ id: 'fault_1', kind: 'drop' }],
      rateLimit: null,
      dataFileBytes: null,
    })
    const { deliveries } = answer as { deliveries?: Record<string, number> }
    expect(deliveries).toEqual({
      succeeded: (await stripe.events.list({ limit: 100 })).data.length,
    })
  })

  test('is reset on request: objects, events, idempotency keys and clock', async () => {
    const { emulator, stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    await subscriber(stripe, basic.id)
    await stripe.customers.create({ name: 'old' }, { idempotencyKey: 'k' })
    emulator.clock.advanceBy(86_400_000)
    expect((await control('POST /reset')).answer).toMatchObject({ objects: {}, deliveries: {} })
    expect(emulator.clock.now()).toEqual(START)
    expect((await stripe.events.list()).data).toEqual([])
    const made = await stripe.customers.create({ name: 'new' }, { idempotencyKey: 'k' })
    expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([made.id])
    await emulator.webhooksSettled()
    emulator.clock.advanceBy(40 * 86_400_000)
    expect((await stripe.invoices.list()).data).toEqual([])
    const { objects } = (await control('GET /state')).answer as { objects?: object }
    expect(objects).toMatchObject({ customers: 1 })
    expect(objects).not.toHaveProperty('events')
  })
})

describe('the clock', () => {
  test('can be read, and advanced to an instant or by a duration; due work runs', async () => {
    const { stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    const { customer } = await subscriber(stripe, basic.id)
    const now = async () => (await control('GET /clock')).answer['now']
    expect(await now()).toBe('2026-11-10T18:29:24.000Z')
    const { answer } = await control('POST /clock/advance', { by: '1 month' })
    expect(answer).toEqual({ now: '2026-12-10T18:29:24.000Z', aheadMs: 30 * 86_400_000 })
    await control('POST /clock/advance', { by: '2 hours' })
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2)
    await control('POST /clock/advance', { to: '2027-01-31' })
    expect(await now()).toBe('2027-01-31T00:00:00.000Z')
    await control('POST /clock/advance', { by: '1 month' })
    expect(await now()).toBe('2027-02-28T00:00:00.000Z')
  })

  test('rejects an invalid request with the name of the field, and does not move', async () => {
    const { emulator } = await start()
    const control = controlOf(emulator)
    const cases: [body: object, param: string, message: RegExp][] = [
      [{}, 'to', /either 'to' or 'by'/],
      [{ to: '2027-01-01', by: '1 day' }, 'to', /either 'to' or 'by'/],
      [{ to: '2020-01-01' }, 'to', /only moves forward/],
      [{ to: 'tomorrow' }, 'to', /an instant such as/],
      [{ by: 'a while' }, 'by', /a length of time such as/],
      [{ until: '2027-01-01' }, 'until', /unknown parameter/],
    ]
    for (const [body, param, message] of cases) {
      const { status, answer } = await control('POST /clock/advance', body)
      expect(status).toBe(400)
      expect(answer.error).toMatchObject({ param, type: 'invalid_request_error' })
      expect(answer.error.message).toMatch(message)
    }
    expect(emulator.clock.now()).toEqual(START)
  })
})

describe('deliveries', () => {
  test('are listed with every attempt and its response', async () => {
    const answers = [500, 200]
    const { emulator, stripe, control } = await setUp(() => answers.shift() ?? 200)
    const { id } = await stripe.customers.create()
    await stripe.products.create({ name: 'Pro' })
    await emulator.webhooksSettled()
    const { answer } = await control('GET /deliveries?type=customer.*')
    const at = seconds(START)
    expect(answer.data).toMatchObject([
      {
        type: 'customer.created',
        status: 'succeeded',
        attempts: 2,
        log: [
          { at, status: 500, error: 'answered 500', fault: null },
          { at, status: 200, error: null, fault: null },
        ],
      },
    ])
    const [delivery] = answer.data
    expect((await control(`GET /deliveries/${delivery?.['id']}`)).answer).toEqual(delivery)
    expect((await control('GET /deliveries?limit=1')).answer).toMatchObject({ hasMore: true })
    expect((await control(`GET /deliveries?event=${id}`)).answer.data).toEqual([])
  })

  test('are resent on request, without faults; a succeeded delivery stays succeeded', async () => {
    const answers = [200, 500]
    const { hook, emulator, stripe, control } = await setUp(() => answers.shift() ?? 200)
    await stripe.customers.create()
    await emulator.webhooksSettled()
    emulator.faults.add({ webhook: '*', kind: 'drop' })
    const [delivery] = (await control('GET /deliveries')).answer.data
    const resent = await control(`POST /deliveries/${delivery?.['id']}/resend`)
    expect(resent.answer).toMatchObject({ status: 'succeeded', lastError: 'answered 500' })
    expect((await control(`POST /deliveries/${delivery?.['id']}/resend`)).answer).toMatchObject({
      status: 'succeeded',
      lastError: null,
      attempts: 3,
    })
    expect(new Set(hook.received.map(({ event }) => event.id)).size).toBe(1)
    expect(hook.received).toHaveLength(3)
    const [event] = (await stripe.events.list()).data
    expect(event?.pending_webhooks).toBe(0)
  })

  test('of an event also go to endpoints that were added later', async () => {
    const { hook, emulator, stripe, control } = await setUp()
    await stripe.customers.create()
    await emulator.webhooksSettled()
    const [event] = (await stripe.events.list()).data
    const late = await receiver()
    await stripe.webhookEndpoints.create({ url: late.url, enabled_events: ['customer.created'] })
    const { answer } = await control(`POST /events/${event?.id}/redeliver`)
    expect(answer.data.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
    expect(hook.types()).toEqual(['customer.created', 'customer.created'])
    expect(late.types()).toEqual(['customer.created'])
    expect((await stripe.events.retrieve(event?.id ?? '')).pending_webhooks).toBe(0)
  })

  test('to an endpoint that was down arrive when they are resent', async () => {
    let status = 503
    const { emulator, stripe, control } = await setUp(() => status)
    await stripe.customers.create()
    await emulator.webhooksSettled()
    expect((await control('GET /deliveries?status=failed')).answer.data).toHaveLength(1)
    status = 200
    const [delivery] = (await control('GET /deliveries')).answer.data
    await control(`POST /deliveries/${delivery?.['id']}/resend`)
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
  })
})

describe('faults', () => {
  test('can be added, listed and removed at run time', async () => {
    const { stripe, control } = await setUp()
    const rule = { request: 'POST /v1/customers', kind: 'answer', error: 'server_error' }
    const { answer } = await control('POST /faults', { ...rule, id: 'mine' })
    expect(answer).toEqual({ ...rule, id: 'mine', matched: 0, happened: 0, spent: false })
    expect((await refusal(stripe.customers.create())).statusCode).toBe(500)
    expect((await control('GET /faults')).answer.data).toMatchObject([{ id: 'mine', happened: 1 }])
    expect((await control('DELETE /faults/mine')).answer.data).toEqual([])
    expect((await control('DELETE /faults/mine')).status).toBe(404)
    await stripe.customers.create()
    await control('POST /faults', rule)
    await control('DELETE /faults')
    await stripe.customers.create()
    const wrong = await control('POST /faults', { ...rule, error: 'boom' })
    expect(wrong).toMatchObject({ status: 400, answer: { error: { param: 'error' } } })
  })

  test('include a rate limit', async () => {
    const { stripe, control } = await setUp()
    await control('POST /rate-limit', { perSecond: 1 })
    await stripe.customers.list()
    expect((await refusal(stripe.customers.list())).code).toBe('rate_limit')
    await control('POST /rate-limit', { perSecond: 'none' })
    await stripe.customers.list()
    expect((await control('POST /rate-limit', { perSecond: 0 })).status).toBe(400)
  })
})

describe('a trigger', () => {
  test('sends an event with an object as it is, and changes nothing', async () => {
    const { hook, emulator, stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id)
    const before = (await stripe.events.list({ limit: 100 })).data.length
    const { answer } = await control('POST /trigger', {
      type: 'customer.subscription.trial_will_end',
    })
    expect(answer).toMatchObject({
      type: 'customer.subscription.trial_will_end',
      data: { object: { id: subscription.id, status: 'active' } },
    })
    await emulator.webhooksSettled()
    expect(hook.types().at(-1)).toBe('customer.subscription.trial_will_end')
    expect((await stripe.events.list({ limit: 100 })).data).toHaveLength(before + 1)
  })

  test('needs a known event type and an existing object', async () => {
    const { emulator } = await start()
    const control = controlOf(emulator)
    const message = async (body: object) =>
      (await control('POST /trigger', body)).answer.error.message
    expect(await message({ type: 'invoice.exploded' })).toMatch(/must be one of .*invoice\.paid/)
    expect(await message({ type: 'invoice.paid' })).toMatch(/no invoices yet/)
    expect(await message({ type: 'invoice.paid', object: 'in_x' })).toBe("No such invoice: 'in_x'")
  })
})

describe('a scenario', () => {
  test('subscribes a new customer to a new price, or the given ones', async () => {
    const { stripe, control } = await setUp()
    const first = (await control('POST /scenarios/subscribe')).answer
    expect(first).toMatchObject({ object: 'subscription', status: 'active' })
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe)
    const second = await control('POST /scenarios/subscribe', {
      customer: customer.id,
      price: basic.id,
      trialDays: 7,
    })
    expect(second.answer).toMatchObject({
      status: 'trialing',
      customer: customer.id,
      items: { data: [{ price: { id: basic.id } }] },
    })
  })

  test('renews, fails to renew, and recovers', async () => {
    const { stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id)
    const body = { subscription: subscription.id }
    const status = async (name: string) =>
      (await control(`POST /scenarios/${name}`, body)).answer['status']
    const invoices = async () =>
      (await stripe.invoices.list({ subscription: subscription.id })).data.map((one) => one.status)
    expect(await status('renew')).toBe('active')
    expect(await invoices()).toEqual(['paid', 'paid'])
    expect(await status('fail_renewal')).toBe('past_due')
    expect(await invoices()).toEqual(['open', 'paid', 'paid'])
    expect(await status('recover_payment')).toBe('active')
    expect(await invoices()).toEqual(['paid', 'paid', 'paid'])
    expect(await status('fail_next_payment')).toBe('active')
    expect(await status('renew')).toBe('past_due')
  })

  test('advances the test clock of a subscription, and not the main clock', async () => {
    const { emulator, stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds(START) })
    const { id: customer } = await stripe.customers.create({ test_clock: clock.id })
    const { answer } = await control('POST /scenarios/subscribe', { customer, price: basic.id })
    await control('POST /scenarios/fail_renewal', { subscription: answer['id'] })
    expect((await stripe.subscriptions.retrieve(String(answer['id']))).status).toBe('past_due')
    expect(emulator.clock.now()).toEqual(START)
  })

  test('ends a trial, cancels, and refunds an invoice in part and in full', async () => {
    const { stripe, control } = await setUp()
    const { answer } = await control('POST /scenarios/subscribe', { trialDays: 30 })
    const subscription = String(answer['id'])
    expect((await control('POST /scenarios/end_trial', { subscription })).answer).toMatchObject({
      status: 'active',
    })
    const [paid] = (await stripe.invoices.list({ subscription })).data
    const body = { invoice: paid?.id, amount: 500 }
    expect((await control('POST /scenarios/refund_invoice', body)).answer).toMatchObject({
      object: 'refund',
      amount: 500,
    })
    const rest = await control('POST /scenarios/refund_invoice', { invoice: paid?.id })
    expect(rest.answer).toMatchObject({ amount: 1_500 })
    expect((await control('POST /scenarios/refund_invoice', { invoice: paid?.id })).status).toBe(
      400,
    )
    const ending = { subscription, atPeriodEnd: true }
    expect((await control('POST /scenarios/cancel', ending)).answer).toMatchObject({
      status: 'active',
      cancel_at_period_end: true,
    })
    expect((await control('POST /scenarios/cancel', { subscription })).answer).toMatchObject({
      status: 'canceled',
    })
    expect((await control('POST /scenarios/renew', { subscription })).status).toBe(400)
  })

  test('that is unknown, or has unknown parameters, is rejected', async () => {
    const { emulator } = await start()
    const control = controlOf(emulator)
    expect((await control('POST /scenarios/earthquake')).answer.error.message).toBe(
      "No such scenario: 'earthquake'",
    )
    expect((await control('POST /scenarios/renew')).answer.error).toMatchObject({
      param: 'subscription',
    })
    expect((await control('POST /scenarios/renew', { when: 'now' })).answer.error).toMatchObject({
      param: 'when',
    })
    const { answer } = await control('GET /scenarios')
    expect(answer.data.map(({ name }) => name)).toContain('fail_renewal')
  })
})

describe('the control endpoints', () => {
  test('are listed; an unknown one returns an error object with the list', async () => {
    const { emulator } = await start()
    const control = controlOf(emulator)
    const routes = (await control('GET ')).answer.data.map(({ route }) => route)
    expect(routes).toContain('POST /_emulator/clock/advance')
    for (const route of ['GET /nothing', 'POST /clock', 'DELETE /state']) {
      const { status, answer } = await control(route)
      expect(status).toBe(404)
      expect(answer.error.type).toBe('invalid_request_error')
      expect(answer.error.message).toContain('POST /_emulator/clock/advance')
    }
  })

  test('reject a page of another origin, also an app on another port of this machine', async () => {
    const { emulator } = await start()
    const control = controlOf(emulator)
    const tries: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:3000' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of tries) {
      expect((await control('POST /clock/advance', { by: '1 day' }, headers)).status).toBe(403)
      expect((await control('DELETE /faults', undefined, headers)).status).toBe(403)
      expect((await control('GET /state', undefined, headers)).status).toBe(403)
    }
    const own = { origin: emulator.url, 'sec-fetch-site': 'same-origin' }
    expect(emulator.clock.now()).toEqual(START)
    expect((await control('POST /clock/advance', { by: '1 day' }, own)).status).toBe(200)
  })

  test('reject a form or a text, which a page may send to any origin without a preflight', async () => {
    const { emulator } = await start()
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const response = await fetch(`${emulator.url}/_emulator/clock/advance`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"by":"1 day"}',
      })
      expect(response.status).toBe(415)
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
    }
    const broken = await fetch(`${emulator.url}/_emulator/clock/advance`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"by":',
    })
    expect(broken.status).toBe(400)
    expect(emulator.clock.now()).toEqual(START)
  })

  test('accept a loopback name only, against DNS rebinding', async () => {
    const { emulator } = await start()
    const statusUnder = (host: string, path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { port } = emulator
        httpRequest({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode))
        })
          .on('error', reject)
          .end()
      })
    expect(await statusUnder('rebound.example', '/_emulator/state')).toBe(403)
    expect(await statusUnder('127.0.0.1.example', '/_emulator/state')).toBe(403)
    expect(await statusUnder(`localhost:${emulator.port}`, '/_emulator/state')).toBe(200)
    expect(await statusUnder(`127.0.0.1:${emulator.port}`, '/_emulator/state')).toBe(200)
  })
})

describe('what follows a failed renewal', () => {
  const ends = [
    ['cancel', 'canceled'],
    ['unpaid', 'unpaid'],
    ['past_due', 'past_due'],
    ['pause', 'paused'],
  ] as const

  test.each(ends)('%s: the subscription is %s after the last attempt', async (end, status) => {
    const { stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id)
    const { answer } = await control('POST /dunning', { finally: end, retryAfterDays: [2] })
    expect(answer).toMatchObject({ finally: end, retryAfterDays: [2] })
    await control('POST /scenarios/fail_renewal', { subscription: subscription.id })
    await control('POST /clock/advance', { by: '3 days' })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe(status)
  })

  test('is paused at the first failure where that is set, and shown', async () => {
    const { stripe, control } = await setUp()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id)
    await control('POST /dunning', { pauseOnFirstFailure: true })
    expect((await control('GET /dunning')).answer).toMatchObject({ pauseOnFirstFailure: true })
    await control('POST /scenarios/fail_renewal', { subscription: subscription.id })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused')
  })

  test('is refused with the name of the field where it is none of those', async () => {
    const { control } = await setUp()
    expect((await control('POST /dunning', { finally: 'never' })).answer.error.param).toBe(
      'finally',
    )
    expect((await control('POST /dunning', { retryAfterDays: [0] })).status).toBe(400)
  })
})
