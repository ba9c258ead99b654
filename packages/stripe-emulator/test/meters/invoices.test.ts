import { describe, expect, test } from 'vitest'
import { DAY_MS, firstItem, HOUR_MS, latestInvoice, receiver, refusal } from '../harness.ts'
import { invoicesOf, linesOf, metered, NOW } from './usage.ts'

const DAY = 86_400
/** A month after the start: 10 December. */
const MONTH = 30 * DAY

describe('metered prices', () => {
  test('a metered price names an active meter, and so does its plan', async () => {
    const { stripe, meter, price } = await metered()
    expect(price.recurring).toMatchObject({ usage_type: 'metered', meter: meter.id })
    expect(await stripe.plans.retrieve(price.id)).toMatchObject({
      usage_type: 'metered',
      meter: meter.id,
    })
    const found = await stripe.prices.list({ recurring: { meter: meter.id } })
    expect(found.data.map(({ id }) => id)).toEqual([price.id])
    expect((await stripe.prices.list({ recurring: { usage_type: 'licensed' } })).data).toEqual([])
    expect((await stripe.prices.list({ recurring: { meter: 'mtr_x' } })).data).toEqual([])
  })

  test('a metered price without a meter, a licensed one with a meter, an unknown and an inactive meter are refused', async () => {
    const { stripe, meter, product } = await metered()
    const create = (recurring: object) =>
      refusal(
        stripe.prices.create({
          product: product.id,
          currency: 'usd',
          unit_amount: 2,
          recurring: { interval: 'month', ...recurring },
        }),
      )
    const bare = await create({ usage_type: 'metered' })
    expect(bare).toMatchObject({
      statusCode: 400,
      message:
        'Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.',
    })
    expect([bare.code, bare.param]).toEqual([undefined, undefined])
    const param = 'recurring[meter]'
    expect(await create({ meter: meter.id })).toMatchObject({ statusCode: 400, param })
    expect(await create({ usage_type: 'metered', meter: 'mtr_x' })).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param,
    })
    await stripe.billing.meters.deactivate(meter.id)
    expect(await create({ usage_type: 'metered', meter: meter.id })).toMatchObject({
      statusCode: 400,
      param,
    })
  })

  test('a metered item has no quantity, and refuses one', async () => {
    const { stripe, price, subscribe } = await metered()
    const message = 'You cannot set the quantity for metered plans.'
    expect(await refusal(subscribe({ items: [{ price: price.id, quantity: 1 }] }))).toMatchObject({
      statusCode: 400,
      message,
    })
    const subscription = await subscribe()
    const item = firstItem(subscription)
    expect('quantity' in item).toBe(false)
    expect(await refusal(stripe.subscriptionItems.update(item.id, { quantity: 3 }))).toMatchObject({
      statusCode: 400,
      message,
    })
  })
})

