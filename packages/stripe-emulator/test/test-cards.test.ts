import { describe, expect, test } from 'vitest'
import { refusal, start } from './harness.ts'

type Stripe = Awaited<ReturnType<typeof start>>['stripe']

const pay = (stripe: Stripe, card: string, amount = 2000) =>
  stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    confirm: true,
    payment_method: card,
    return_url: 'https://shop.example.org/done',
  })

/** The payment method that a test id stands for. */
async function methodOf(stripe: Stripe, card: string) {
  const { id: customer } = await stripe.customers.create({})
  return stripe.paymentMethods.attach(card, { customer })
}

describe('test cards (fact 34)', () => {
  test.each([
    ['pm_card_visa', 'visa', 'visa', 'US', 'credit', '4242'],
    ['pm_card_amex', 'amex', 'american_express', 'US', 'credit', '8431'],
    ['pm_card_discover', 'discover', 'discover', 'US', 'credit', '9424'],
    ['pm_card_mastercard_prepaid', 'mastercard', 'mastercard', 'US', 'prepaid', '5100'],
    ['pm_card_visa_debit', 'visa', 'visa', 'US', 'debit', '5556'],
    ['pm_card_diners', 'diners', 'diners_club', 'US', 'credit', null],
    ['pm_card_de', 'visa', 'visa', 'DE', 'credit', null],
    ['pm_card_authenticationRequired', 'visa', 'visa', 'DE', 'credit', '3184'],
  ])('%s is of %s', async (id, brand, display, country, funding, last4) => {
    const { stripe } = await start()
    const { card } = await methodOf(stripe, id)
    expect(card).toMatchObject({ brand, display_brand: display, country, funding })
    if (last4 !== null) expect(card?.last4).toBe(last4)
  })

  test.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ])('%s is declined as %s', async (id, code, decline) => {
    const { stripe } = await start()
    const error = await refusal(pay(stripe, id))
    expect(error).toMatchObject({ statusCode: 402, code })
    if (decline !== undefined) expect(error).toMatchObject({ decline_code: decline })
  })

  test('whose effect is not emulated are refused by its name', async () => {
    const { stripe } = await start()
    const error = await refusal(pay(stripe, 'pm_card_createIssuerFraudRecord'))
    expect(error.message).toMatch(/stripe-emulator: .*fraud.* not emulated/)
  })

  test('that fail a check say so on the charge', async () => {
    const { stripe } = await start()
    const method = await stripe.paymentMethods.create({
      type: 'card',
      card: { token: 'tok_avsFail' },
      billing_details: { address: { line1: 'Main Street 1', postal_code: '12345' } },
    })
    const intent = await pay(stripe, method.id)
    const charge = await stripe.charges.retrieve(String(intent.latest_charge))
    expect(charge.payment_method_details?.card?.checks).toMatchObject({
      address_line1_check: 'fail',
      address_postal_code_check: 'fail',
    })
  })

  test('may not be used again without a customer, or once detached (fact 32)', async () => {
    const { stripe } = await start()
    const method = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
    await pay(stripe, method.id)
    const { id: customer } = await stripe.customers.create({})
    const again = /may not be used again/
    expect((await refusal(pay(stripe, method.id))).message).toMatch(again)
    const attached = await refusal(stripe.paymentMethods.attach(method.id, { customer }))
    expect(attached.message).toMatch(again)
    const other = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    await stripe.paymentMethods.detach(other.id)
    const back = await refusal(stripe.paymentMethods.attach(other.id, { customer }))
    expect(back.message).toMatch(again)
    const detached = await refusal(stripe.paymentMethods.detach(other.id))
    expect(detached).toMatchObject({ code: undefined, statusCode: 400 })
  })
})

describe('the amount of a payment', () => {
  test.each([
    [49, 'usd', 'amount_too_small', 'Amount must be at least $0.50 usd'],
    [29, 'gbp', 'amount_too_small', 'Amount must be at least £0.30 gbp'],
    [100_000_000, 'usd', 'amount_too_large', 'Amount must be no more than $999,999.99'],
  ])('of %i %s is refused', async (amount, currency, code, message) => {
    const { stripe } = await start()
    const error = await refusal(stripe.paymentIntents.create({ amount, currency }))
    expect(error).toMatchObject({ code, message, param: 'amount' })
  })

  test('of nothing is refused', async () => {
    const { stripe } = await start()
    const error = await refusal(stripe.paymentIntents.create({ amount: 0, currency: 'usd' }))
    expect(error).toMatchObject({ code: 'parameter_invalid_integer', param: 'amount' })
    const unknown = await refusal(stripe.paymentIntents.create({ amount: 100, currency: 'xxx' }))
    expect(unknown).toMatchObject({ statusCode: 400, param: 'currency' })
  })
})

