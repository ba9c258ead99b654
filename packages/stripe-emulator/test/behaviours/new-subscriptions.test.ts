import { describe, expect, test } from 'vitest'
import { DAY_MS, firstItem, refusal, START, seconds, start } from '../harness.ts'
import { store, swap } from './world.ts'

/** Cashier's SubscriptionsTest and Pay's customer tests, where they create, try and cancel: see README.md. */

const NOW = seconds(START)
const DAY = 86_400
const AT_ONCE = { proration_behavior: 'always_invoice' } as const

describe('a new subscription', () => {
  test('is active, has the metadata and the price that it was given, and is listed once', async () => {
    const { stripe, customer, subscribe, basic, product } = await store()
    const created = await subscribe(basic, { metadata: { order_id: '8' } })
    expect(created).toMatchObject({ status: 'active', metadata: { order_id: '8' }, ended_at: null })
    expect(firstItem(created).price).toMatchObject({ id: basic, product })
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toHaveLength(1)
  })

  test('charges the card once, for the customer', async () => {
    const { stripe, customer, subscribe, basic } = await store()
    await subscribe(basic)
    const { data } = await stripe.charges.list({ customer: customer.id })
    expect(data).toMatchObject([
      { amount: 1000, paid: true, payment_method_details: { card: { brand: 'visa' } } },
    ])
  })

  test('needs a payment method', async () => {
    const { stripe } = await start()
    const { id } = await stripe.customers.create({ name: 'A' })
    const created = stripe.subscriptions.create({
      customer: id,
      items: [
        {
          price_data: {
            currency: 'usd',
            unit_amount: 500,
            recurring: { interval: 'month' },
            product: (await stripe.products.create({ name: 'P' })).id,
          },
        },
      ],
    })
    expect(await refusal(created)).toMatchObject({
      code: 'resource_missing',
      message: expect.stringMatching(/^This customer has no attached payment source or default/),
    })
  })

  test('has a price that is made with it', async () => {
    const { stripe, customer, product, invoices } = await store()
    const price = {
      product,
      tax_behavior: 'exclusive',
      currency: 'usd',
      recurring: { interval: 'month' },
      unit_amount: 1100,
    } as const
    const created = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price_data: price }],
    })
    expect(created.status).toBe('active')
    expect(firstItem(created).price.tax_behavior).toBe('exclusive')
    expect((await invoices())[0]?.total).toBe(1100)
  })

  test('bills a one-time price on its first invoice', async () => {
    const { stripe, subscribe, basic, product, invoices, preview } = await store()
    const shirt = await stripe.prices.create({ product, currency: 'usd', unit_amount: 1500 })
    const { id } = await subscribe(basic, { add_invoice_items: [{ price: shirt.id }] })
    const [first] = await invoices()
    expect(first?.total).toBe(2500)
    const prices = first?.lines.data.map((line) => line.pricing?.price_details?.price)
    expect(prices?.sort()).toEqual([basic, shirt.id].sort())
    expect((await preview(id)).total).toBe(1000)
  })

  test('up to an anchor is billed for the days until then', async () => {
    const { subscribe, basic, invoices } = await store()
    const anchor = seconds(new Date('2026-12-01T00:00:00Z'))
    const { status } = await subscribe(basic, { billing_cycle_anchor: anchor })
    expect(status).toBe('active')
    const [first] = await invoices()
    expect(first?.lines.data[0]?.period).toEqual({ start: NOW, end: anchor })
    expect(first?.total).toBeLessThan(1000)
  })

  test('begins in the past, where it is asked for', async () => {
    const { subscribe, basic } = await store()
    const start_date = NOW - 30 * DAY
    const created = await subscribe(basic, { backdate_start_date: start_date })
    expect(created).toMatchObject({ status: 'active', start_date })
  })

  test('that begins in the past and is sent is paid nothing before its anchor, also after a swap', async () => {
    const of = await store()
    const { id, status } = await of.subscribe(of.basic, {
      collection_method: 'send_invoice',
      days_until_due: 30,
      proration_behavior: 'none',
      backdate_start_date: NOW - 25 * DAY,
      billing_cycle_anchor: NOW + 5 * DAY,
    })
    expect(status).toBe('active')
    const paid = async () => (await of.invoices()).filter((one) => one.status === 'paid')
    expect(await paid()).toEqual([])
    expect((await of.preview(id)).status).toBe('draft')
    const swapped = await swap(of, id, of.other, AT_ONCE)
    expect(swapped.status).toBe('active')
    expect(firstItem(swapped).price.id).toBe(of.other)
    expect(await paid()).toEqual([])
  })

  test('has its tax rates, and its invoice the tax', async () => {
    const { stripe, subscribe, basic, invoices } = await store()
    const vat = await stripe.taxRates.create({
      display_name: 'VAT',
      description: 'VAT Belgium',
      jurisdiction: 'BE',
      percentage: 21,
      inclusive: false,
    })
    const created = await subscribe(basic, { default_tax_rates: [vat.id] })
    expect(created.default_tax_rates?.map(({ id }) => id)).toEqual([vat.id])
    expect((await invoices())[0]).toMatchObject({ subtotal: 1000, total: 1210 })
  })

  test('after one that was canceled is active', async () => {
    const { stripe, customer, subscribe, basic } = await store()
    await stripe.subscriptions.cancel((await subscribe(basic)).id)
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toEqual([])
    const second = await subscribe(basic)
    const { data } = await stripe.subscriptions.list({ customer: customer.id })
    expect(data.map(({ id }) => id)).toEqual([second.id])
    const all = await stripe.subscriptions.list({ customer: customer.id, status: 'all' })
    expect(all.data).toHaveLength(2)
  })
})

