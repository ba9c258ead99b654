import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, firstItem, latestInvoice, payer, START, seconds, shop, start } from './harness.ts'

const DAY = 86_400
const NOW = seconds(START)
const at = (date: string) => seconds(new Date(`${date}T18:29:24Z`))

type Creation = Partial<Stripe.SubscriptionCreateParams>

/** A new subscription to the monthly price of $49.00. */
async function subscribed(params: Creation = {}, method: 'card' | 'none' = 'card') {
  const { emulator, stripe } = await start()
  const { pro } = await shop(stripe)
  const customer =
    method === 'card' ? (await payer(stripe)).customer : await stripe.customers.create()
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
    ...params,
  })
  return { emulator, stripe, pro, customer, subscription, item: firstItem(subscription) }
}

function lines(invoice: Stripe.Invoice) {
  return invoice.lines.data.map(({ amount, description, period }) => ({
    amount,
    description,
    ...period,
  }))
}

const amounts = (invoice: Stripe.Invoice) => invoice.lines.data.map(({ amount }) => amount)

describe('a backdated subscription', () => {
  const backdated = { backdate_start_date: at('2026-08-25') }

  test('starts in the past and is billed for each period since, with its first invoice', async () => {
    const { stripe, subscription } = await subscribed(backdated)
    expect(subscription).toMatchObject({
      start_date: at('2026-08-25'),
      billing_cycle_anchor: at('2026-08-25'),
      created: NOW,
    })
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice.billing_reason).toBe('subscription_create')
    const last = invoice.lines.data.at(-1)
    expect(Math.min(...invoice.lines.data.map(({ period }) => period.start))).toBe(at('2026-08-25'))
    expect(last?.period.end ?? 0).toBeGreaterThan(NOW)
  })

  test('has the anchor of its start where that is asked for, and whole periods', async () => {
    const { stripe, subscription, item } = await subscribed({
      backdate_start_date: at('2026-09-25'),
      billing_cycle_anchor: at('2026-11-25'),
    })
    expect(item).toMatchObject({
      current_period_start: at('2026-10-25'),
      current_period_end: at('2026-11-25'),
    })
    expect(amounts(await latestInvoice(stripe, subscription.id))).toEqual([4900, 4900])
  })

  test('is not billed for the past without prorations', async () => {
    const { subscription } = await subscribed({
      ...backdated,
      billing_cycle_anchor: at('2026-11-25'),
      proration_behavior: 'none',
    })
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null })
  })
})

describe('an anchor', () => {
  test('in the future is billed in proportion until then, and whole from there', async () => {
    const { emulator, stripe, subscription } = await subscribed({
      billing_cycle_anchor: NOW + 15 * DAY,
    })
    const first = await latestInvoice(stripe, subscription.id)
    expect(lines(first)).toMatchObject([{ amount: 2371, start: NOW, end: NOW + 15 * DAY }])
    emulator.clock.advanceBy(15 * DAY_MS)
    const next = await latestInvoice(stripe, subscription.id)
    expect(lines(next)).toMatchObject([{ amount: 4900, start: NOW + 15 * DAY }])
  })

  test('is not billed until then without prorations', async () => {
    const { emulator, stripe, subscription } = await subscribed({
      billing_cycle_anchor: NOW + 15 * DAY,
      proration_behavior: 'none',
    })
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null })
    emulator.clock.advanceBy(15 * DAY_MS)
    expect(amounts(await latestInvoice(stripe, subscription.id))).toEqual([4900])
  })

  test('is the next day that a configuration names, in UTC', async () => {
    const { subscription } = await subscribed({
      billing_cycle_anchor_config: { day_of_month: 31, hour: 12, minute: 0, second: 0 },
    })
    expect(subscription).toMatchObject({
      billing_cycle_anchor_config: { day_of_month: 31, hour: 12, minute: 0, second: 0 },
    })
    expect(firstItem(subscription).current_period_end).toBe(
      seconds(new Date('2026-11-30T12:00:00Z')),
    )
  })

  test('on the 31st has the last day of each month', async () => {
    const { emulator, stripe, subscription } = await subscribed({
      billing_cycle_anchor_config: { day_of_month: 31, hour: 12, minute: 0, second: 0 },
    })
    emulator.clock.advanceBy(20 * DAY_MS)
    expect(firstItem(await stripe.subscriptions.retrieve(subscription.id))).toMatchObject({
      current_period_end: seconds(new Date('2026-12-31T12:00:00Z')),
    })
  })
})

describe('items that are added to one invoice', () => {
  test('are its first lines, and are not billed again', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const setup = await stripe.prices.create({
      product: (await stripe.products.create({ name: 'Setup' })).id,
      currency: 'usd',
      unit_amount: 9900,
    })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      add_invoice_items: [{ price: setup.id, quantity: 2 }],
    })
    const first = await latestInvoice(stripe, id)
    expect(first.amount_paid).toBe(2 * 9900 + 4900)
    expect(lines(first).map((line) => line.description)).toEqual([
      'Setup',
      '1 × Pro (at $49.00 / month)',
    ])
    expect(first.lines.data[0]?.parent?.type).toBe('invoice_item_details')
    emulator.clock.advanceBy(31 * DAY_MS)
    expect(amounts(await latestInvoice(stripe, id))).toEqual([4900])
  })

  test('of an update wait for the next invoice', async () => {
    const { emulator, stripe, subscription } = await subscribed()
    const product = await stripe.products.create({ name: 'Setup' })
    await stripe.subscriptions.update(subscription.id, {
      add_invoice_items: [
        { price_data: { currency: 'usd', product: product.id, unit_amount: 1500 } },
      ],
    })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect(amounts(await latestInvoice(stripe, subscription.id))).toEqual([1500, 4900])
  })
})

