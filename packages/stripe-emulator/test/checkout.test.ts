import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, HOUR_MS, post, refusal, START, seconds, shop, start } from './harness.ts'

async function open(stripe: Stripe, params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { pro } = await shop(stripe)
  const customer = await stripe.customers.create({ email: 'payer@example.org' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    success_url: 'http://app.test/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://app.test/back',
    client_reference_id: 'user-1',
    line_items: [{ price: pro.id, quantity: 1 }],
    subscription_data: { metadata: { userId: 'user-1' } },
    ...params,
  })
  return { customer, session, url: session.url ?? '', price: pro }
}

describe('a session', () => {
  test('is open and unpaid for 24 hours, with a page and without a subscription', async () => {
    const { stripe } = await start()
    const { session, customer } = await open(stripe)
    expect(session.id).toMatch(/^cs_test_\w{58}$/)
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      ui_mode: 'hosted_page',
      customer: customer.id,
      subscription: null,
      invoice: null,
      amount_total: 4900,
      client_reference_id: 'user-1',
      expires_at: seconds(START) + 24 * 3600,
      success_url: 'http://app.test/done?session={CHECKOUT_SESSION_ID}',
    })
  })

  test('may expire after 30 minutes to 24 hours, not earlier or later', async () => {
    const { stripe } = await start()
    const at = (minutes: number) => seconds(START) + minutes * 60
    const { session } = await open(stripe, { expires_at: at(30) })
    expect(session.expires_at).toBe(at(30))
    expect(await refusal(open(stripe, { expires_at: at(29) }))).toMatchObject({
      message:
        'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
    })
    expect(await refusal(open(stripe, { expires_at: at(24 * 60 + 1) }))).toMatchObject({
      message:
        'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
    })
  })

  test('is listed by customer and by status', async () => {
    const { stripe } = await start()
    const { session, customer } = await open(stripe)
    await open(stripe)
    await stripe.checkout.sessions.expire(session.id)
    const of = await stripe.checkout.sessions.list({ customer: customer.id, status: 'expired' })
    expect(of.data.map((one) => one.id)).toEqual([session.id])
    expect((await stripe.checkout.sessions.list({ status: 'open' })).data).toHaveLength(1)
  })

  test('expires on request, once, or at its time; its page says so', async () => {
    const { emulator, stripe } = await start()
    const first = await open(stripe)
    const expired = await stripe.checkout.sessions.expire(first.session.id)
    expect(expired).toMatchObject({ status: 'expired', url: null })
    expect((await refusal(stripe.checkout.sessions.expire(first.session.id))).statusCode).toBe(400)
    const page = await fetch(first.url)
    expect(page.status).toBe(410)
    expect(await page.text()).toContain('This checkout has expired')
    expect((await post(first.url, card('4242424242424242'))).status).toBe(410)

    const second = await open(stripe)
    emulator.clock.advanceBy(24 * HOUR_MS)
    expect((await stripe.checkout.sessions.retrieve(second.session.id)).status).toBe('expired')
    const events = await stripe.events.list({ type: 'checkout.session.expired' })
    expect(events.data).toHaveLength(2)
  })

  test.each(['payment', 'setup'] as const)('in %s mode rejects subscription data', async (mode) => {
    const { stripe } = await start()
    const error = await refusal(open(stripe, { mode }))
    expect(error).toMatchObject({ statusCode: 400, param: 'subscription_data' })
  })
})

