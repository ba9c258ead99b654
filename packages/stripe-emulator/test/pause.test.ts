import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import type { StripeEmulator } from '../src/index.ts'
import {
  DAY_MS,
  firstItem,
  HOUR_MS,
  latestInvoice,
  payer,
  refusal,
  seconds,
  shop,
  start,
  subscriber,
} from './harness.ts'

async function eventsOf(stripe: Stripe, id: string): Promise<Stripe.Event[]> {
  const { data } = await stripe.events.list({ limit: 100 })
  return data.filter((event) => 'id' in event.data.object && event.data.object.id === id)
}

async function subscribed(options: Parameters<typeof start>[0] = {}) {
  const { stripe, emulator } = await start(options)
  const prices = await shop(stripe)
  return { stripe, emulator, prices, ...(await subscriber(stripe, prices.basic.id)) }
}

describe('pausing', () => {
  test('stops periods and invoices, has a reason, and credits the unused time', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    emulator.clock.advanceBy(15 * DAY_MS)
    const paused = await stripe.subscriptions.pause(subscription.id)
    expect(paused).toMatchObject({
      status: 'paused',
      status_details: {
        paused: {
          subscription: { type: 'pause_requested' },
          transitioned_at: seconds(emulator.clock.now()),
          type: 'subscription',
        },
      },
    })
    const [event] = await eventsOf(stripe, subscription.id)
    expect(event).toMatchObject({
      type: 'customer.subscription.paused',
      data: { previous_attributes: { status: 'active' } },
    })
    const [credit] = (await stripe.invoiceItems.list({ pending: true })).data
    expect(credit?.amount).toBe(-950)
    emulator.clock.advanceBy(90 * DAY_MS)
    const { data } = await stripe.invoices.list({ subscription: subscription.id })
    expect(data).toHaveLength(1)
  })

  test.each([
    ['none', 0],
    ['now', -950],
    ['item_current_period_start', -1900],
  ] as const)('gives back the time from %s, now where asked for', async (type, total) => {
    const { stripe, emulator, subscription, customer } = await subscribed()
    emulator.clock.advanceBy(15 * DAY_MS)
    await stripe.subscriptions.pause(subscription.id, {
      bill_for: { unused_time_from: { type } },
      invoicing_behavior: 'invoice',
    })
    const after = await stripe.customers.retrieve(customer.id)
    expect(after).toMatchObject({ balance: total })
  })

  test('is rejected for a subscription with a schedule, with sent invoices, or not active', async () => {
    const { stripe, prices, subscription } = await subscribed()
    await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    expect((await refusal(stripe.subscriptions.pause(subscription.id))).message).toContain(
      'managed by the subscription schedule',
    )
    const sent = await stripe.subscriptions.create({
      customer: String(subscription.customer),
      items: [{ price: prices.basic.id }],
      collection_method: 'send_invoice',
      days_until_due: 7,
    })
    expect(await refusal(stripe.subscriptions.pause(sent.id))).toMatchObject({ statusCode: 400 })
    await stripe.subscriptions.cancel(sent.id)
    expect(await refusal(stripe.subscriptions.pause(sent.id))).toMatchObject({ statusCode: 400 })
    expect(await refusal(stripe.subscriptions.resume(sent.id))).toMatchObject({ statusCode: 404 })
  })
})

