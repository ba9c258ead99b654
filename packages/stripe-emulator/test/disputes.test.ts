import { describe, expect, test } from 'vitest'
import { receiver, refusal, start } from './harness.ts'

type Stripe = Awaited<ReturnType<typeof start>>['stripe']

/** A payment by a test card, and the disputes of its charge. */
async function paid(stripe: Stripe, card: string, amount = 3000) {
  const intent = await stripe.paymentIntents.create({
    amount,
    currency: 'usd',
    confirm: true,
    payment_method: card,
    return_url: 'https://shop.example.org/done',
  })
  const charge = await stripe.charges.retrieve(String(intent.latest_charge))
  const { data: disputes } = await stripe.disputes.list({ charge: charge.id })
  return { intent, charge, disputes }
}

async function disputed(stripe: Stripe, card = 'pm_card_createDispute') {
  const { charge, intent, disputes } = await paid(stripe, card)
  const [dispute] = disputes
  if (dispute === undefined) throw new Error('no dispute')
  return { charge, intent, dispute }
}

const decide = (text: string) => ({ evidence: { uncategorized_text: text } })

describe('a dispute', () => {
  test('of pm_card_createDispute withdraws the amount and a fee, and says so in this order', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const { charge, intent, dispute } = await disputed(stripe)
    expect(charge).toMatchObject({ disputed: true, status: 'succeeded' })
    expect(dispute).toMatchObject({
      amount: 3000,
      charge: charge.id,
      payment_intent: intent.id,
      is_charge_refundable: false,
      payment_method_details: {
        card: { brand: 'visa', case_type: 'chargeback', network_reason_code: '10.4' },
      },
      reason: 'fraudulent',
      status: 'needs_response',
    })
    expect(dispute.balance_transactions).toMatchObject([
      {
        amount: -3000,
        description: `Chargeback withdrawal for ${charge.id}`,
        fee: 1500,
        net: -4500,
        reporting_category: 'dispute',
        type: 'adjustment',
      },
    ])
    await emulator.webhooksSettled()
    expect(hook.types().slice(0, 5)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'payment_intent.succeeded',
    ])
  })

  test('is won with the text for it: the amount comes back, the fee does not', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const { charge, dispute } = await disputed(stripe)
    const submitted = await stripe.disputes.update(dispute.id, decide('winning_evidence'))
    expect(submitted).toMatchObject({
      evidence_details: { has_evidence: true, submission_count: 1 },
      status: 'under_review',
    })
    const won = await stripe.disputes.retrieve(dispute.id)
    expect(won).toMatchObject({ is_charge_refundable: true, status: 'won' })
    expect(won.balance_transactions.map(({ net }) => net)).toEqual([-4500, 3000])
    expect((await stripe.refunds.create({ charge: charge.id })).status).toBe('succeeded')
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(
      expect.arrayContaining([
        'charge.dispute.updated',
        'charge.dispute.funds_reinstated',
        'charge.dispute.closed',
      ]),
    )
  })

  test('is lost with the text for it, and when it is closed; then nothing can be changed', async () => {
    const { stripe } = await start()
    const first = await disputed(stripe)
    await stripe.disputes.update(first.dispute.id, decide('losing_evidence'))
    expect((await stripe.disputes.retrieve(first.dispute.id)).status).toBe('lost')
    const second = await disputed(stripe)
    expect((await stripe.disputes.close(second.dispute.id)).status).toBe('lost')
    const late = await refusal(stripe.disputes.close(second.dispute.id))
    expect(late).toMatchObject({ statusCode: 400, message: 'This dispute is already closed' })
    expect(late.code).toBeUndefined()
    const refund = await refusal(stripe.refunds.create({ charge: second.charge.id }))
    expect(refund).toMatchObject({ statusCode: 400, code: 'charge_disputed' })
    expect(refund.message).toBe(
      `Charge ${second.charge.id} has been charged back; cannot issue a refund.`,
    )
  })

  test('keeps evidence that is not submitted, and other evidence decides nothing', async () => {
    const { stripe } = await start()
    const { dispute } = await disputed(stripe, 'pm_card_createDisputeProductNotReceived')
    expect(dispute.reason).toBe('product_not_received')
    const staged = await stripe.disputes.update(dispute.id, {
      evidence: { shipping_carrier: 'Post' },
      metadata: { case: '7' },
      submit: false,
    })
    expect(staged).toMatchObject({
      evidence: { shipping_carrier: 'Post' },
      evidence_details: { has_evidence: true, submission_count: 0 },
      metadata: { case: '7' },
      status: 'needs_response',
    })
    await stripe.disputes.update(dispute.id, { submit: true })
    expect((await stripe.disputes.retrieve(dispute.id)).status).toBe('under_review')
  })

  test('that is an inquiry withdraws nothing and allows refunds until it escalates', async () => {
    const { stripe } = await start()
    const { charge, dispute } = await disputed(stripe, 'pm_card_createDisputeInquiry')
    expect(dispute).toMatchObject({
      balance_transactions: [],
      is_charge_refundable: true,
      status: 'warning_needs_response',
    })
    await stripe.refunds.create({ charge: charge.id, amount: 1000 })
    await stripe.disputes.update(dispute.id, decide('escalate_inquiry_evidence'))
    const escalated = await stripe.disputes.retrieve(dispute.id)
    expect(escalated).toMatchObject({ is_charge_refundable: false, status: 'needs_response' })
    expect(escalated.balance_transactions.map(({ amount }) => amount)).toEqual([-3000])
    const refused = await refusal(stripe.refunds.create({ charge: charge.id }))
    expect(refused.code).toBe('charge_disputed')
  })

  test('comes with the capture of an authorized payment, and twice by its card', async () => {
    const { stripe } = await start()
    const intent = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      capture_method: 'manual',
      confirm: true,
      payment_method: 'pm_card_createDispute',
      return_url: 'https://shop.example.org/done',
    })
    const search = { payment_intent: intent.id }
    expect((await stripe.disputes.list(search)).data).toEqual([])
    await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1500 })
    expect((await stripe.disputes.list(search)).data).toMatchObject([{ amount: 1500 }])
    const { disputes } = await paid(stripe, 'pm_card_createMultipleDisputes')
    expect(disputes).toHaveLength(2)
  })

  test('can be raised and decided by hand', async () => {
    const { stripe, emulator } = await start()
    const { charge } = await paid(stripe, 'pm_card_visa')
    const scenario = async (name: string, body: object) => {
      const response = await fetch(`${emulator.url}/_emulator/scenarios/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
      return JSON.parse(await response.text())
    }
    const opened = await scenario('dispute', { charge: charge.id, reason: 'duplicate' })
    expect(opened).toMatchObject({ reason: 'duplicate', status: 'needs_response' })
    const decided = await scenario('decide_dispute', { dispute: opened.id, decision: 'won' })
    expect(decided).toMatchObject({ id: opened.id, status: 'won' })
    expect((await stripe.disputes.retrieve(opened.id)).status).toBe('won')
  })

  test('names what is missing: files as evidence, Smart Disputes, early fraud warnings', async () => {
    const { stripe } = await start()
    const { dispute } = await disputed(stripe)
    const file = stripe.disputes.update(dispute.id, { evidence: { receipt: 'file_1' } })
    expect((await refusal(file)).message).toContain('stripe-emulator')
    const warning = refusal(paid(stripe, 'pm_card_createIssuerFraudRecord'))
    expect((await warning).message).toContain('an early fraud warning')
  })

  test('is found by its own 404', async () => {
    const { stripe } = await start()
    expect(await refusal(stripe.disputes.retrieve('du_nope'))).toMatchObject({
      statusCode: 404,
      message: "No such dispute: 'du_nope'",
      param: 'dispute',
    })
  })
})

describe('the balance', () => {
  test('has a movement for each charge, refund and dispute, pending for a week', async () => {
    const { stripe, emulator } = await start()
    const { charge, intent } = await paid(stripe, 'pm_card_visa', 10_000)
    const { data: charges } = await stripe.balanceTransactions.list({ source: charge.id })
    expect(charges).toMatchObject([{ amount: 10_000, fee: 320, net: 9680, status: 'pending' }])
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1400 })
    const movement = await stripe.balanceTransactions.retrieve(String(refund.balance_transaction), {
      expand: ['source'],
    })
    expect(movement).toMatchObject({
      amount: -1400,
      description: 'REFUND FOR CHARGE',
      fee: 0,
      source: { object: 'refund', id: refund.id },
      type: 'refund',
    })
    expect(await stripe.balance.retrieve()).toMatchObject({
      available: [],
      pending: [{ amount: 8280, currency: 'usd', source_types: { card: 8280 } }],
    })
    emulator.clock.advanceBy(8 * 86_400_000)
    expect(await stripe.balance.retrieve()).toMatchObject({
      available: [{ amount: 8280 }],
      pending: [],
    })
  })

  test('is filtered by type, and a dispute as the source finds nothing', async () => {
    const { stripe } = await start()
    const { dispute } = await disputed(stripe)
    const found = await stripe.balanceTransactions.list({ type: 'adjustment' })
    expect(found.data).toHaveLength(1)
    expect((await stripe.balanceTransactions.list({ source: dispute.id })).data).toEqual([])
    expect((await stripe.balanceTransactions.list({ currency: 'eur' })).data).toEqual([])
    expect(await refusal(stripe.balanceTransactions.retrieve('txn_nope'))).toMatchObject({
      statusCode: 404,
      message: "No such balance transaction: 'txn_nope'",
      param: 'id',
    })
  })
})
