import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, post, refusal } from '../harness.ts'
import { store } from './world.ts'

/** Cashier's CheckoutTest, and Pay's tests of Checkout: see README.md. */

const URLS = { success_url: 'https://app.test/done', cancel_url: 'https://app.test/stopped' }

type Params = Partial<Stripe.Checkout.SessionCreateParams>

async function shop() {
  const of = await store()
  const once = async (name: string, unit_amount: number) =>
    (await of.stripe.prices.create({ currency: 'usd', product_data: { name }, unit_amount })).id
  const five = await of.stripe.coupons.create({
    duration: 'repeating',
    amount_off: 500,
    duration_in_months: 3,
    currency: 'usd',
  })
  const open = (params: Params) =>
    of.stripe.checkout.sessions.create({ customer: of.customer.id, mode: 'payment', ...params })
  return {
    ...of,
    shirt: await once('T-shirt', 1500),
    car: await once('Car', 30_000),
    five: five.id,
    open,
  }
}

describe('a session for products', () => {
  test('sells several, each with its quantity', async () => {
    const { open, shirt, car, customer } = await shop()
    const line_items = [
      { price: shirt, quantity: 5 },
      { price: car, quantity: 1 },
    ]
    expect(await open({ ...URLS, line_items })).toMatchObject({
      ...URLS,
      mode: 'payment',
      status: 'open',
      payment_status: 'unpaid',
      customer: customer.id,
      amount_total: 37_500,
    })
  })

  test('takes a coupon off', async () => {
    const { open, shirt, five } = await shop()
    const session = await open({
      ...URLS,
      line_items: [{ price: shirt, quantity: 1 }],
      discounts: [{ coupon: five }],
    })
    expect(session).toMatchObject({
      amount_subtotal: 1500,
      amount_total: 1000,
      total_details: { amount_discount: 500 },
      discounts: [{ coupon: five }],
    })
  })

  test('sells what has no price yet', async () => {
    const { open } = await shop()
    const price_data = { currency: 'usd', product_data: { name: 'T-shirt' }, unit_amount: 1200 }
    const session = await open({ ...URLS, line_items: [{ price_data, quantity: 1 }] })
    expect(session.amount_total).toBe(1200)
  })

  test('needs no customer', async () => {
    const { stripe, shirt } = await shop()
    const session = await stripe.checkout.sessions.create({
      ...URLS,
      mode: 'payment',
      line_items: [{ price: shirt, quantity: 1 }],
    })
    expect(session).toMatchObject({ customer: null, customer_creation: 'if_required' })
  })

  test('needs a quantity', async () => {
    const { open, shirt } = await shop()
    const opened = open({ ...URLS, line_items: [{ price: shirt }] })
    expect(await refusal(opened)).toMatchObject({ statusCode: 400 })
  })
})

describe('a session for a subscription', () => {
  const plan = async () => {
    const of = await shop()
    const yearly = await of.stripe.prices.create({
      currency: 'usd',
      product_data: { name: 'Hobby' },
      nickname: 'Hobby, yearly',
      recurring: { interval: 'year' },
      unit_amount: 1500,
    })
    const vat = await of.stripe.taxRates.create({
      display_name: 'VAT',
      description: 'VAT Belgium',
      jurisdiction: 'BE',
      percentage: 21,
      inclusive: false,
    })
    const start = (params: Params) =>
      of.open({
        ...URLS,
        mode: 'subscription',
        line_items: [{ price: yearly.id, quantity: 1 }],
        subscription_data: { default_tax_rates: [vat.id] },
        ...params,
      })
    return { ...of, start }
  }

  test('adds the tax, and offers the box for codes', async () => {
    const { start } = await plan()
    expect(await start({ allow_promotion_codes: true })).toMatchObject({
      mode: 'subscription',
      allow_promotion_codes: true,
      amount_subtotal: 1500,
      amount_total: 1815,
    })
  })

  test('takes the coupon off before the tax, without the box', async () => {
    const { start, five } = await plan()
    expect(await start({ discounts: [{ coupon: five }] })).toMatchObject({
      allow_promotion_codes: null,
      amount_total: 1210,
    })
  })

  test('that is paid has a subscription, whose invoice has the same total', async () => {
    const { stripe, start, five, customer } = await plan()
    const session = await start({ discounts: [{ coupon: five }], client_reference_id: 'User_1' })
    const typed = { ...card('4242424242424242'), email: 'payer@example.org' }
    await post(session.url ?? '', typed)
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] })
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      client_reference_id: 'User_1',
      customer: customer.id,
      invoice: { total: 1210, status: 'paid' },
    })
    const { data } = await stripe.subscriptions.list({ customer: customer.id })
    expect(data).toMatchObject([{ id: done.subscription, status: 'active' }])
  })
})

describe('an embedded session', () => {
  const items = (price: string) => ({ line_items: [{ price, quantity: 5 }] })

  test('returns to its URL, and has a client secret instead of a page', async () => {
    const { open, shirt } = await shop()
    const embedded = { ui_mode: 'embedded_page', return_url: 'https://app.test/back' } as const
    expect(await open({ ...items(shirt), ...embedded })).toMatchObject({
      ...embedded,
      url: null,
      client_secret: expect.stringMatching(/^cs_test_.*_secret_/),
      success_url: null,
      amount_total: 7500,
    })
  })

  test('redirects never, where it is asked for', async () => {
    const { open, shirt } = await shop()
    const still = { ui_mode: 'embedded_page', redirect_on_completion: 'never' } as const
    const session = await open({ ...items(shirt), ...still })
    expect(session).toMatchObject({ ...still, amount_total: 7500 })
    expect(session.return_url).toBeUndefined()
  })

  test('needs a URL to return to, unless it never redirects', async () => {
    const { open, shirt } = await shop()
    const opened = open({ ...items(shirt), ui_mode: 'embedded_page' })
    expect(await refusal(opened)).toMatchObject({ statusCode: 400 })
  })
})

describe('a session to save a card', () => {
  test('has no amount, and keeps the place for its id in the URL', async () => {
    const { open, customer } = await shop()
    const success_url = 'https://app.test/?session={CHECKOUT_SESSION_ID}'
    const session = await open({ mode: 'setup', currency: 'usd', success_url })
    expect(session).toMatchObject({
      mode: 'setup',
      success_url,
      amount_total: null,
      payment_status: 'no_payment_required',
      customer: customer.id,
      setup_intent: expect.stringMatching(/^seti_/),
    })
  })
})

describe('the URL after a payment', () => {
  test('has the id of the session', async () => {
    const { open, shirt } = await shop()
    const session = await open({
      success_url: 'https://app.test/?session={CHECKOUT_SESSION_ID}',
      line_items: [{ price: shirt, quantity: 1 }],
    })
    const typed = { ...card('4242424242424242'), email: 'payer@example.org' }
    const response = await post(session.url ?? '', typed)
    expect(response.headers.get('location')).toBe(`https://app.test/?session=${session.id}`)
  })
})