describe('resuming', () => {
  async function paused(options: Parameters<typeof start>[0] = {}) {
    const all = await subscribed(options)
    all.emulator.clock.advanceBy(15 * DAY_MS)
    await all.stripe.subscriptions.pause(all.subscription.id)
    all.emulator.clock.advanceBy(40 * DAY_MS)
    return all
  }

  async function status(stripe: Stripe, id: string) {
    return (await stripe.subscriptions.retrieve(id)).status
  }

  test('starts a period now, is billed, and is active once that is paid manually', async () => {
    const { stripe, emulator, subscription } = await paused()
    const resuming = await stripe.subscriptions.resume(subscription.id)
    const now = seconds(emulator.clock.now())
    expect(resuming).toMatchObject({ status: 'paused', billing_cycle_anchor: now })
    expect(firstItem(resuming).current_period_start).toBe(now)
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice).toMatchObject({ status: 'open', amount_due: 950, attempted: false })
    await stripe.invoices.pay(invoice.id)
    const after = await stripe.subscriptions.retrieve(subscription.id)
    expect(after.status).toBe('active')
    expect(after).not.toHaveProperty('status_details')
    const [event] = await eventsOf(stripe, subscription.id)
    expect(event).toMatchObject({
      type: 'customer.subscription.resumed',
      data: { previous_attributes: { status: 'paused' } },
    })
  })

  test('on success tries the payment at once, and is active when it succeeds', async () => {
    const { stripe, subscription } = await paused()
    const resumed = await stripe.subscriptions.resume(subscription.id, {
      payment_behavior: 'resume_on_payment_success',
    })
    expect(resumed.status).toBe('active')
  })

  async function withBadCard(stripe: Stripe, customer: string) {
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
    await stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: bad.id },
    })
  }

  test('on success stays paused while the card is declined, and is retried', async () => {
    const { stripe, emulator, subscription, customer, method } = await paused()
    await withBadCard(stripe, customer.id)
    const resuming = await stripe.subscriptions.resume(subscription.id, {
      payment_behavior: 'resume_on_payment_success',
    })
    expect(resuming.status).toBe('paused')
    emulator.clock.advanceBy(2 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('open')
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: method.id },
    })
    emulator.clock.advanceBy(DAY_MS)
    expect(await status(stripe, subscription.id)).toBe('active')
  })

  test('on an attempt is past due when that fails, and is not retried', async () => {
    const { stripe, emulator, subscription, customer } = await paused()
    await withBadCard(stripe, customer.id)
    await stripe.subscriptions.resume(subscription.id)
    const invoice = await latestInvoice(stripe, subscription.id)
    await refusal(stripe.invoices.pay(invoice.id))
    expect(await status(stripe, subscription.id)).toBe('past_due')
    emulator.clock.advanceBy(10 * DAY_MS)
    expect((await stripe.invoices.retrieve(invoice.id)).attempt_count).toBe(1)
  })

  test('is canceled after 23 hours without a payment attempt, or when its invoice is voided', async () => {
    const { stripe, emulator, subscription } = await paused()
    await stripe.subscriptions.resume(subscription.id)
    emulator.clock.advanceBy(23 * HOUR_MS)
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('void')
    expect(await status(stripe, subscription.id)).toBe('paused')
    await stripe.subscriptions.resume(subscription.id)
    await stripe.invoices.voidInvoice((await latestInvoice(stripe, subscription.id)).id)
    expect(await status(stripe, subscription.id)).toBe('paused')
  })

  test('succeeds when its invoice is marked uncollectible', async () => {
    const { stripe, subscription } = await paused()
    await stripe.subscriptions.resume(subscription.id)
    await stripe.invoices.markUncollectible((await latestInvoice(stripe, subscription.id)).id)
    expect(await status(stripe, subscription.id)).toBe('active')
  })

  test('in the old billing cycle charges the rest of the period, with the next invoice or now', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    emulator.clock.advanceBy(5 * DAY_MS)
    await stripe.subscriptions.pause(subscription.id)
    emulator.clock.advanceBy(10 * DAY_MS)
    const resumed = await stripe.subscriptions.resume(subscription.id, {
      billing_cycle_anchor: { type: 'unchanged' },
    })
    expect(resumed).toMatchObject({
      status: 'active',
      billing_cycle_anchor: subscription.billing_cycle_anchor,
    })
    const pending = (await stripe.invoiceItems.list({ pending: true })).data
    expect(pending.map((item) => item.amount).sort((a, b) => a - b)).toEqual([-1583, 950])
  })
})