describe('the invoice of the usage', () => {
  test('a metered subscription begins without an invoice and without a payment method', async () => {
    const { stripe, price } = await metered()
    const customer = await stripe.customers.create()
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    })
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null })
    expect(await invoicesOf(stripe, subscription.id)).toEqual([])
  })

  test('beside a licensed price it has no line on the first invoice', async () => {
    const { stripe, product, price, subscribe } = await metered()
    const flat = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
    })
    const subscription = await subscribe({ items: [{ price: flat.id }, { price: price.id }] })
    const first = await latestInvoice(stripe, subscription.id)
    expect(first).toMatchObject({ total: 900, status: 'paid' })
    expect(linesOf(first)).toHaveLength(1)
  })

  test('the period that ends is billed: its usage, in its time, and the next period anew', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe()
    await use(1000, { at: NOW })
    await use(-200, { at: NOW + 10 })
    await use(50, { at: NOW - 1 })
    emulator.clock.advanceBy(30 * DAY_MS + 2 * HOUR_MS)
    await use(7, { at: NOW + MONTH })
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice).toMatchObject({
      billing_reason: 'subscription_cycle',
      status: 'paid',
      total: 1600,
    })
    expect(linesOf(invoice)).toEqual([
      {
        description: '800 × API calls (at $0.02 / month)',
        quantity: 800,
        amount: 1600,
        period: { start: NOW, end: NOW + MONTH },
      },
    ])
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(14)
  })

  test('a period without usage, and one with a negative sum, has a line of 0', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe()
    await use(5)
    await use(-9)
    emulator.clock.advanceBy(31 * DAY_MS)
    emulator.clock.advanceBy(31 * DAY_MS)
    const [second, first] = await invoicesOf(stripe, subscription.id)
    for (const invoice of [first, second]) {
      expect(invoice).toMatchObject({ status: 'paid', total: 0 })
      expect(linesOf(invoice)).toMatchObject([{ quantity: 0, amount: 0 }])
    }
  })

  test('usage of the ended period that is reported before the invoice is final is on it, later usage on none', async () => {
    const { emulator, stripe, use, subscribe, total } = await metered()
    const subscription = await subscribe()
    await use(10)
    emulator.clock.advanceBy(30 * DAY_MS)
    await use(5, { at: NOW + MONTH - 1 })
    await use(100, { at: NOW + MONTH })
    const draft = await latestInvoice(stripe, subscription.id)
    expect(draft).toMatchObject({ status: 'draft', total: 20 })
    emulator.clock.advanceBy(HOUR_MS)
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      status: 'paid',
      total: 30,
    })
    await use(1000, { at: NOW + MONTH - 2 })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(200)
    expect(await total()).toBe(1115)
  })

  test('a canceled event is on the invoice no more, unless that is final', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe()
    const cancel = (identifier: string) =>
      stripe.billing.meterEventAdjustments.create({
        event_name: 'api_calls',
        type: 'cancel',
        cancel: { identifier },
      })
    emulator.clock.advanceBy(30 * DAY_MS)
    await use(10, { at: NOW + 1, identifier: 'a' })
    await use(20, { at: NOW + 1, identifier: 'b' })
    await cancel('a')
    emulator.clock.advanceBy(HOUR_MS)
    await cancel('b')
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(40)
  })

  test('a preview shows the usage so far, and so does invoice.upcoming', async () => {
    const hook = await receiver()
    const { emulator, stripe, use, subscribe } = await metered({
      webhooks: [{ url: hook.url, secret: 'whsec_x', enabledEvents: ['invoice.upcoming'] }],
    })
    const subscription = await subscribe()
    await use(10)
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(preview.total).toBe(20)
    expect(linesOf(preview)).toMatchObject([
      { quantity: 10, period: { start: NOW, end: NOW + MONTH } },
    ])
    await use(1)
    emulator.clock.advanceBy(24 * DAY_MS)
    await emulator.webhooksSettled()
    expect(hook.received.map(({ event }) => event.data.object)).toMatchObject([{ total: 22 }])
  })

  test('usage in a trial is shown, and free', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe({ trial_period_days: 7 })
    expect(subscription).toMatchObject({ status: 'trialing', latest_invoice: null })
    await use(10)
    emulator.clock.advanceBy(7 * DAY_MS)
    await use(3, { at: NOW + 7 * DAY })
    emulator.clock.advanceBy(2 * HOUR_MS)
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice).toMatchObject({ total: 0, status: 'paid' })
    expect(linesOf(invoice)).toMatchObject([
      { description: 'Free trial for 10 × API calls', quantity: 10, amount: 0 },
    ])
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(6)
  })
})

