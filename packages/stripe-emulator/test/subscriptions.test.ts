import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import {
  DAY_MS,
  firstItem,
  HOUR_MS,
  latestInvoice,
  payer,
  refusal,
  START,
  seconds,
  shop,
  start,
  subscriber,
} from './harness.ts'

const DAY = 86_400

async function eventTypes(stripe: Stripe): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 })
  return data.map((event) => event.type).reverse()
}

// The facts in the names of the tests are those of docs/stripe.md.

describe('creating', () => {
  test('with a default payment method is active at once, its first invoice paid (fact 1)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      expand: ['latest_invoice.payments', 'latest_invoice.confirmation_secret'],
    })
    expect(subscription.id).toMatch(/^sub_\w{24}$/)
    expect(firstItem(subscription).id).toMatch(/^si_\w{14}$/)
    expect(subscription).toMatchObject({
      status: 'active',
      billing_mode: { type: 'flexible' },
      latest_invoice: {
        status: 'paid',
        billing_reason: 'subscription_create',
        attempt_count: 1,
        amount_paid: 4900,
        auto_advance: false,
        parent: { subscription_details: { subscription: subscription.id } },
        lines: {
          data: [{ description: '1 × Pro (at $49.00 / month)', amount: 4900, quantity: 1 }],
        },
        payments: {
          data: [{ status: 'paid', is_default: true, payment: { type: 'payment_intent' } }],
        },
      },
    })
    expect(subscription).not.toHaveProperty('current_period_end')
    expect(firstItem(subscription)).toMatchObject({
      current_period_start: seconds(START),
      current_period_end: seconds(new Date('2026-12-10T18:29:24Z')),
    })
  })

  test('without a payment method is rejected, without an effect (fact 2)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const customer = await stripe.customers.create()
    const error = await refusal(
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }] }),
    )
    expect(error).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      rawType: 'invalid_request_error',
      param: undefined,
    })
    expect(error.message).toMatch(
      /^This customer has no attached payment source or default payment method\./,
    )
    expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([])
    expect((await stripe.invoices.list()).data).toEqual([])
  })

  test('with an unknown price is a 400 that names the item (fact 16)', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const error = await refusal(
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: 'invalid' }] }),
    )
    expect(error).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'items[0][price]',
    })
    expect(error.message).toBe("No such price: 'invalid'")
  })

  test('with a card that requires authentication is incomplete (fact 3)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe, 'pm_card_authenticationRequired')
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      expand: ['latest_invoice.confirmation_secret'],
    })
    expect(subscription).toMatchObject({
      status: 'incomplete',
      latest_invoice: {
        status: 'open',
        attempted: true,
        confirmation_secret: { type: 'payment_intent' },
      },
    })
    const { id } = await latestInvoice(stripe, subscription.id)
    const invoice = await stripe.invoices.retrieve(id, {
      expand: ['payments.data.payment.payment_intent'],
    })
    expect(invoice.payments?.data[0]?.payment.payment_intent).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'use_stripe_sdk' },
    })
  })

  test('with a declined card is incomplete, or gets 402 with error_if_incomplete (fact 3)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe, 'pm_card_chargeCustomerFail')
    const create = (behavior: 'allow_incomplete' | 'error_if_incomplete') =>
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: pro.id }],
        payment_behavior: behavior,
      })
    const error = await refusal(create('error_if_incomplete'))
    expect(error).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'generic_decline',
    })
    expect((await stripe.subscriptions.list({ status: 'all' })).data).toEqual([])
    expect((await create('allow_incomplete')).status).toBe('incomplete')
    const types = await eventTypes(stripe)
    expect(types).toContain('invoice.payment_failed')
    expect(types).toContain('payment_intent.payment_failed')
    expect(types).not.toContain('invoice.paid')
  })

  test('incomplete for 23 hours expires, and its invoice is voided (fact 4)', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id, 'pm_card_chargeCustomerFail')
    emulator.clock.advanceBy(23 * HOUR_MS - 1000)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete')
    emulator.clock.advanceBy(1000)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired')
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('void')
  })

  test('incomplete and paid in time becomes active (fact 4)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(
      stripe,
      pro.id,
      'pm_card_chargeCustomerFail',
    )
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    await stripe.invoices.pay(String(subscription.latest_invoice), { payment_method: good.id })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
    const [updated] = (await stripe.events.list({ type: 'customer.subscription.updated' })).data
    expect(updated?.data.previous_attributes).toEqual({ status: 'incomplete' })
  })

  test('with a trial is trialing, with a paid invoice of $0 (fact 5)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const customer = await stripe.customers.create()
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      trial_period_days: 14,
      expand: ['latest_invoice'],
    })
    const end = seconds(START) + 14 * DAY
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_start: seconds(START),
      trial_end: end,
      billing_cycle_anchor: end,
      latest_invoice: {
        status: 'paid',
        total: 0,
        attempted: true,
        attempt_count: 0,
        lines: { data: [{ description: 'Free trial for 1 × Pro', amount: 0 }] },
      },
    })
    expect(firstItem(subscription)).toMatchObject({
      current_period_start: seconds(START),
      current_period_end: end,
    })
  })
})