describe('a renewal that fails', () => {
  async function failing(dunning: Parameters<typeof start>[0]) {
    const all = await subscribed(dunning)
    const { stripe, customer } = all
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: customer.id,
    })
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: bad.id },
    })
    all.emulator.clock.advanceBy(30 * DAY_MS + 2 * HOUR_MS)
    return all
  }

  async function paid(stripe: Stripe, emulator: StripeEmulator, id: string) {
    const invoice = await latestInvoice(stripe, id)
    const customer = String(invoice.customer)
    const { id: method } = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    await stripe.invoices.pay(invoice.id, { payment_method: method })
    emulator.clock.advanceBy(60 * DAY_MS)
    return stripe.subscriptions.retrieve(id)
  }

  test('pauses after the last retry, where set so; its invoice can be paid', async () => {
    const { stripe, emulator, subscription } = await failing({ dunning: { finally: 'pause' } })
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due')
    emulator.clock.advanceBy(20 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'final_payment_failure' } } },
    })
    expect((await paid(stripe, emulator, subscription.id)).status).toBe('paused')
  })

  test('pauses at once, where set so', async () => {
    const { stripe, subscription } = await failing({ dunning: { pauseOnFirstFailure: true } })
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'first_payment_failure' } } },
    })
  })

  test('follows settings that are changed at run time', async () => {
    const { stripe, emulator, subscription } = await failing({})
    emulator.dunning.finally = 'unpaid'
    emulator.clock.advanceBy(20 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('unpaid')
    emulator.clock.advanceBy(30 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('draft')
  })
})

describe('a trial that ends without a payment method', () => {
  async function ended(missing: 'cancel' | 'create_invoice' | 'pause') {
    const { stripe, emulator } = await start()
    const { basic } = await shop(stripe)
    const customer = await stripe.customers.create({ email: 'a@example.org' })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      trial_period_days: 10,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    })
    emulator.clock.advanceBy(10 * DAY_MS + 2 * HOUR_MS)
    return { stripe, customer, subscription: await stripe.subscriptions.retrieve(id) }
  }

  test('is canceled, or past due with an open invoice, as its settings say', async () => {
    expect((await ended('cancel')).subscription.status).toBe('canceled')
    const { stripe, subscription } = await ended('create_invoice')
    expect(subscription.status).toBe('past_due')
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('open')
  })

  test('is paused, and can be resumed once there is one', async () => {
    const { stripe, customer, subscription } = await ended('pause')
    expect(subscription).toMatchObject({
      status: 'paused',
      status_details: { paused: { subscription: { type: 'trial_end_without_payment_method' } } },
    })
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    await stripe.subscriptions.update(subscription.id, { default_payment_method: method.id })
    const resumed = await stripe.subscriptions.resume(subscription.id, {
      payment_behavior: 'resume_on_payment_success',
    })
    expect(resumed.status).toBe('active')
  })
})

describe('timed events', () => {
  test('invoice.upcoming comes seven days before a renewal, without an id, once a period', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    emulator.clock.advanceBy(22 * DAY_MS)
    const upcoming = async () =>
      (await stripe.events.list({ type: 'invoice.upcoming', limit: 100 })).data
    expect(await upcoming()).toEqual([])
    emulator.clock.advanceBy(2 * DAY_MS)
    const [event, ...others] = await upcoming()
    expect(others).toEqual([])
    expect(event?.data.object).toMatchObject({
      object: 'invoice',
      amount_due: 1900,
      billing_reason: 'upcoming',
      status: 'draft',
    })
    expect(event?.data.object).not.toHaveProperty('id')
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    emulator.clock.advanceBy(30 * DAY_MS)
    expect((await stripe.invoices.list()).data).toHaveLength(1)
  })

  test('payment collection resumes at resumes_at', async () => {
    const { stripe, emulator, subscription } = await subscribed()
    const resumes = seconds(emulator.clock.now()) + 45 * 86_400
    await stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: 'void', resumes_at: resumes },
    })
    emulator.clock.advanceBy(32 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('void')
    emulator.clock.advanceBy(14 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).pause_collection).toBeNull()
    emulator.clock.advanceBy(20 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).status).toBe('paid')
  })

  test('a sent invoice that is not paid on its due date makes its subscription past due', async () => {
    const { stripe, emulator } = await start()
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      collection_method: 'send_invoice',
      days_until_due: 7,
    })
    emulator.clock.advanceBy(6 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
    emulator.clock.advanceBy(2 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due')
    await stripe.invoices.pay((await latestInvoice(stripe, id)).id)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
  })
})
