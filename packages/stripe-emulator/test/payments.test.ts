import { describe, expect, test } from 'vitest'
import { payer, post, receiver, refusal, start } from './harness.ts'

const ORDER = { amount: 2000, currency: 'usd' }
const RETURN = { return_url: 'https://shop.example.org/done' }
/** An order that is confirmed at once. */
const AT_ONCE = { ...ORDER, ...RETURN, confirm: true } as const

describe('a payment intent without an invoice', () => {
  test('waits for a payment method, then for a confirmation, then is paid', async () => {
    const { stripe } = await start()
    const opened = await stripe.paymentIntents.create(ORDER)
    expect(opened).toMatchObject({ status: 'requires_payment_method', payment_method: null })
    const ready = await stripe.paymentIntents.update(opened.id, {
      payment_method: 'pm_card_visa',
      metadata: { order: '7' },
    })
    expect(ready).toMatchObject({ status: 'requires_confirmation', metadata: { order: '7' } })
    const paid = await stripe.paymentIntents.confirm(opened.id, RETURN)
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 2000 })
    const charge = await stripe.charges.retrieve(String(paid.latest_charge))
    expect(charge).toMatchObject({
      amount_captured: 2000,
      captured: true,
      metadata: { order: '7' },
    })
  })

  test('that is declined returns 402 with the intent, stays on record, and can be paid with another card', async () => {
    const { stripe } = await start()
    const error = await refusal(
      stripe.paymentIntents.create({
        ...AT_ONCE,
        payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
      }),
    )
    expect(error).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
    })
    const { id = '' } = error.payment_intent ?? {}
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds' },
    })
    const paid = await stripe.paymentIntents.confirm(id, {
      ...RETURN,
      payment_method: 'pm_card_visa',
    })
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
  })

  test('redirects to 3-D Secure and back to the return URL', async () => {
    const { stripe } = await start()
    const intent = await stripe.paymentIntents.create({
      ...ORDER,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: 'https://shop.example.org/done?order=7',
    })
    expect(intent).toMatchObject({ status: 'requires_action' })
    const back = await post(intent.next_action?.redirect_to_url?.url ?? '', { result: 'complete' })
    const landed = new URL(back.headers.get('location') ?? '')
    expect(Object.fromEntries(landed.searchParams)).toEqual({
      order: '7',
      payment_intent: intent.id,
      payment_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    })
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({ status: 'succeeded' })
  })

  test('off-session is declined by a card that requires 3-D Secure', async () => {
    const { stripe } = await start()
    const { customer, method } = await payer(stripe, 'pm_card_authenticationRequired')
    const error = await refusal(
      stripe.paymentIntents.create({
        ...AT_ONCE,
        customer: customer.id,
        payment_method: method.id,
        off_session: true,
      }),
    )
    expect(error).toMatchObject({ statusCode: 402, code: 'authentication_required' })
  })

  test('with manual confirmation needs a second confirmation after 3-D Secure', async () => {
    const { stripe } = await start()
    const intent = await stripe.paymentIntents.create({
      ...ORDER,
      confirm: true,
      confirmation_method: 'manual',
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.example.org/done',
    })
    await post(intent.next_action?.redirect_to_url?.url ?? '', { result: 'complete' })
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: 'requires_confirmation',
    })
    expect(await stripe.paymentIntents.confirm(intent.id, RETURN)).toMatchObject({
      status: 'succeeded',
    })
  })

  test("takes a customer's card only for that customer", async () => {
    const { stripe } = await start()
    const { method } = await payer(stripe)
    const stranger = await stripe.customers.create()
    const withoutCustomer = stripe.paymentIntents.create({ ...ORDER, payment_method: method.id })
    expect(await refusal(withoutCustomer)).toMatchObject({
      statusCode: 400,
      code: 'parameter_missing',
      param: 'source',
    })
    const other = { ...ORDER, customer: stranger.id, payment_method: method.id }
    const refused = await refusal(stripe.paymentIntents.create(other))
    expect(refused).toMatchObject({ statusCode: 400, param: 'payment_method' })
    expect(refused.message).toBe(
      `The PaymentMethod ${method.id} does not belong to the Customer you supplied ${stranger.id}. Please use this PaymentMethod with the Customer that it belongs to instead.`,
    )
  })

  test('saves the card for its customer with `setup_future_usage`', async () => {
    const { stripe } = await start()
    const customer = await stripe.customers.create()
    await stripe.paymentIntents.create({
      ...AT_ONCE,
      customer: customer.id,
      payment_method: 'pm_card_visa',
      setup_future_usage: 'off_session',
    })
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toHaveLength(1)
  })
})

