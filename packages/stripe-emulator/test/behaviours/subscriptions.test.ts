import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, firstItem, HOUR_MS, payer, refusal, shop, start, subscriber } from '../harness.ts'

/**
 * What the feature tests of well-known libraries (Cashier, Pay, dj-stripe) expect of Stripe, as behaviours: swaps,
 * quantities, trials, cancellation and resumption, several prices, payments that fail.
 */

async function subscribed(price: 'basic' | 'pro' | 'yearly' = 'basic') {
  const { stripe, emulator } = await start()
  const prices = await shop(stripe)
  return { stripe, emulator, prices, ...(await subscriber(stripe, prices[price].id)) }
}

const invoicesOf = async (stripe: Stripe, subscription: string) =>
  (await stripe.invoices.list({ subscription })).data

describe('a swap', () => {
  test('keeps the item, takes the new price, and by default leaves prorations for the next invoice', async () => {
    const { stripe, subscription, prices, customer } = await subscribed()
    const item = firstItem(subscription)
    const swapped = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item.id, price: prices.pro.id }],
    })
    expect(firstItem(swapped)).toMatchObject({ id: item.id, price: { id: prices.pro.id } })
    expect(await invoicesOf(stripe, subscription.id)).toHaveLength(1)
    const { data } = await stripe.invoiceItems.list({ customer: customer.id, pending: true })
    expect(data.map(({ amount }) => amount).sort((a, b) => a - b)).toEqual([-1900, 4900])
  })

  test('with always_invoice is invoiced and paid at once', async () => {
    const { stripe, subscription, prices } = await subscribed()
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: prices.pro.id }],
      proration_behavior: 'always_invoice',
    })
    const [latest] = await invoicesOf(stripe, subscription.id)
    expect(latest).toMatchObject({
      billing_reason: 'subscription_update',
      status: 'paid',
      total: 3000,
    })
  })

  test('without proration charges nothing until the renewal', async () => {
    const { stripe, emulator, subscription, prices, customer } = await subscribed()
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: prices.pro.id }],
      proration_behavior: 'none',
    })
    expect((await stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([])
    emulator.clock.advanceBy(30 * DAY_MS + 2 * HOUR_MS)
    const [renewal] = await invoicesOf(stripe, subscription.id)
    expect(renewal).toMatchObject({ billing_reason: 'subscription_cycle', amount_paid: 4900 })
  })

  test('to a cheaper price leaves a credit, which the next invoice uses', async () => {
    const { stripe, emulator, subscription, prices } = await subscribed('pro')
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: prices.basic.id }],
    })
    emulator.clock.advanceBy(30 * DAY_MS + 2 * HOUR_MS)
    const [renewal] = await invoicesOf(stripe, subscription.id)
    expect(renewal).toMatchObject({ total: 1900 - 3000, amount_due: 0, status: 'paid' })
    expect(renewal?.ending_balance).toBe(-1100)
  })

  test('during a trial keeps the trial and charges nothing', async () => {
    const { stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const trialing = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      trial_period_days: 10,
    })
    const swapped = await stripe.subscriptions.update(trialing.id, {
      items: [{ id: firstItem(trialing).id, price: pro.id }],
    })
    expect(swapped).toMatchObject({ status: 'trialing', trial_end: trialing.trial_end })
    expect((await stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([])
  })

  test('that a declined card cannot pay: past due, pending, or refused, by payment_behavior', async () => {
    const outcomes: unknown[] = []
    for (const behavior of ['allow_incomplete', 'pending_if_incomplete', 'error_if_incomplete']) {
      const { stripe, subscription, prices, customer } = await subscribed()
      const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
        customer: customer.id,
      })
      await stripe.customers.update(customer.id, {
        invoice_settings: { default_payment_method: bad.id },
      })
      const change = stripe.subscriptions.update(subscription.id, {
        items: [{ id: firstItem(subscription).id, price: prices.pro.id }],
        proration_behavior: 'always_invoice',
        payment_behavior: behavior as Stripe.SubscriptionUpdateParams.PaymentBehavior,
      })
      await change.catch(() => undefined)
      const after = await stripe.subscriptions.retrieve(subscription.id)
      outcomes.push([
        after.status,
        firstItem(after).price.unit_amount,
        after.pending_update !== null,
      ])
    }
    expect(outcomes).toEqual([
      ['past_due', 4900, false],
      ['active', 1900, true],
      ['active', 1900, false],
    ])
  })
})