describe('ending', () => {
  test('cancel_at_period_end sets the flag, cancel_at and canceled_at; false resets all (fact 6)', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    emulator.clock.advanceBy(DAY_MS)
    const ending = await stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: true,
    })
    expect(ending).toMatchObject({
      status: 'active',
      cancel_at_period_end: true,
      cancel_at: firstItem(subscription).current_period_end,
      canceled_at: seconds(START) + DAY,
      cancellation_details: { reason: 'cancellation_requested' },
    })
    const resumed = await stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: false,
    })
    expect(resumed).toMatchObject({
      cancel_at_period_end: false,
      cancel_at: null,
      canceled_at: null,
      cancellation_details: { reason: null },
    })
  })

  test('at period end it is canceled, and not billed again', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    emulator.clock.advanceBy(40 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: firstItem(subscription).current_period_end,
    })
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
  })

  test('DELETE ends it now, keeps the time of an earlier request, and resets cancel_at (fact 7)', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    emulator.clock.advanceBy(DAY_MS)
    expect(await stripe.subscriptions.cancel(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: seconds(START) + DAY,
      canceled_at: seconds(START),
      cancel_at: null,
    })
    expect((await refusal(stripe.subscriptions.cancel(subscription.id))).code).toBe(
      'resource_missing',
    )
    expect((await stripe.subscriptions.list()).data).toEqual([])
    expect((await stripe.subscriptions.list({ status: 'ended' })).data).toHaveLength(1)
  })

  test('deleting a customer ends its subscriptions', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, pro.id)
    await stripe.customers.del(customer.id)
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({
      id: customer.id,
      deleted: true,
    })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
  })
})