describe('confirming (fact 32)', () => {
  test('with automatic payment methods needs a return_url', async () => {
    const { stripe } = await start()
    const error = await refusal(
      stripe.paymentIntents.create({
        amount: 2000,
        currency: 'usd',
        confirm: true,
        payment_method: 'pm_card_visa',
      }),
    )
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' })
    expect(error.message).toMatch(/return_url/)
    const without = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    })
    expect(without.status).toBe('succeeded')
  })

  test('captures later by default: the balance transaction is null at first', async () => {
    const { stripe } = await start()
    const intent = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example.org/done',
      expand: ['latest_charge'],
    })
    expect(intent).toMatchObject({
      capture_method: 'automatic_async',
      latest_charge: { balance_transaction: null },
    })
    const { data: charges } = await stripe.charges.list({ payment_intent: intent.id })
    const id = String(charges[0]?.balance_transaction)
    expect(await stripe.balanceTransactions.retrieve(id)).toMatchObject({
      amount: 2000,
      type: 'charge',
      source: charges[0]?.id,
    })
    const updates = await stripe.events.list({ type: 'charge.updated' })
    expect(updates.data).toHaveLength(1)
  })

  test('is what some parameters of creation need', async () => {
    const { stripe } = await start()
    const error = await refusal(
      stripe.paymentIntents.create({ amount: 2000, currency: 'usd', off_session: true }),
    )
    expect(error).toMatchObject({ param: 'off_session' })
    expect(error.message).toMatch(/unless `confirm` is set to true/)
  })

  test('again is refused with the intent', async () => {
    const { stripe } = await start()
    const intent = await pay(stripe, 'pm_card_visa')
    const error = await refusal(stripe.paymentIntents.confirm(intent.id))
    expect(error).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id: intent.id, status: 'succeeded' },
    })
    const cancel = await refusal(stripe.paymentIntents.cancel(intent.id))
    expect(cancel.code).toBe('payment_intent_unexpected_state')
    const unknown = await refusal(stripe.paymentIntents.retrieve('pi_none'))
    expect(unknown).toMatchObject({ statusCode: 404, param: 'intent' })
  })

  test('names Connect and other gaps', async () => {
    const { stripe } = await start()
    const of = { amount: 2000, currency: 'usd' }
    for (const params of [
      { application_fee_amount: 10 },
      { on_behalf_of: 'acct_1' },
      { transfer_group: 'a' },
      { transfer_data: { destination: 'acct_1' } },
    ]) {
      const error = await refusal(stripe.paymentIntents.create({ ...of, ...params }))
      expect(error.message).toMatch(/Connect/)
    }
    const token = await refusal(
      stripe.paymentIntents.create({ ...of, confirm: true, confirmation_token: 'ctoken_1' }),
    )
    expect(token.message).toMatch(/not emulated/)
  })
})

describe('a refund', () => {
  const charged = async (stripe: Stripe, card = 'pm_card_visa') => {
    const intent = await pay(stripe, card, 4000)
    return String(intent.latest_charge)
  }

  test('has a balance transaction and a destination, and names amounts as money (fact 32)', async () => {
    const { stripe } = await start()
    const charge = await charged(stripe)
    const refund = await stripe.refunds.create({ charge, amount: 1000 })
    expect(refund).toMatchObject({
      status: 'succeeded',
      balance_transaction: expect.stringMatching(/^txn_/),
      destination_details: {
        card: { reference_status: 'pending', reference_type: 'acquirer_reference_number' },
        type: 'card',
      },
    })
    const error = await refusal(stripe.refunds.create({ charge, amount: 4000 }))
    expect(error.message).toMatch(/\$40\.00/)
    expect(error.message).toMatch(/\$30\.00/)
    await stripe.refunds.create({ charge })
    expect(await refusal(stripe.refunds.create({ charge }))).toMatchObject({
      code: 'charge_already_refunded',
    })
    const unknown = await refusal(stripe.refunds.create({ charge: 'ch_none' }))
    expect(unknown).toMatchObject({ code: 'resource_missing', statusCode: 404 })
  })

  test('of pm_card_pendingRefund is pending at first, of pm_card_refundFail it fails later', async () => {
    const { stripe } = await start()
    const pending = await stripe.refunds.create({
      charge: await charged(stripe, 'pm_card_pendingRefund'),
    })
    expect(pending.status).toBe('pending')
    expect(await stripe.refunds.retrieve(pending.id)).toMatchObject({ status: 'succeeded' })
    const failing = await stripe.refunds.create({
      charge: await charged(stripe, 'pm_card_refundFail'),
    })
    expect(failing.status).toBe('succeeded')
    expect(await stripe.refunds.retrieve(failing.id)).toMatchObject({ status: 'failed' })
    expect((await stripe.events.list({ type: 'refund.failed' })).data).toHaveLength(1)
  })

  test('that has succeeded cannot be canceled', async () => {
    const { stripe } = await start()
    const refund = await stripe.refunds.create({ charge: await charged(stripe) })
    expect(await refusal(stripe.refunds.cancel(refund.id))).toMatchObject({ statusCode: 400 })
  })
})

describe('a setup intent', () => {
  test('refuses what its status does not allow, with the intent', async () => {
    const { stripe } = await start()
    const intent = await stripe.setupIntents.create({
      confirm: true,
      payment_method: 'pm_card_visa',
      usage: 'on_session',
    })
    expect(intent).toMatchObject({ status: 'succeeded', usage: 'on_session' })
    expect(await refusal(stripe.setupIntents.confirm(intent.id))).toMatchObject({
      code: 'setup_intent_unexpected_state',
      setup_intent: { id: intent.id },
    })
    const single = await refusal(
      stripe.setupIntents.create({ single_use: { amount: 100, currency: 'usd' } }),
    )
    expect(single.message).toMatch(/not emulated/)
  })
})