describe('changes and ends', () => {
  test('another price bills the usage until now at the old one, and from now on at the new one', async () => {
    const { emulator, stripe, product, meter, use, subscribe } = await metered()
    const dear = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 3,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    })
    const subscription = await subscribe()
    await use(10)
    emulator.clock.advanceBy(5 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: dear.id }],
    })
    await use(20, { at: NOW + 5 * DAY })
    await use(1000, { at: NOW + 5 * DAY - 1 })
    emulator.clock.advanceBy(27 * DAY_MS)
    expect(linesOf(await latestInvoice(stripe, subscription.id))).toMatchObject([
      { quantity: 10, amount: 20, period: { start: NOW, end: NOW + 5 * DAY } },
      { quantity: 20, amount: 60, period: { start: NOW + 5 * DAY, end: NOW + MONTH } },
    ])
  })

  test('a removed item is billed with the next invoice, at once, or not, by the proration behavior', async () => {
    const { emulator, stripe, product, price, use, subscribe } = await metered()
    const flat = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
    })
    const items = [{ price: flat.id }, { price: price.id }]
    const [now, later, never] = [
      await subscribe({ items }),
      await subscribe({ items }),
      await subscribe({ items }),
    ]
    await use(10, { at: NOW })
    emulator.clock.advanceBy(DAY_MS)
    for (const [{ items: own }, proration_behavior] of [
      [now, 'always_invoice'],
      [later, 'create_prorations'],
      [never, 'none'],
    ] as const) {
      await stripe.subscriptionItems.del(own.data[1]?.id ?? '', { proration_behavior })
    }
    const used = { quantity: 10, amount: 20, period: { start: NOW, end: NOW + DAY } }
    expect(linesOf(await latestInvoice(stripe, now.id))).toMatchObject([used])
    expect((await stripe.invoiceItems.list({ pending: true })).data).toMatchObject([used])
    emulator.clock.advanceBy(31 * DAY_MS)
    const totals = async ({ id }: { id: string }) =>
      (await invoicesOf(stripe, id)).map(({ total }) => total)
    expect(await totals(now)).toEqual([900, 20, 900])
    expect(await totals(later)).toEqual([920, 900])
    expect(await totals(never)).toEqual([900, 900])
  })

  test('a new item counts what is used from then on, and is not on an invoice of the change', async () => {
    const { emulator, stripe, product, price, use, subscribe } = await metered()
    const flat = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
    })
    const subscription = await subscribe({ items: [{ price: flat.id }] })
    await use(10, { at: NOW })
    emulator.clock.advanceBy(DAY_MS)
    const item = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: price.id,
      proration_behavior: 'always_invoice',
    })
    expect('quantity' in item).toBe(false)
    expect(await invoicesOf(stripe, subscription.id)).toHaveLength(1)
    await use(5, { at: NOW + DAY })
    emulator.clock.advanceBy(31 * DAY_MS)
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice.total).toBe(910)
  })

  test('a moved billing cycle bills the usage until then', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe()
    await use(10)
    emulator.clock.advanceBy(5 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, { billing_cycle_anchor: { type: 'now' } })
    expect(linesOf(await latestInvoice(stripe, subscription.id))).toMatchObject([
      { quantity: 10, amount: 20 },
    ])
    await use(3, { at: NOW + 5 * DAY })
    emulator.clock.advanceBy(32 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(6)
  })

  test('canceled at the end of the period, its usage is on a last invoice', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe({ cancel_at_period_end: true })
    await use(10)
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(preview).toMatchObject({ total: 20, period_end: NOW + MONTH })
    emulator.clock.advanceBy(30 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled')
    await use(5, { at: NOW + MONTH - 1 })
    emulator.clock.advanceBy(HOUR_MS)
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      status: 'paid',
      total: 30,
      billing_reason: 'subscription_cycle',
    })
  })

  test('canceled at once, its usage is invoiced with `invoice_now`, and lost without', async () => {
    const { stripe, use, subscribe, emulator } = await metered()
    const [kept, lost] = [await subscribe(), await subscribe()]
    await use(10, { at: NOW })
    emulator.clock.advanceBy(1000)
    await stripe.subscriptions.cancel(kept.id, { invoice_now: true })
    await stripe.subscriptions.cancel(lost.id)
    expect(await latestInvoice(stripe, kept.id)).toMatchObject({ status: 'paid', total: 20 })
    emulator.clock.advanceBy(40 * DAY_MS)
    expect(await invoicesOf(stripe, lost.id)).toEqual([])
  })

  test.each([
    ['now', 20],
    ['none', 0],
  ] as const)('a pause bills the usage until then: %s', async (type, total) => {
    const { emulator, stripe, use, subscribe } = await metered()
    const subscription = await subscribe()
    await use(10)
    emulator.clock.advanceBy(DAY_MS)
    await stripe.subscriptions.pause(subscription.id, {
      bill_for: { outstanding_usage_through: { type } },
      invoicing_behavior: 'invoice',
    })
    await use(100, { at: NOW + DAY })
    emulator.clock.advanceBy(DAY_MS)
    await stripe.subscriptions.resume(subscription.id, {
      billing_cycle_anchor: { type: 'unchanged' },
    })
    await use(4, { at: NOW + 2 * DAY })
    const invoices = await invoicesOf(stripe, subscription.id)
    expect(invoices.reduce((sum, invoice) => sum + invoice.total, 0)).toBe(total)
    emulator.clock.advanceBy(30 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(8)
  })
})