describe('changing the price', () => {
  test('keeps the item; the difference is pending for the next invoice by default (fact 8)', async () => {
    const { emulator, stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    const item = firstItem(subscription)
    emulator.clock.advanceBy(15 * DAY_MS)
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item.id, price: pro.id }],
    })
    expect(firstItem(changed)).toMatchObject({
      id: item.id,
      price: { id: pro.id },
      current_period_end: item.current_period_end,
    })
    expect(changed.latest_invoice).toBe(subscription.latest_invoice)
    const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true })
    expect(pending.data.map(({ amount, description }) => [description, amount])).toEqual([
      ['Remaining time on Pro after 25 Nov 2026', 2450],
      ['Unused time on Basic after 25 Nov 2026', -950],
    ])
    emulator.clock.advanceBy(16 * DAY_MS)
    const renewal = await latestInvoice(stripe, subscription.id)
    expect(renewal).toMatchObject({
      billing_reason: 'subscription_cycle',
      total: 4900 + 2450 - 950,
      status: 'paid',
    })
    expect((await stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toEqual(
      [],
    )
  })

  test('always_invoice bills now: unused time is credited, remaining time charged (fact 8)', async () => {
    const { emulator, stripe } = await start()
    const { pro, yearly } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const first = await latestInvoice(stripe, subscription.id)
    emulator.clock.advanceBy(10 * DAY_MS)
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: yearly.id }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    })
    const now = seconds(START) + 10 * DAY
    // The anchor stays, and so the year is that of the cycle (recorded).
    expect(changed.billing_cycle_anchor).toBe(seconds(START))
    expect(firstItem(changed)).toMatchObject({
      current_period_start: seconds(START),
      current_period_end: seconds(new Date('2027-11-10T18:29:24Z')),
    })
    const invoice = changed.latest_invoice as Stripe.Invoice
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid' })
    expect(invoice.lines.data).toMatchObject([
      {
        description: 'Unused time on Pro after 20 Nov 2026',
        amount: -Math.round((4900 * 20) / 30),
        period: { start: now, end: firstItem(subscription).current_period_end },
        parent: {
          subscription_item_details: {
            proration: true,
            proration_details: {
              credited_items: { invoice: first.id, invoice_line_items: [first.lines.data[0]?.id] },
            },
          },
        },
      },
      {
        description: 'Remaining time on Yearly after 20 Nov 2026',
        amount: Math.round((49_000 * 355) / 365),
      },
    ])
  })

  test('none charges and credits nothing', async () => {
    const { emulator, stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    emulator.clock.advanceBy(15 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: pro.id }],
      proration_behavior: 'none',
    })
    expect((await stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([])
    emulator.clock.advanceBy(16 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(4900)
  })

  test('to a cheaper one with always_invoice leaves a credit that the next invoice uses', async () => {
    const { emulator, stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, pro.id)
    emulator.clock.advanceBy(15 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: basic.id }],
      proration_behavior: 'always_invoice',
    })
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      total: -1500,
      amount_due: 0,
      status: 'paid',
      ending_balance: -1500,
    })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -1500 })
    emulator.clock.advanceBy(16 * DAY_MS)
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      total: 1900,
      amount_due: 400,
      amount_paid: 400,
      starting_balance: -1500,
      ending_balance: 0,
    })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 0 })
  })

  test('a preview equals the cost of the change to the cent, and changes nothing', async () => {
    const { emulator, stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    emulator.clock.advanceBy(7 * DAY_MS + 12_345_000)
    const at = seconds(emulator.clock.now())
    const change = {
      items: [{ id: firstItem(subscription).id, price: pro.id }],
      proration_behavior: 'always_invoice' as const,
      proration_date: at,
    }
    const events = (await eventTypes(stripe)).length
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: change,
    })
    expect(await eventTypes(stripe)).toHaveLength(events)
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(1)
    expect(preview).toMatchObject({ status: 'draft', number: null })
    emulator.clock.advanceBy(HOUR_MS)
    await stripe.subscriptions.update(subscription.id, change)
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice.total).toBe(preview.total)
    expect(invoice.lines.data.map((line) => line.amount)).toEqual(
      preview.lines.data.map((line) => line.amount),
    )
  })

  test('a preview without a change is the next renewal', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(preview).toMatchObject({
      billing_reason: 'upcoming',
      total: 4900,
      period_end: firstItem(subscription).current_period_end,
    })
  })

  describe('when the payment fails', () => {
    async function declining() {
      const { emulator, stripe } = await start()
      const { basic, pro } = await shop(stripe)
      const { customer, subscription } = await subscriber(stripe, basic.id)
      const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
        customer: customer.id,
      })
      await stripe.customers.update(customer.id, {
        invoice_settings: { default_payment_method: bad.id },
      })
      const update = (behavior: Stripe.SubscriptionUpdateParams.PaymentBehavior) =>
        stripe.subscriptions.update(subscription.id, {
          items: [{ id: firstItem(subscription).id, price: pro.id }],
          proration_behavior: 'always_invoice',
          payment_behavior: behavior,
        })
      return { emulator, stripe, customer, subscription, basic, pro, update }
    }

    test('allow_incomplete keeps the new price and goes past_due (fact 10)', async () => {
      const { update, pro } = await declining()
      const after = await update('allow_incomplete')
      expect(after.status).toBe('past_due')
      expect(firstItem(after).price.id).toBe(pro.id)
    })

    test('error_if_incomplete gets 402 and changes nothing', async () => {
      const { update, stripe, subscription, basic, customer } = await declining()
      expect(await refusal(update('error_if_incomplete'))).toMatchObject({
        statusCode: 402,
        code: 'card_declined',
      })
      const after = await stripe.subscriptions.retrieve(subscription.id)
      expect(after).toMatchObject({ status: 'active', latest_invoice: subscription.latest_invoice })
      expect(firstItem(after).price.id).toBe(basic.id)
      expect((await stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([])
    })

    test('pending_if_incomplete keeps the change pending, and applies it once paid (fact 10)', async () => {
      const { update, stripe, subscription, basic, pro, customer } = await declining()
      const waiting = await update('pending_if_incomplete')
      expect(waiting).toMatchObject({
        status: 'active',
        pending_update: { subscription_items: [{ price: { id: pro.id } }] },
      })
      expect(firstItem(waiting).price.id).toBe(basic.id)
      const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
      await stripe.invoices.pay(String(waiting.latest_invoice), { payment_method: good.id })
      const after = await stripe.subscriptions.retrieve(subscription.id)
      expect(after.pending_update).toBeNull()
      expect(firstItem(after).price.id).toBe(pro.id)
      expect(await eventTypes(stripe)).toContain('customer.subscription.pending_update_applied')
    })

    test('pending_if_incomplete also keeps the end of a trial pending', async () => {
      const { stripe } = await start()
      const { basic, pro } = await shop(stripe)
      const { customer, method } = await payer(stripe, 'pm_card_chargeCustomerFail')
      const trial = await stripe.subscriptions.create({
        customer: customer.id,
        default_payment_method: method.id,
        items: [{ price: basic.id }],
        trial_period_days: 14,
      })
      const waiting = await stripe.subscriptions.update(trial.id, {
        items: [{ id: firstItem(trial).id, price: pro.id }],
        trial_end: 'now',
        proration_behavior: 'always_invoice',
        payment_behavior: 'pending_if_incomplete',
      })
      expect(waiting).toMatchObject({ status: 'trialing', trial_end: trial.trial_end })
      const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
      await stripe.invoices.pay(String(waiting.latest_invoice), { payment_method: good.id })
      const after = await stripe.subscriptions.retrieve(trial.id)
      expect(after).toMatchObject({ status: 'active', pending_update: null })
      expect(firstItem(after).price.id).toBe(pro.id)
    })

    test('voiding the invoice of a pending change drops the change', async () => {
      const { update, stripe, subscription, basic } = await declining()
      const waiting = await update('pending_if_incomplete')
      await stripe.invoices.voidInvoice(String(waiting.latest_invoice))
      const after = await stripe.subscriptions.retrieve(subscription.id)
      expect(after).toMatchObject({ status: 'active', pending_update: null })
      expect(firstItem(after).price.id).toBe(basic.id)
    })

    test('pending_if_incomplete accepts only supported parameters', async () => {
      const { stripe, subscription } = await declining()
      const update = stripe.subscriptions.update(subscription.id, {
        payment_behavior: 'pending_if_incomplete',
        metadata: { a: 'b' },
      })
      expect(await refusal(update)).toMatchObject({ statusCode: 400, param: 'metadata' })
    })

    test('pending_if_incomplete drops the change when it expires (fact 10)', async () => {
      const { update, stripe, subscription, basic, emulator } = await declining()
      const waiting = await update('pending_if_incomplete')
      emulator.clock.advanceBy(23 * HOUR_MS)
      const after = await stripe.subscriptions.retrieve(subscription.id)
      expect(after.pending_update).toBeNull()
      expect(firstItem(after).price.id).toBe(basic.id)
      expect((await stripe.invoices.retrieve(String(waiting.latest_invoice))).status).toBe('void')
    })
  })
})

