import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, post, receiver } from './harness.ts'
import type { Release } from './older-sdks/client.ts'
import { setUp, startWith } from './older-sdks/client.ts'
import { requiredFields } from './older-sdks/required-fields.ts'

const BEFORE_BASIL: Release[] = [
  { name: 'stripe-14', version: '2023-10-16' },
  { name: 'stripe-17', version: '2025-02-24.acacia' },
]
const SINCE_BASIL: Release[] = [
  { name: 'stripe-18', version: '2025-08-27.basil' },
  { name: 'stripe-20', version: '2026-02-25.clover' },
]
const RELEASES = [...BEFORE_BASIL, ...SINCE_BASIL]

const required = new Map(RELEASES.map(({ name }) => [name, requiredFields(name)]))

/** Fields that the types of a release require and that Stripe leaves out where they do not apply. */
const NOT_ALWAYS = ['charge.refunds', 'invoice.id']

const start = (release: Release) =>
  startWith(release, { required: required.get(release.name) ?? new Map(), known: NOT_ALWAYS })

describe.each(RELEASES)('$name with $version', (release) => {
  test('creates, changes, cancels and resumes a subscription', async () => {
    const { stripe } = await start(release)
    const { customer, basic, pro } = await setUp(stripe)
    const created = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      expand: ['latest_invoice', 'default_payment_method'],
    })
    expect(created).toMatchObject({ status: 'active', latest_invoice: { status: 'paid' } })
    const [item] = created.items.data
    const changed = await stripe.subscriptions.update(created.id, {
      items: [{ id: item?.id ?? '', price: pro.id, quantity: 2 }],
      proration_behavior: 'always_invoice',
    })
    expect(changed.items.data[0]).toMatchObject({ quantity: 2, price: { id: pro.id } })
    const canceling = await stripe.subscriptions.update(created.id, { cancel_at_period_end: true })
    expect(canceling.cancel_at_period_end).toBe(true)
    const resumed = await stripe.subscriptions.update(created.id, { cancel_at_period_end: false })
    expect(resumed.cancel_at).toBeNull()
    expect((await stripe.subscriptions.retrieve(created.id)).status).toBe('active')
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(1)
    expect((await stripe.subscriptions.cancel(created.id)).status).toBe('canceled')
  })

  test('creates, pays, lists and refunds an invoice', async () => {
    const { stripe } = await start(release)
    const { customer } = await setUp(stripe)
    const draft = await stripe.invoices.create({ customer: customer.id })
    const item = { customer: customer.id, amount: 700, currency: 'usd', invoice: draft.id }
    await stripe.invoiceItems.create(item)
    await stripe.invoices.finalizeInvoice(draft.id)
    const paid = await stripe.invoices.pay(draft.id)
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 700 })
    expect((await stripe.invoices.list({ customer: customer.id })).data[0]?.id).toBe(draft.id)
    expect((await stripe.invoices.listLineItems(draft.id)).data).toHaveLength(1)
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    const refund = await stripe.refunds.create({ charge: charge?.id ?? '' })
    expect(refund).toMatchObject({ status: 'succeeded', amount: 700 })
  })

  test('pays by itself and sets a card up', async () => {
    const { stripe } = await start(release)
    const { customer, method } = await setUp(stripe)
    const intent = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'usd',
      customer: customer.id,
      payment_method: method.id,
      confirm: true,
      off_session: true,
      return_url: 'http://app.test/paid',
      expand: ['latest_charge'],
    })
    expect(intent).toMatchObject({ status: 'succeeded', latest_charge: { amount: 500 } })
    const setup = await stripe.setupIntents.create({ customer: customer.id })
    expect(setup.status).toBe('requires_payment_method')
  })

  test('completes Checkout and opens the portal', async () => {
    const { stripe } = await start(release)
    const { customer, basic } = await setUp(stripe)
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer: customer.id,
      success_url: 'http://app.test/done',
      ui_mode: 'hosted' as never,
      line_items: [{ price: basic.id, quantity: 1 }],
    })
    expect(session).toMatchObject({ status: 'open', ui_mode: 'hosted' })
    await post(session.url ?? '', card('4242424242424242'))
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
    expect(done).toMatchObject({ status: 'complete', subscription: { status: 'active' } })
    const portal = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: 'http://app.test/account',
    })
    expect(portal.url).toContain('http://')
  })

  test('gets and verifies events in its version', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start(release)
    const endpoint = await stripe.webhookEndpoints.create({
      url: hook.url,
      enabled_events: ['customer.subscription.created'],
      api_version: release.version as Stripe.WebhookEndpointCreateParams.ApiVersion,
    })
    const { customer, basic } = await setUp(stripe)
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] })
    await emulator.webhooksSettled()
    const [sent] = hook.received
    const signature = String(sent?.headers['stripe-signature'])
    const secret = endpoint.secret ?? ''
    const event = stripe.webhooks.constructEvent(sent?.body ?? '', signature, secret, 10 ** 9)
    expect(event).toMatchObject({
      api_version: release.version,
      data: { object: { customer: customer.id } },
    })
  })

  test('runs a schedule on a test clock', async () => {
    const { stripe } = await start(release)
    const now = 1_794_335_364
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now })
    const { basic } = await setUp(stripe)
    const customer = await stripe.customers.create({
      test_clock: clock.id,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [{ items: [{ price: basic.id, quantity: 1 }], end_date: now + 90 * 86_400 }],
    })
    expect(schedule.status).toBe('active')
    const advanced = await stripe.testHelpers.testClocks.advance(clock.id, {
      frozen_time: now + 32 * 86_400,
    })
    expect(advanced.status).toBe('advancing')
    const { data } = await stripe.invoices.list({ customer: customer.id })
    expect(data.map(({ status }) => status)).toEqual(['paid', 'paid'])
  })
})