describe('the hosted page', () => {
  test('shows the items, the test mode and a link back, and works without scripts', async () => {
    const { stripe } = await start()
    const { url } = await open(stripe)
    const page = await fetch(url)
    const text = await page.text()
    expect(page.status).toBe(200)
    for (const part of ['Pro', '$49.00', 'per month', 'Test mode', 'http://app.test/back']) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('<script')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('escapes names', async () => {
    const { stripe } = await start()
    const product = await stripe.products.create({ name: '<script>alert(1)</script>' })
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    })
    const { url } = await open(stripe, { line_items: [{ price: price.id, quantity: 1 }] })
    expect(await (await fetch(url)).text()).not.toContain('<script>')
  })

  test('4242 pays: active subscription, paid invoice, redirect to the success URL', async () => {
    const { stripe } = await start()
    const { url, session, customer } = await open(stripe)
    const answer = await post(url, card('4242 4242 4242 4242'))
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`http://app.test/done?session=${session.id}`)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'invoice.payments'],
    })
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      subscription: { status: 'active', customer: customer.id, metadata: { userId: 'user-1' } },
      invoice: {
        status: 'paid',
        billing_reason: 'subscription_create',
        total: 4900,
        payments: { data: [{ status: 'paid' }] },
      },
    })
    const [method] = (await stripe.customers.listPaymentMethods(customer.id)).data
    expect(method?.card).toMatchObject({ brand: 'visa', last4: '4242' })
    expect((done.subscription as Stripe.Subscription).default_payment_method).toBe(method?.id)
    expect(await (await fetch(url)).text()).toContain('You have already paid')
  })

  test('a paid session cannot be paid again', async () => {
    const { stripe } = await start()
    const { url, customer } = await open(stripe)
    await post(url, card('4242424242424242'))
    await post(url, card('4242424242424242'))
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(1)
  })

  test.each([
    ['4000 0000 0000 0002', 'Your card was declined.'],
    ['4000 0000 0000 9995', 'Your card has insufficient funds.'],
    ['4000 0000 0000 0069', 'Your card has expired.'],
    ['4000 0000 0000 0341', 'Your card was declined.'],
    ['4242 4242 4242 4241', 'Your card number is incorrect.'],
  ])('%s is declined with the reason, without a subscription or charge', async (number, reason) => {
    const { stripe } = await start()
    const { url, session, customer } = await open(stripe)
    const answer = await post(url, card(number))
    expect(answer.status).toBe(402)
    expect(await answer.text()).toContain(reason)
    expect(
      (await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data,
    ).toEqual([])
    expect((await stripe.invoices.list()).data).toEqual([])
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
    expect((await post(url, card('4242424242424242'))).status).toBe(303)
  })

  test.each([
    ['in the past', { cardExpiry: '01/20' }, 'expiration year is invalid'],
    ['not a date', { cardExpiry: 'soon' }, 'expiration month is invalid'],
    ['a code of letters', { cardCvc: 'abc' }, 'security code is invalid'],
  ])('a card with %s is declined', async (_what, typed, reason) => {
    const { stripe } = await start()
    const { url } = await open(stripe)
    const answer = await post(url, { ...card('4242424242424242'), ...typed })
    expect(await answer.text()).toContain(reason)
  })

  test.each(['4000 0025 0000 3155', '4000 0000 0000 3220', '4000 0027 6000 3184'])(
    '%s requires 3-D Secure: it pays when that is completed, not when it fails',
    async (number) => {
      const { stripe } = await start()
      const { url, customer } = await open(stripe)
      const step = (await post(url, card(number))).headers.get('location') ?? ''
      expect(step).toMatch(/\/3ds$/)
      const page = new URL(step, url).href
      expect(await (await fetch(page)).text()).toContain('Complete authentication')
      const failed = await post(page, { result: 'fail' })
      expect(failed.status).toBe(402)
      expect(await failed.text()).toContain('unable to authenticate')
      expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([])
      const passed = await post(page, { result: 'complete' })
      expect(passed.headers.get('location')).toContain('http://app.test/done')
      expect((await stripe.subscriptions.list({ customer: customer.id })).data[0]?.status).toBe(
        'active',
      )
    },
  )

  test('creates a customer from the form where the session has none', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'http://app.test/done',
      line_items: [{ price: pro.id, quantity: 2 }],
    })
    await post(session.url ?? '', { ...card('4242424242424242'), email: 'new@example.org' })
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['customer'] })
    expect(done.customer).toMatchObject({ email: 'new@example.org', name: 'A Payer' })
    expect(done.amount_total).toBe(9800)
  })

  test('with a trial nothing is charged, and the subscription is trialing', async () => {
    const { stripe } = await start()
    const { url, session } = await open(stripe, { subscription_data: { trial_period_days: 14 } })
    expect(session.amount_total).toBe(0)
    await post(url, card('4242424242424242'))
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'invoice'],
    })
    expect(done).toMatchObject({
      payment_status: 'no_payment_required',
      subscription: { status: 'trialing', trial_end: seconds(START) + 14 * 86_400 },
      invoice: { status: 'paid', total: 0 },
    })
  })

  test('a checkout sends its events in order', async () => {
    const { stripe } = await start()
    const { url } = await open(stripe)
    const before = new Set((await stripe.events.list({ limit: 100 })).data.map((event) => event.id))
    await post(url, card('4242424242424242'))
    const events = (await stripe.events.list({ limit: 100 })).data.filter(
      (event) => !before.has(event.id),
    )
    expect(events.map((event) => event.type).reverse()).toEqual([
      'payment_method.attached',
      'invoice.created',
      'customer.subscription.created',
      'invoice.finalized',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'customer.subscription.updated',
      'checkout.session.completed',
    ])
    const updated = events.find((event) => event.type === 'customer.subscription.updated')
    expect(updated?.data.previous_attributes).toEqual({
      default_payment_method: null,
      status: 'incomplete',
    })
    expect(updated?.request).toEqual({ id: null, idempotency_key: null })
  })
})