describe('renewing', () => {
  test('creates a draft for an hour, then finalizes and collects it; one event is sent (fact 11)', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const end = firstItem(subscription).current_period_end
    emulator.clock.advanceTo(new Date(end * 1000))
    const renewed = await stripe.subscriptions.retrieve(subscription.id)
    expect(firstItem(renewed)).toMatchObject({
      id: firstItem(subscription).id,
      current_period_start: end,
      current_period_end: seconds(new Date('2027-01-10T18:29:24Z')),
    })
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      status: 'draft',
      automatically_finalizes_at: end + 3600,
      number: null,
      period_end: end,
    })
    const [updated] = (await stripe.events.list({ type: 'customer.subscription.updated' })).data
    expect(updated?.data.previous_attributes).toEqual({
      items: { data: [JSON.parse(JSON.stringify(firstItem(subscription)))] },
      latest_invoice: subscription.latest_invoice,
    })
    expect(updated?.request).toEqual({ id: null, idempotency_key: null })
    emulator.clock.advanceBy(HOUR_MS)
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      status: 'paid',
      status_transitions: { finalized_at: end + 3600 },
    })
  })

  test('continues monthly on the day it began, also over short months', async () => {
    const { emulator, stripe } = await start({
      clock: { now: () => new Date('2027-01-31T10:00:00Z') },
    })
    const { pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, pro.id)
    emulator.clock.advanceTo(new Date('2028-02-01T00:00:00Z'))
    const invoices = await stripe.invoices.list({ customer: customer.id, limit: 100 })
    expect(invoices.data.map(({ status }) => status)).toEqual(Array(13).fill('paid'))
    const starts = invoices.data.map((invoice) =>
      new Date((invoice.lines.data[0]?.period.start ?? 0) * 1000).toISOString().slice(0, 10),
    )
    expect(starts.reverse()).toEqual([
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
      '2027-05-31',
      '2027-06-30',
      '2027-07-31',
      '2027-08-31',
      '2027-09-30',
      '2027-10-31',
      '2027-11-30',
      '2027-12-31',
      '2028-01-31',
    ])
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('that fails becomes past_due, is retried, and becomes active when paid (fact 10)', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, pro.id)
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: customer.id,
    })
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: bad.id },
    })
    const end = firstItem(subscription).current_period_end
    emulator.clock.advanceTo(new Date((end + 3600) * 1000))
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      next_payment_attempt: end + 3600 + 3 * DAY,
      status_transitions: { finalized_at: end + 3600 },
    })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: true })
    const types = await eventTypes(stripe)
    const order = types.slice(types.lastIndexOf('invoice.finalized'))
    expect(order.filter((type) => /^(invoice|customer\.subscription)\./.test(type))).toEqual([
      'invoice.finalized',
      'invoice.updated',
      'invoice.payment_failed',
      'customer.subscription.updated',
    ])
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: good.id },
    })
    emulator.clock.advanceBy(3 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ delinquent: false })
  })

  test.each([
    ['cancel', 'canceled'],
    ['unpaid', 'unpaid'],
    ['past_due', 'past_due'],
  ] as const)(
    'after the last retry it is left as the account is set: %s',
    async (finally_, status) => {
      const { emulator, stripe } = await start({ dunning: { finally: finally_ } })
      const { pro } = await shop(stripe)
      const { customer, subscription } = await subscriber(stripe, pro.id)
      const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
        customer: customer.id,
      })
      await stripe.customers.update(customer.id, {
        invoice_settings: { default_payment_method: bad.id },
      })
      emulator.clock.advanceBy(50 * DAY_MS)
      expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe(status)
      const [last] = (await stripe.invoices.list({ subscription: subscription.id, limit: 2 })).data
      expect(last).toMatchObject({ attempt_count: 4, next_payment_attempt: null })
    },
  )

  test('at the end of a trial charges it, and it becomes active', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      trial_period_days: 14,
    })
    emulator.clock.advanceBy(14 * DAY_MS + 2 * HOUR_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
    expect(await latestInvoice(stripe, id)).toMatchObject({
      status: 'paid',
      total: 4900,
      billing_reason: 'subscription_cycle',
    })
  })

  test.each([
    ['cancel', 'canceled'],
    ['pause', 'paused'],
    ['create_invoice', 'past_due'],
  ] as const)(
    'a trial that ends without a payment method does what was asked: %s',
    async (missing, status) => {
      const { emulator, stripe } = await start()
      const { pro } = await shop(stripe)
      const customer = await stripe.customers.create()
      const { id } = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: pro.id }],
        trial_period_days: 14,
        trial_settings: { end_behavior: { missing_payment_method: missing } },
      })
      emulator.clock.advanceBy(14 * DAY_MS + 2 * HOUR_MS)
      expect((await stripe.subscriptions.retrieve(id)).status).toBe(status)
    },
  )

  test('pause_collection does not change the status (fact 9)', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const paused = await stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void' },
    })
    expect(paused).toMatchObject({
      status: 'active',
      pause_collection: { behavior: 'void', resumes_at: null },
    })
    emulator.clock.advanceBy(32 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('void')
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active')
  })

  test('gives the same result in a thousand small steps and in one big step', async () => {
    const run = async (steps: number) => {
      const { emulator, stripe } = await start()
      const { pro } = await shop(stripe)
      const { customer } = await subscriber(stripe, pro.id)
      for (let step = 0; step < steps; step += 1) emulator.clock.advanceBy((100 * DAY_MS) / steps)
      const { data } = await stripe.invoices.list({ customer: customer.id, limit: 100 })
      return data.map(({ created, status, total, number }) => ({
        created,
        status,
        total,
        number: number?.slice(-4),
      }))
    }
    expect(await run(1)).toEqual(await run(1000))
  })
})

describe('an event', () => {
  test('of an invoice that is paid at once carries the paid state from the first one (fact 12)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    await subscriber(stripe, pro.id)
    const [finalized] = (await stripe.events.list({ type: 'invoice.finalized' })).data
    expect(finalized?.data.object).toMatchObject({ status: 'paid' })
  })
})
