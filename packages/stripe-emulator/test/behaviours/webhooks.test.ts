import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import {
  card,
  DAY_MS,
  firstItem,
  HOUR_MS,
  payer,
  post,
  receiver,
  START,
  seconds,
  start,
} from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'

/** Cashier's WebhooksTest and VerifyWebhookSignatureTest, and what Pay's webhook tests need: see README.md. */

const SECRET = 'whsec_test'

/** An emulator that sends its events, a plan of $10 a month, and a customer with a card. */
async function listening(token?: string) {
  const inbox = await receiver()
  const { stripe, emulator } = await start({
    observer: checkedObserver({ provoking: true }),
    webhooks: [{ url: inbox.url, secret: SECRET }],
  })
  const { customer, method } = await payer(stripe, token)
  const product = await stripe.products.create({ name: 'Plan' })
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 1000,
    recurring: { interval: 'month' },
  })
  const subscribe = (params: Partial<Stripe.SubscriptionCreateParams> = {}) =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], ...params })
  /** The data of all events of a type, oldest first. */
  const sent = async (type: string) => {
    await emulator.webhooksSettled()
    return inbox.received.filter(({ event }) => event.type === type).map(({ event }) => event.data)
  }
  const last = async (type: string) => {
    const all = await sent(type)
    return all.at(-1) ?? { object: null }
  }
  return { stripe, emulator, inbox, customer, method, price, product, subscribe, sent, last }
}

describe('a subscription', () => {
  test('that is created is sent with its items', async () => {
    const { customer, price, product, subscribe, last } = await listening()
    await subscribe({ items: [{ price: price.id, quantity: 10 }] })
    expect(await last('customer.subscription.created')).toMatchObject({
      object: {
        customer: customer.id,
        cancel_at_period_end: false,
        items: { data: [{ price: { id: price.id, product: product.id }, quantity: 10 }] },
      },
    })
  })

  test('that is updated is sent with its new items, and what was before', async () => {
    const { stripe, subscribe, last } = await listening()
    const item = firstItem(await subscribe())
    await stripe.subscriptionItems.update(item.id, { quantity: 5 })
    expect(await last('customer.subscription.updated')).toMatchObject({
      object: { items: { data: [{ id: item.id, quantity: 5 }] } },
      previous_attributes: { items: { data: [{ id: item.id, quantity: 1 }] } },
    })
  })

  test('that ends later is sent with the time, and without it when that is taken back', async () => {
    const { stripe, subscribe, last } = await listening()
    const { id } = await subscribe()
    const cancel_at = seconds(START) + 180 * 86_400
    await stripe.subscriptions.update(id, { cancel_at })
    expect(await last('customer.subscription.updated')).toMatchObject({
      object: { cancel_at, cancel_at_period_end: false },
      previous_attributes: { cancel_at: null },
    })
    await stripe.subscriptions.update(id, { cancel_at: '' })
    expect(await last('customer.subscription.updated')).toMatchObject({
      object: { cancel_at: null, canceled_at: null },
      previous_attributes: { cancel_at },
    })
  })

  test('that is canceled is sent as deleted', async () => {
    const { stripe, subscribe, last } = await listening()
    const { id } = await subscribe()
    await stripe.subscriptions.cancel(id)
    expect(await last('customer.subscription.deleted')).toMatchObject({
      object: { id, status: 'canceled', ended_at: seconds(START) },
    })
  })

  test('whose first payment is never made is sent as expired', async () => {
    const { emulator, subscribe, last } = await listening('pm_card_chargeCustomerFail')
    const { id } = await subscribe()
    emulator.clock.advanceBy(24 * HOUR_MS)
    expect(await last('customer.subscription.updated')).toMatchObject({
      object: { id, status: 'incomplete_expired' },
      previous_attributes: { status: 'incomplete' },
    })
  })

  test('whose trial ends is announced three days before, or at once', async () => {
    const { stripe, emulator, subscribe, sent } = await listening()
    const { id } = await subscribe({ trial_period_days: 10 })
    expect(await sent('customer.subscription.trial_will_end')).toHaveLength(0)
    emulator.clock.advanceBy(7 * DAY_MS + HOUR_MS)
    expect(await sent('customer.subscription.trial_will_end')).toMatchObject([{ object: { id } }])
    await subscribe({ trial_period_days: 1 })
    expect(await sent('customer.subscription.trial_will_end')).toHaveLength(2)
    await stripe.subscriptions.cancel(id)
  })

  test('that renews soon is announced as an invoice without an id', async () => {
    const { emulator, subscribe, last } = await listening()
    await subscribe()
    emulator.clock.advanceBy(25 * DAY_MS)
    const { object } = await last('invoice.upcoming')
    expect(object).toMatchObject({ object: 'invoice', total: 1000 })
    expect(object).not.toHaveProperty('id')
  })
})