describe('a trial', () => {
  test('of days ends after them, costs nothing, and survives a cancellation that is taken back', async () => {
    const { stripe, subscribe, basic, invoices } = await store()
    const created = await subscribe(basic, { trial_period_days: 7 })
    expect(created).toMatchObject({ status: 'trialing', trial_end: NOW + 7 * DAY })
    expect((await invoices()).map(({ total }) => total)).toEqual([0])
    const canceling = await stripe.subscriptions.update(created.id, { cancel_at_period_end: true })
    expect(canceling).toMatchObject({ status: 'trialing', cancel_at: created.trial_end })
    const resumed = await stripe.subscriptions.update(created.id, { cancel_at_period_end: false })
    expect(resumed).toMatchObject({
      status: 'trialing',
      trial_end: created.trial_end,
      cancel_at: null,
    })
  })

  test('until a time ends then', async () => {
    const { emulator, stripe, subscribe, basic } = await store()
    const trial_end = seconds(new Date('2026-11-11T03:15:00Z'))
    const { id, status, trial_end: end } = await subscribe(basic, { trial_end })
    expect([status, end]).toEqual(['trialing', trial_end])
    emulator.clock.advanceBy(2 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
  })

  test('is given to a subscription that runs', async () => {
    const { stripe, subscribe, basic } = await store()
    const { id, trial_end: none } = await subscribe(basic)
    expect(none).toBeNull()
    const trial_end = NOW + DAY
    const extended = await stripe.subscriptions.update(id, { trial_end })
    expect(extended).toMatchObject({ status: 'trialing', trial_end })
  })

  test('ends at once', async () => {
    const { stripe, subscribe, basic, invoices } = await store()
    const { id } = await subscribe(basic, { trial_period_days: 10 })
    const ended = await stripe.subscriptions.update(id, { trial_end: 'now' })
    expect(ended).toMatchObject({ status: 'active', trial_end: NOW })
    expect((await invoices())[0]).toMatchObject({ total: 1000, status: 'paid' })
  })

  test('goes on after a swap that is invoiced at once, and ends with one that says so', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.basic, { trial_period_days: 5 })
    expect((await swap(of, id, of.other, AT_ONCE)).status).toBe('trialing')
    const ended = await swap(of, id, of.basic, { ...AT_ONCE, trial_end: 'now' })
    expect(ended.status).toBe('active')
  })

  test('that is canceled now is over', async () => {
    const { stripe, subscribe, basic } = await store()
    const { id } = await subscribe(basic, { trial_period_days: 14 })
    expect(await stripe.subscriptions.cancel(id)).toMatchObject({
      status: 'canceled',
      ended_at: NOW,
      trial_end: expect.any(Number),
    })
  })
})

describe('a cancellation', () => {
  test('leaves the subscription active, and can be taken back', async () => {
    const { stripe, subscribe, basic } = await store()
    const created = await subscribe(basic)
    const { id } = created
    const end = firstItem(created).current_period_end
    const canceling = await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    expect(canceling).toMatchObject({ status: 'active', cancel_at: end, ended_at: null })
    const resumed = await stripe.subscriptions.update(id, { cancel_at_period_end: false })
    expect(resumed).toMatchObject({ status: 'active', cancel_at: null, canceled_at: null })
  })

  test('at a time is kept to', async () => {
    const { stripe, emulator, subscribe, basic } = await store()
    const { id } = await subscribe(basic)
    const cancel_at = NOW + 90 * DAY
    const canceling = await stripe.subscriptions.update(id, { cancel_at })
    expect(canceling).toMatchObject({ status: 'active', cancel_at })
    emulator.clock.advanceBy(91 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      ended_at: cancel_at,
    })
  })

  test('now ends what was to end later', async () => {
    const { stripe, subscribe, basic } = await store()
    const { id } = await subscribe(basic)
    await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    expect(await stripe.subscriptions.cancel(id)).toMatchObject({
      status: 'canceled',
      ended_at: NOW,
    })
  })
})

describe('a pause of collection', () => {
  test('is stored with its end, leaves the status, and is taken back', async () => {
    const { stripe, subscribe, basic } = await store()
    const { id } = await subscribe(basic)
    const pause = { behavior: 'void', resumes_at: NOW + 30 * DAY } as const
    const paused = await stripe.subscriptions.update(id, { pause_collection: pause })
    expect(paused).toMatchObject({ status: 'active', pause_collection: pause })
    const resumed = await stripe.subscriptions.update(id, { pause_collection: '' })
    expect(resumed.pause_collection).toBeNull()
  })

  test.each([
    ['void', 'void'],
    ['mark_uncollectible', 'uncollectible'],
    ['keep_as_draft', 'draft'],
  ] as const)('%s: the renewal is %s', async (behavior, status) => {
    const { stripe, emulator, subscribe, basic, invoices } = await store()
    const { id } = await subscribe(basic)
    await stripe.subscriptions.update(id, { pause_collection: { behavior } })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await invoices())[0]).toMatchObject({ status, total: 1000, amount_paid: 0 })
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
  })
})