describe('an authorized payment', () => {
  const AUTHORIZED = {
    ...AT_ONCE,
    capture_method: 'manual',
    payment_method: 'pm_card_visa',
  } as const

  test('is captured in full or in part, once', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const authorized = await stripe.paymentIntents.create(AUTHORIZED)
    expect(authorized).toMatchObject({ status: 'requires_capture', amount_capturable: 2000 })
    const charge = String(authorized.latest_charge)
    expect(await stripe.charges.retrieve(charge)).toMatchObject({
      captured: false,
      amount_captured: 0,
      balance_transaction: null,
    })
    const taken = await stripe.paymentIntents.capture(authorized.id, { amount_to_capture: 1500 })
    expect(taken).toMatchObject({
      status: 'succeeded',
      amount_received: 1500,
      amount_capturable: 0,
    })
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_captured: 1500 })
    const again = stripe.paymentIntents.capture(authorized.id)
    expect(await refusal(again)).toMatchObject({ code: 'payment_intent_unexpected_state' })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ])
  })

  test('is released by a cancellation', async () => {
    const { stripe } = await start()
    const { id, latest_charge: charge } = await stripe.paymentIntents.create(AUTHORIZED)
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' })
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' })
    expect(await stripe.charges.retrieve(String(charge))).toMatchObject({
      refunded: true,
      amount_refunded: 2000,
    })
  })

  test('cannot be captured for more than the authorized amount', async () => {
    const { stripe } = await start()
    const { id } = await stripe.paymentIntents.create(AUTHORIZED)
    const more = stripe.paymentIntents.capture(id, { amount_to_capture: 2001 })
    expect(await refusal(more)).toMatchObject({ code: 'amount_too_large' })
  })
})

describe('a setup intent', () => {
  test('with a declined card returns 402 with the intent, and succeeds with another card', async () => {
    const { stripe } = await start()
    const error = await refusal(
      stripe.setupIntents.create({ payment_method: 'pm_card_chargeDeclined', confirm: true }),
    )
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined' })
    const { id = '' } = error.setup_intent ?? {}
    expect(await stripe.setupIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_setup_error: { decline_code: 'generic_decline' },
    })
    const done = await stripe.setupIntents.confirm(id, { payment_method: 'pm_card_visa' })
    expect(done).toMatchObject({ status: 'succeeded', last_setup_error: null })
  })

  test('has a cancellation reason, and cannot be changed after it', async () => {
    const { stripe } = await start()
    const { id } = await stripe.setupIntents.create({ metadata: { a: '1' } })
    await stripe.setupIntents.update(id, { metadata: { b: '2' } })
    const canceled = await stripe.setupIntents.cancel(id, { cancellation_reason: 'abandoned' })
    expect(canceled).toMatchObject({
      cancellation_reason: 'abandoned',
      metadata: { a: '1', b: '2' },
      status: 'canceled',
    })
    const late = stripe.setupIntents.update(id, { metadata: { c: '3' } })
    expect(await refusal(late)).toMatchObject({ code: 'setup_intent_unexpected_state' })
  })
})

test('the metadata of a refund can be changed, which sends events', async () => {
  const hook = await receiver()
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  const { id } = await stripe.paymentIntents.create({
    ...AT_ONCE,
    payment_method: 'pm_card_visa',
  })
  const refund = await stripe.refunds.create({ payment_intent: id })
  await stripe.refunds.update(refund.id, { metadata: { order: '7' } })
  await emulator.webhooksSettled()
  expect(hook.types().slice(-2)).toEqual(['refund.updated', 'charge.refund.updated'])
  expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ metadata: { order: '7' } })
})