describe('a quantity', () => {
  test('is raised and lowered, and prorated to the second', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    emulator.clock.advanceBy(15 * DAY_MS)
    const id = firstItem(subscription).id
    const raised = await stripe.subscriptionItems.update(id, {
      quantity: 3,
      proration_behavior: 'always_invoice',
    })
    expect(raised.quantity).toBe(3)
    const [latest] = await invoicesOf(stripe, subscription.id)
    expect(latest?.total).toBe(1900)
    expect((await stripe.subscriptionItems.update(id, { quantity: 1 })).quantity).toBe(1)
  })

  test('is not negative', async () => {
    const { stripe, subscription } = await subscribed()
    const id = firstItem(subscription).id
    expect(await refusal(stripe.subscriptionItems.update(id, { quantity: -1 }))).toMatchObject({
      statusCode: 400,
      param: 'quantity',
    })
  })
})

describe('cancellation and resumption', () => {
  test('at the end of the period leave it active until then', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    const canceling = await stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: true,
    })
    expect(canceling).toMatchObject({
      status: 'active',
      cancel_at: firstItem(subscription).current_period_end,
    })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: firstItem(subscription).current_period_end,
    })
    expect(await invoicesOf(stripe, subscription.id)).toHaveLength(1)
  })

  test('can be taken back in the grace period, and it renews', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    const resumed = await stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: false,
    })
    expect(resumed).toMatchObject({ cancel_at: null, canceled_at: null })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('now end it, and nothing can be changed or resumed any more', async () => {
    const { stripe, subscription } = await subscribed()
    expect((await stripe.subscriptions.cancel(subscription.id)).status).toBe('canceled')
    const update = stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
    expect(await refusal(update)).toMatchObject({ statusCode: 400 })
  })

  test('in a trial end it with the trial, without a charge', async () => {
    const { stripe, emulator } = await start()
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      trial_period_days: 10,
    })
    await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    emulator.clock.advanceBy(11 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled')
    expect((await invoicesOf(stripe, id)).map(({ total }) => total)).toEqual([0])
  })
})

describe('a trial', () => {
  test('is extended, and ends at once with a full charge', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe)
    const { id, trial_end: end } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      trial_period_days: 10,
    })
    const later = Number(end) + 5 * 86_400
    const extended = await stripe.subscriptions.update(id, { trial_end: later })
    expect(extended).toMatchObject({ status: 'trialing', trial_end: later })
    const ended = await stripe.subscriptions.update(id, { trial_end: 'now' })
    expect(ended.status).toBe('active')
    expect((await invoicesOf(stripe, id))[0]).toMatchObject({ total: 1900, status: 'paid' })
  })

  test('without a card is canceled, paused or invoiced, as it was asked for', async () => {
    const statuses: string[] = []
    for (const missing_payment_method of ['cancel', 'pause', 'create_invoice'] as const) {
      const { stripe, emulator } = await start()
      const { basic } = await shop(stripe)
      const customer = await stripe.customers.create({})
      const { id } = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: basic.id }],
        trial_period_days: 10,
        trial_settings: { end_behavior: { missing_payment_method } },
      })
      emulator.clock.advanceBy(10 * DAY_MS + 2 * HOUR_MS)
      statuses.push((await stripe.subscriptions.retrieve(id)).status)
    }
    expect(statuses).toEqual(['canceled', 'paused', 'past_due'])
  })
})

describe('several prices', () => {
  test('are one subscription: added, swapped and removed by item', async () => {
    const { stripe, subscription, prices } = await subscribed()
    const added = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: prices.pro.id,
      quantity: 2,
    })
    const both = await stripe.subscriptions.retrieve(subscription.id)
    expect(both.items.data.map(({ price }) => price.id).sort()).toEqual(
      [prices.basic.id, prices.pro.id].sort(),
    )
    await stripe.subscriptionItems.del(added.id)
    const { items } = await stripe.subscriptions.retrieve(subscription.id)
    expect(items.data.map(({ price }) => price.id)).toEqual([prices.basic.id])
  })

  test('need at least one: the last cannot be removed', async () => {
    const { stripe, subscription } = await subscribed()
    const last = stripe.subscriptionItems.del(firstItem(subscription).id)
    expect(await refusal(last)).toMatchObject({ statusCode: 400 })
  })
})

describe('a payment that needs the customer', () => {
  test('leaves the subscription incomplete until it is confirmed, or expires it after a day', async () => {
    const { stripe, emulator } = await start()
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe, 'pm_card_authenticationRequired')
    const { id, status } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    expect(status).toBe('incomplete')
    emulator.clock.advanceBy(DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('incomplete_expired')
    expect((await invoicesOf(stripe, id))[0]?.status).toBe('void')
  })

  test('with default_incomplete waits for the first payment', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { customer, method } = await payer(stripe)
    const created = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      payment_behavior: 'default_incomplete',
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    })
    expect(created.status).toBe('incomplete')
    const { latest_invoice: invoice } = created
    const [payment] = (typeof invoice === 'object' && invoice?.payments?.data) || []
    const intent = String(payment?.payment.payment_intent)
    await stripe.paymentIntents.confirm(intent, { payment_method: method.id })
    expect((await stripe.subscriptions.retrieve(created.id)).status).toBe('active')
  })
})
