import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { refusal, start } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'
import { store } from './world.ts'

/** Cashier's PaymentMethodsTest, and Pay's tests of cards and of other payment methods: see README.md. */

async function withoutCard() {
  const { stripe } = await start({ observer: checkedObserver({ provoking: true }) })
  const { id } = await stripe.customers.create({ name: 'A Payer' })
  const cards = async () => (await stripe.customers.listPaymentMethods(id)).data
  const attach = (token: string) => stripe.paymentMethods.attach(token, { customer: id })
  const prefer = (method: string) =>
    stripe.customers.update(id, { invoice_settings: { default_payment_method: method } })
  const preferred = async () => {
    const customer = await stripe.customers.retrieve(id, {
      expand: ['invoice_settings.default_payment_method'],
    })
    if (customer.deleted) throw new Error('deleted')
    // Expanded.
    return customer.invoice_settings.default_payment_method as Stripe.PaymentMethod | null
  }
  return { stripe, id, cards, attach, prefer, preferred }
}

describe('a setup intent', () => {
  test('waits for a payment method, and is found by its id', async () => {
    const { stripe, id } = await withoutCard()
    const intent = await stripe.setupIntents.create({ customer: id, usage: 'off_session' })
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      customer: id,
      usage: 'off_session',
      client_secret: expect.stringContaining(`${intent.id}_secret_`),
    })
    expect((await stripe.setupIntents.retrieve(intent.id)).id).toBe(intent.id)
  })

  test('attaches the card that it is confirmed with', async () => {
    const { stripe, id, cards } = await withoutCard()
    const intent = await stripe.setupIntents.create({
      customer: id,
      allowed_payment_method_types: ['card'],
    })
    const confirmed = await stripe.setupIntents.confirm(intent.id, {
      payment_method: 'pm_card_visa',
    })
    expect(confirmed.status).toBe('succeeded')
    expect(await cards()).toMatchObject([{ id: confirmed.payment_method }])
  })
})

describe('a card', () => {
  test('that is attached is not the default', async () => {
    const { attach, cards, preferred } = await withoutCard()
    expect(await attach('pm_card_visa')).toMatchObject({ card: { brand: 'visa', last4: '4242' } })
    expect(await cards()).toHaveLength(1)
    expect(await preferred()).toBeNull()
  })

  test('becomes the default, and another one takes its place', async () => {
    const { attach, prefer, preferred } = await withoutCard()
    await prefer((await attach('pm_card_visa')).id)
    expect(await preferred()).toMatchObject({ type: 'card', card: { brand: 'visa' } })
    await prefer((await attach('pm_card_discover')).id)
    expect(await preferred()).toMatchObject({ card: { brand: 'discover' } })
    await prefer((await attach('pm_card_amex')).id)
    expect(await preferred()).toMatchObject({ card: { brand: 'amex' } })
  })

  test('that is not attached cannot be the default', async () => {
    const { stripe, prefer } = await withoutCard()
    const loose = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
    expect(await refusal(prefer(loose.id))).toMatchObject({ statusCode: 400 })
  })

  test('is removed', async () => {
    const { stripe, attach, cards } = await withoutCard()
    const { id } = await attach('pm_card_visa')
    expect((await stripe.paymentMethods.detach(id)).customer).toBeNull()
    expect(await cards()).toEqual([])
  })

  test('that is the default is removed, and there is no default', async () => {
    const { stripe, attach, cards, prefer, preferred } = await withoutCard()
    const { id } = await attach('pm_card_visa')
    await prefer(id)
    await stripe.paymentMethods.detach(id)
    expect(await cards()).toEqual([])
    expect(await preferred()).toBeNull()
  })

  test('is one of several, newest first, and all can be removed', async () => {
    const { stripe, attach, cards } = await withoutCard()
    await attach('pm_card_visa')
    await attach('pm_card_mastercard')
    expect((await cards()).map(({ card }) => card?.brand)).toEqual(['mastercard', 'visa'])
    for (const { id } of await cards()) await stripe.paymentMethods.detach(id)
    expect(await cards()).toEqual([])
  })

  test('that is declined is not attached', async () => {
    const { attach, cards } = await withoutCard()
    expect(await refusal(attach('pm_card_chargeDeclined'))).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
    })
    expect(await cards()).toEqual([])
  })

  test('of a token is the default source, as before payment methods', async () => {
    const { stripe, id } = await withoutCard()
    const source = await stripe.customers.createSource(id, { source: 'tok_visa' })
    await stripe.customers.update(id, { default_source: source.id })
    const customer = await stripe.customers.retrieve(id, { expand: ['default_source'] })
    expect(customer).toMatchObject({ default_source: { brand: 'Visa', last4: '4242' } })
  })

  test('changes its address and its expiry', async () => {
    const { stripe, method } = await store()
    const updated = await stripe.paymentMethods.update(method.id, {
      card: { exp_month: 5, exp_year: 2031 },
      billing_details: { address: { city: 'Ghent' } },
    })
    expect(updated).toMatchObject({
      card: { exp_month: 5, exp_year: 2031 },
      billing_details: { address: { city: 'Ghent' } },
    })
  })
})

describe('the payment method of a subscription', () => {
  test('is its own, and goes before the default of the customer', async () => {
    const { stripe, emulator, customer, subscribe, basic } = await store()
    const { id } = await subscribe(basic)
    const own = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id })
    const changed = await stripe.subscriptions.update(id, { default_payment_method: own.id })
    expect(changed.default_payment_method).toBe(own.id)
    emulator.clock.advanceBy(31 * 86_400_000)
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    expect(charge?.payment_method_details?.card?.brand).toBe('mastercard')
  })
})

describe('payment methods other than cards are a gap, and refused by name', () => {
  test.each([
    'acss_debit',
    'afterpay_clearpay',
    'alipay',
    'au_becs_debit',
    'bacs_debit',
    'bancontact',
    'boleto',
    'eps',
    'fpx',
    'giropay',
    'grabpay',
    'ideal',
    'oxxo',
    'p24',
    'sepa_debit',
    'sofort',
    'wechat_pay',
  ] as const)('%s', async (type) => {
    const { stripe } = await start({ observer: checkedObserver({ provoking: true }) })
    expect(await refusal(stripe.paymentMethods.create({ type }))).toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/^stripe-emulator/),
    })
  })
})