describe('the settings of a new subscription', () => {
  test('are shown on it, and on its invoices', async () => {
    const { stripe, subscription } = await subscribed({
      description: 'For the team',
      invoice_settings: { footer: 'Thanks', custom_fields: [{ name: 'PO', value: '7' }] },
      payment_settings: { payment_method_types: ['card'] },
    })
    expect(subscription).toMatchObject({
      description: 'For the team',
      payment_settings: { payment_method_types: ['card'] },
    })
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      custom_fields: [{ name: 'PO', value: '7' }],
      footer: 'Thanks',
      payment_settings: { payment_method_types: ['card'] },
    })
  })

  test('bill pending items at an interval of their own', async () => {
    const { emulator, stripe, customer, subscription } = await subscribed({
      pending_invoice_item_interval: { interval: 'week' },
    })
    expect(subscription.next_pending_invoice_item_invoice).toBe(NOW + 7 * DAY)
    await stripe.invoiceItems.create({
      customer: customer.id,
      subscription: subscription.id,
      currency: 'usd',
      amount: 700,
    })
    emulator.clock.advanceBy(8 * DAY_MS)
    expect(amounts(await latestInvoice(stripe, subscription.id))).toEqual([700])
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      next_pending_invoice_item_invoice: NOW + 14 * DAY,
    })
  })

  test('keep the card of the first payment only where asked for (fact 27)', async () => {
    const saved = async (save: 'off' | 'on_subscription') => {
      const { stripe } = await start()
      const { pro } = await shop(stripe)
      const customer = await stripe.customers.create()
      const { id, latest_invoice } = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: pro.id }],
        payment_behavior: 'default_incomplete',
        payment_settings: { save_default_payment_method: save },
      })
      const { data } = await stripe.invoicePayments.list({ invoice: String(latest_invoice) })
      await stripe.paymentIntents.confirm(String(data[0]?.payment.payment_intent), {
        payment_method: 'pm_card_visa',
        return_url: 'https://example.org',
      })
      const paid = await stripe.subscriptions.retrieve(id)
      expect(paid.status).toBe('active')
      return paid.default_payment_method
    }
    expect(await saved('off')).toBeNull()
    expect(await saved('on_subscription')).toMatch(/^pm_/)
  })

  test('begin with the trial of the plan where asked for (fact 26)', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const product = await stripe.products.create({ name: 'Tried' })
    const plan = await stripe.plans.create({
      product: product.id,
      amount: 1000,
      currency: 'usd',
      interval: 'month',
      trial_period_days: 9,
    })
    const create = (params: Creation) =>
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: plan.id }], ...params })
    expect(await create({ trial_from_plan: true })).toMatchObject({
      status: 'trialing',
      trial_end: NOW + 9 * DAY,
    })
    expect(await create({})).toMatchObject({ status: 'active', trial_end: null })
  })
})

describe('a trial without a card', () => {
  test('has a setup intent, whose card then becomes its default', async () => {
    const { stripe, subscription } = await subscribed(
      {
        trial_period_days: 7,
        payment_behavior: 'default_incomplete',
        payment_settings: { save_default_payment_method: 'on_subscription' },
      },
      'none',
    )
    expect(subscription.status).toBe('trialing')
    const setup = String(subscription.pending_setup_intent)
    expect(setup).toMatch(/^seti_/)
    await stripe.setupIntents.confirm(setup, {
      payment_method: 'pm_card_visa',
      return_url: 'https://example.org',
    })
    const after = await stripe.subscriptions.retrieve(subscription.id)
    expect(after.pending_setup_intent).toBeNull()
    expect(after.default_payment_method).toMatch(/^pm_/)
  })

  test('has none where the customer has a card', async () => {
    const { subscription } = await subscribed({ trial_period_days: 7 })
    expect(subscription.pending_setup_intent).toBeNull()
  })
})

describe('a cancellation', () => {
  test('gives back what is unused only where asked for, and invoices it now', async () => {
    const { emulator, stripe, subscription } = await subscribed()
    emulator.clock.advanceBy(15 * DAY_MS)
    const canceled = await stripe.subscriptions.cancel(subscription.id, {
      prorate: true,
      invoice_now: true,
      cancellation_details: { comment: 'moved away', feedback: 'unused' },
    })
    expect(canceled).toMatchObject({
      status: 'canceled',
      cancellation_details: { comment: 'moved away', feedback: 'unused' },
    })
    const last = await latestInvoice(stripe, subscription.id)
    expect(last.total).toBe(-2450)
  })

  test('invoices nothing by itself', async () => {
    const { stripe, subscription } = await subscribed()
    await stripe.subscriptions.cancel(subscription.id)
    const { data } = await stripe.invoices.list({ subscription: subscription.id })
    expect(data).toHaveLength(1)
  })
})
