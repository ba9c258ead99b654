import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, post, receiver, refusal, shop, start } from './harness.ts'

const DONE = 'https://shop.example.org/done?id={CHECKOUT_SESSION_ID}'

async function oneTimePrice(stripe: Stripe): Promise<Stripe.Price> {
  return stripe.prices.create({
    currency: 'usd',
    unit_amount: 1500,
    product_data: { name: 'Mug' },
  })
}

function pay(session: Stripe.Checkout.Session, number: string): Promise<Response> {
  return post(session.url ?? '', { ...card(number), email: 'payer@example.org' })
}

describe('Checkout in payment mode', () => {
  const open = async (
    stripe: Stripe,
    params: Partial<Stripe.Checkout.SessionCreateParams> = {},
  ): Promise<Stripe.Checkout.Session> => {
    const price = await oneTimePrice(stripe)
    return stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price: price.id, quantity: 2 }],
      success_url: DONE,
      ...params,
    })
  }

  test('charges once without a customer, and sends the events', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const session = await open(stripe, { payment_intent_data: { metadata: { order: '7' } } })
    expect(session).toMatchObject({
      amount_total: 3000,
      customer: null,
      customer_creation: 'if_required',
      payment_intent: null,
      payment_status: 'unpaid',
    })
    const page = await fetch(session.url ?? '')
    expect(await page.text()).toContain('Pay $30.00')
    const answer = await pay(session, '4242424242424242')
    expect(answer.headers.get('location')).toBe(`https://shop.example.org/done?id=${session.id}`)
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent', 'line_items'],
    })
    expect(done).toMatchObject({
      customer: null,
      customer_details: { email: 'payer@example.org' },
      line_items: { data: [{ amount_total: 3000 }] },
      payment_intent: { status: 'succeeded', amount_received: 3000, metadata: { order: '7' } },
      payment_status: 'paid',
      status: 'complete',
      subscription: null,
    })
    await emulator.webhooksSettled()
    expect(hook.types().slice(-5)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
      // The balance follows a moment later.
      'charge.updated',
    ])
  })

  test('a declined card leaves the session open and no payment behind', async () => {
    const { stripe } = await start()
    const session = await open(stripe)
    expect((await pay(session, '4000000000009995')).status).toBe(402)
    expect((await stripe.paymentIntents.list()).data).toEqual([])
    expect((await pay(session, '4242424242424242')).status).toBe(303)
  })

  test('a card that requires 3-D Secure is charged after that step', async () => {
    const { stripe } = await start()
    const session = await open(stripe)
    const answer = await pay(session, '4000002760003184')
    const step = new URL(answer.headers.get('location') ?? '', session.url ?? '').href
    expect((await post(step, { result: 'fail' })).status).toBe(402)
    expect((await post(step, { result: 'complete' })).status).toBe(303)
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_status: 'paid',
    })
  })

  test('creates a customer and saves the card with `customer_creation` and `setup_future_usage`', async () => {
    const { stripe } = await start()
    const session = await open(stripe, {
      customer_creation: 'always',
      payment_intent_data: { setup_future_usage: 'off_session', capture_method: 'manual' },
    })
    await pay(session, '4242424242424242')
    const done = await stripe.checkout.sessions.retrieve(session.id)
    expect(done.payment_status).toBe('unpaid')
    const cards = await stripe.paymentMethods.list({ customer: String(done.customer) })
    expect(cards.data).toHaveLength(1)
    const intent = await stripe.paymentIntents.capture(String(done.payment_intent))
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 3000 })
  })

  test('rejects a recurring price', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const refused = stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [{ price: basic.id, quantity: 1 }],
      success_url: DONE,
    })
    expect(await refusal(refused)).toMatchObject({ param: 'line_items[0][price]' })
  })
})

describe('Checkout in setup mode (fact 33)', () => {
  test("saves the customer's card and charges nothing", async () => {
    const { stripe } = await start()
    const customer = await stripe.customers.create({ email: 'payer@example.org' })
    const session = await stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'usd',
      customer: customer.id,
      success_url: DONE,
    })
    expect(session).toMatchObject({
      adaptive_pricing: { enabled: false },
      amount_total: null,
      customer_details: { tax_exempt: null },
      discounts: null,
      payment_status: 'no_payment_required',
      saved_payment_method_options: null,
      total_details: null,
    })
    expect(await (await fetch(session.url ?? '')).text()).toContain('Save card')
    expect((await pay(session, '4000000000000002')).status).toBe(402)
    expect((await pay(session, '4242424242424242')).status).toBe(303)
    expect(await stripe.setupIntents.retrieve(String(session.setup_intent))).toMatchObject({
      status: 'succeeded',
      customer: customer.id,
    })
    const cards = await stripe.paymentMethods.list({ customer: customer.id })
    expect(cards.data).toHaveLength(1)
    expect((await stripe.charges.list()).data).toEqual([])
  })
})