describe('a payment', () => {
  test('that needs the customer is sent, and its intent is found from the invoice', async () => {
    const { stripe, customer, subscribe, last } = await listening('pm_card_threeDSecure2Required')
    const { latest_invoice: invoice } = await subscribe()
    expect(await last('invoice.payment_action_required')).toMatchObject({
      object: { id: invoice, customer: customer.id, status: 'open' },
    })
    const { data } = await stripe.invoicePayments.list({ invoice: String(invoice) })
    const intent = String(data[0]?.payment.payment_intent)
    expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({
      status: 'requires_action',
      amount: 1000,
    })
  })

  test('that fails is sent', async () => {
    const { subscribe, last } = await listening('pm_card_chargeCustomerFail')
    const { latest_invoice: id } = await subscribe()
    expect(await last('invoice.payment_failed')).toMatchObject({
      object: { id, attempt_count: 1, amount_due: 1000 },
    })
  })

  test('that is made and refunded is sent, each with the charge of that moment', async () => {
    const { stripe, customer, subscribe, last } = await listening()
    await subscribe()
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    await stripe.refunds.create({ charge: charge?.id ?? '', amount: 400 })
    expect(await last('charge.succeeded')).toMatchObject({
      object: { id: charge?.id, amount: 1000, amount_refunded: 0 },
    })
    expect(await last('charge.refunded')).toMatchObject({
      object: { id: charge?.id, amount_refunded: 400, refunded: false },
    })
  })
})

describe('a customer', () => {
  test('whose default card is removed is sent without it, and the card too', async () => {
    const { stripe, customer, method, last } = await listening()
    expect(await last('payment_method.attached')).toMatchObject({
      object: { id: method.id, customer: customer.id },
    })
    await stripe.paymentMethods.detach(method.id)
    expect(await last('payment_method.detached')).toMatchObject({
      object: { id: method.id, customer: null },
      previous_attributes: { customer: customer.id },
    })
    expect(await last('customer.updated')).toMatchObject({
      object: { id: customer.id, invoice_settings: { default_payment_method: null } },
    })
  })

  test('whose card changes is sent', async () => {
    const { stripe, method, last } = await listening()
    await stripe.paymentMethods.update(method.id, { card: { exp_month: 1, exp_year: 2035 } })
    expect(await last('payment_method.updated')).toMatchObject({
      object: { id: method.id, card: { exp_month: 1, exp_year: 2035 } },
    })
  })

  test('whose balance changes is sent with it', async () => {
    const { stripe, customer, last } = await listening()
    await stripe.customers.update(customer.id, { balance: -1200 })
    expect(await last('customer.updated')).toMatchObject({
      object: { balance: -1200 },
      previous_attributes: { balance: 0 },
    })
  })

  test('that is deleted is sent as it was, and its subscription as canceled', async () => {
    const { stripe, customer, subscribe, last } = await listening()
    const { id } = await subscribe()
    await stripe.customers.del(customer.id)
    const { object } = await last('customer.deleted')
    expect(object).toMatchObject({ id: customer.id, email: 'payer@example.org' })
    expect(object).not.toHaveProperty('deleted')
    expect(await last('customer.subscription.deleted')).toMatchObject({ object: { id } })
  })
})

describe('a checkout session', () => {
  test('that is completed is sent with the reference that it was given', async () => {
    const { stripe, customer, price, last } = await listening()
    const session = await stripe.checkout.sessions.create({
      customer: customer.id,
      mode: 'subscription',
      success_url: 'https://app.test/done',
      client_reference_id: 'User_7',
      line_items: [{ price: price.id, quantity: 1 }],
    })
    await post(session.url ?? '', { ...card('4242424242424242'), email: 'payer@example.org' })
    expect(await last('checkout.session.completed')).toMatchObject({
      object: { id: session.id, client_reference_id: 'User_7', payment_status: 'paid' },
    })
  })
})

describe('the signature of a webhook', () => {
  async function signed() {
    const { emulator, inbox } = await listening()
    await emulator.webhooksSettled()
    const [one] = inbox.received
    if (one === undefined) throw new Error('nothing was sent')
    const signature = String(one.headers['stripe-signature'])
    const check = (form: { body?: string; signature?: string; secret?: string; late?: number }) =>
      Stripe.webhooks.constructEvent(
        form.body ?? one.body,
        form.signature ?? signature,
        form.secret ?? SECRET,
        300,
        undefined,
        START.getTime() + (form.late ?? 0) * 1000,
      )
    return { one, signature, check }
  }

  test('is right for its body, its secret and its time', async () => {
    const { one, check } = await signed()
    expect(check({}).id).toBe(one.event.id)
  })

  test.each([
    ['another secret', { secret: 'whsec_other' }],
    ['another body', { body: '{"hello": "world"}' }],
    ['no signature', { signature: 't=1' }],
    ['a signature of another time', { late: 400 }],
  ])('is wrong with %s', async (_why, form) => {
    const { check } = await signed()
    expect(() => check(form)).toThrow(Stripe.errors.StripeSignatureVerificationError)
  })
})
