import { describe, expect, test } from 'vitest'
import { payer, refusal, start } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'

/** Cashier's ChargesTest and Pay's tests of charges, and what is near them: see README.md. */

async function charging(card = 'pm_card_visa') {
  const { stripe } = await start({ observer: checkedObserver({ provoking: true }) })
  const { customer, method } = await payer(stripe, card)
  const pay = (amount: number, form: object = {}) =>
    stripe.paymentIntents.create({
      amount,
      currency: 'usd',
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
      return_url: 'https://app.test/return',
      expand: ['latest_charge'],
      ...form,
    })
  return { stripe, customer, method, pay }
}

describe('a charge', () => {
  test('is made, refunded in parts, and not beyond what is left', async () => {
    const { stripe } = await start()
    const { customer, method } = await payer(stripe)
    const { id, status } = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
      allowed_payment_method_types: ['card'],
    })
    expect(status).toBe('succeeded')
    await stripe.refunds.create({ payment_intent: id, amount: 300 })
    const tooMuch = stripe.refunds.create({ payment_intent: id, amount: 800 })
    expect(await refusal(tooMuch)).toMatchObject({ statusCode: 400, param: 'amount' })
    await stripe.refunds.create({ payment_intent: id })
    const [charge] = (await stripe.charges.list({ payment_intent: id })).data
    expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true })
  })

  test('is authorized first and captured later, also in part', async () => {
    const { stripe } = await start()
    const { customer, method } = await payer(stripe)
    const held = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      customer: customer.id,
      payment_method: method.id,
      capture_method: 'manual',
      confirm: true,
      allowed_payment_method_types: ['card'],
    })
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 2000 })
    const captured = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 500 })
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 500 })
  })

  test('of a card that needs authentication waits for the customer', async () => {
    const { stripe } = await start()
    const { customer, method } = await payer(stripe, 'pm_card_authenticationRequired')
    const intent = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
      return_url: 'http://app.test/back',
    })
    expect(intent).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url' },
    })
  })
})

describe('a payment', () => {
  test('is of the customer who is named, or of nobody', async () => {
    const { stripe, customer, pay } = await charging()
    expect(await pay(1000)).toMatchObject({ amount: 1000, customer: customer.id })
    const guest = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      return_url: 'https://app.test/return',
    })
    expect(guest).toMatchObject({ status: 'succeeded', amount: 1000, customer: null })
  })

  test('that is not confirmed waits for a payment method, and is found by its id', async () => {
    const { stripe, customer } = await charging()
    const intent = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      customer: customer.id,
      automatic_payment_methods: { enabled: true },
    })
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      automatic_payment_methods: { enabled: true },
    })
    expect((await stripe.paymentIntents.retrieve(intent.id)).id).toBe(intent.id)
  })

  test('of nothing is refused, with the least amount', async () => {
    const { pay } = await charging()
    expect(await refusal(pay(0))).toMatchObject({
      type: 'StripeInvalidRequestError',
      message: expect.stringMatching(/^The amount must be greater than or equal to/),
    })
  })

  test('has a charge with its currency, receipt, shipping and metadata', async () => {
    const { pay } = await charging()
    const address = { line1: 'One Loop', city: 'Cupertino', state: 'CA' }
    const { latest_charge: charge } = await pay(2500, {
      shipping: { name: 'Recipient', address },
      metadata: { license_id: '1' },
    })
    expect(charge).toMatchObject({
      amount: 2500,
      currency: 'usd',
      receipt_url: expect.stringMatching(/^http/),
      shipping: { address },
      metadata: { license_id: '1' },
      payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    })
  })

  test('is authorized without a capture, and captured in full', async () => {
    const { stripe, pay } = await charging()
    const held = await pay(2900, { capture_method: 'manual' })
    expect(held).toMatchObject({
      status: 'requires_capture',
      latest_charge: { amount_captured: 0 },
    })
    const captured = await stripe.paymentIntents.capture(held.id, { expand: ['latest_charge'] })
    expect(captured.latest_charge).toMatchObject({ captured: true, amount_captured: 2900 })
  })

  test('is refunded several times, and the charge adds them up', async () => {
    const { stripe, customer, pay } = await charging()
    const { id } = await pay(3000)
    for (const amount of [1000, 500]) await stripe.refunds.create({ payment_intent: id, amount })
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    expect(charge).toMatchObject({ amount_refunded: 1500, refunded: false })
  })

  test('has a balance transaction, which can be expanded', async () => {
    const { stripe, customer, pay } = await charging()
    await pay(1900)
    const { data } = await stripe.charges.list({
      customer: customer.id,
      expand: ['data.balance_transaction'],
    })
    expect(data[0]?.balance_transaction).toMatchObject({ amount: 1900, type: 'charge' })
  })

  test('that needs authentication asks for it, with the amount', async () => {
    const { pay } = await charging('pm_card_threeDSecure2Required')
    expect(await pay(1000)).toMatchObject({ status: 'requires_action', amount: 1000 })
  })
})

describe('cards', () => {
  test('are listed, made the default, and removed, also as the default', async () => {
    const { stripe } = await start()
    const { customer, method } = await payer(stripe)
    const second = await stripe.paymentMethods.attach('pm_card_mastercard', {
      customer: customer.id,
    })
    const listed = await stripe.customers.listPaymentMethods(customer.id, { type: 'card' })
    expect(listed.data.map(({ id }) => id).sort()).toEqual([method.id, second.id].sort())
    await stripe.paymentMethods.detach(method.id)
    const after = await stripe.customers.retrieve(customer.id)
    expect(after).toMatchObject({ invoice_settings: { default_payment_method: null } })
  })

  test('that are declined cannot be attached', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const attached = stripe.paymentMethods.attach('pm_card_chargeDeclined', {
      customer: customer.id,
    })
    expect(await refusal(attached)).toMatchObject({ statusCode: 402, code: 'card_declined' })
  })
})

describe('a one-off invoice', () => {
  test('has its items, is paid by the default card, and is void when it is not wanted', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const bill = async () => {
      const draft = await stripe.invoices.create({ customer: customer.id })
      const line = { customer: customer.id, invoice: draft.id, currency: 'usd' }
      await stripe.invoiceItems.create({ ...line, amount: 1000, description: 'Setup' })
      await stripe.invoiceItems.create({ ...line, amount: 500, description: 'Support' })
      return stripe.invoices.finalizeInvoice(draft.id)
    }
    const paid = await stripe.invoices.pay((await bill()).id)
    expect(paid).toMatchObject({ status: 'paid', total: 1500, amount_paid: 1500 })
    const unwanted = await stripe.invoices.voidInvoice((await bill()).id)
    expect(unwanted).toMatchObject({ status: 'void', amount_paid: 0 })
  })

  test('uses the balance of the customer first', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    await stripe.customers.update(customer.id, { balance: -400 })
    const draft = await stripe.invoices.create({ customer: customer.id })
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      currency: 'usd',
      amount: 1000,
    })
    const paid = await stripe.invoices.pay(draft.id)
    expect(paid).toMatchObject({ total: 1000, amount_due: 600, starting_balance: -400 })
  })
})
