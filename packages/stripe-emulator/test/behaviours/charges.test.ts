import { describe, expect, test } from 'vitest'
import { payer, refusal, start } from '../harness.ts'

/** What the feature tests of well-known libraries expect of charges, refunds, cards and one-off invoices. */

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