describe.each(BEFORE_BASIL)('$name with $version, before basil', (release) => {
  test('has the period on the subscription and the payment on the invoice', async () => {
    const { stripe } = await start(release)
    const { customer, basic } = await setUp(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      expand: ['latest_invoice.payment_intent.latest_charge', 'latest_invoice.subscription'],
    })
    expect(subscription).toMatchObject({
      current_period_start: 1_794_335_364,
      latest_invoice: {
        paid: true,
        subscription: { id: subscription.id },
        payment_intent: { status: 'succeeded', latest_charge: { status: 'succeeded' } },
        lines: { data: [{ type: 'subscription', proration: false, price: { id: basic.id } }] },
      },
    })
    const [charge] = (await stripe.charges.list({ expand: ['data.invoice'] })).data
    expect(charge).toMatchObject({ invoice: { subscription: subscription.id } })
  })

  test('previews the upcoming invoice, also of a change, and has 404 for none', async () => {
    const { stripe } = await start(release)
    const { customer, basic, pro } = await setUp(stripe)
    await expect(stripe.invoices.retrieveUpcoming({ customer: customer.id })).rejects.toMatchObject(
      { code: 'invoice_upcoming_none', statusCode: 404 },
    )
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    const upcoming = await stripe.invoices.retrieveUpcoming({ customer: customer.id })
    expect(upcoming).toMatchObject({ amount_due: 1900, subscription: subscription.id })
    expect(upcoming).not.toHaveProperty('id')
    const [item] = subscription.items.data
    const changed = await stripe.invoices.retrieveUpcoming({
      subscription: subscription.id,
      subscription_items: [{ id: item?.id, price: pro.id }],
      subscription_proration_behavior: 'always_invoice',
      subscription_billing_cycle_anchor: 'unchanged',
    })
    expect(changed.amount_due).toBe(3000)
    const lines = await stripe.invoices.listUpcomingLines({ customer: customer.id, limit: 5 })
    expect(lines.data.map(({ amount }) => amount)).toEqual([1900])
  })

  test('is told that usage records are not emulated', async () => {
    const { stripe } = await start(release)
    await expect(
      stripe.subscriptionItems.createUsageRecord('si_1', { quantity: 1 }),
    ).rejects.toMatchObject({ message: expect.stringContaining('stripe-emulator: a usage record') })
  })
})

test('an upcoming invoice is no route since basil', async () => {
  const { stripe } = await start({ name: 'stripe-17', version: '2025-02-24.acacia' })
  for (const apiVersion of ['2025-03-31.basil', '2026-02-25.clover']) {
    const options = { apiVersion }
    await expect(
      stripe.rawRequest('GET', '/v1/invoices/upcoming?customer=cus_1', undefined, options),
    ).rejects.toMatchObject({ message: expect.stringContaining('has been deprecated') })
  }
})
