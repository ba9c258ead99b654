import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, latestInvoice, payer, refusal, seconds, start } from './harness.ts'

const at = (date: string) => seconds(new Date(`${date}T18:29:24Z`))

async function priceOf(
  stripe: Stripe,
  name: string,
  of: { amount: number; interval: 'day' | 'month' | 'week' | 'year'; count?: number },
) {
  const product = await stripe.products.create({ name })
  return stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: of.amount,
    recurring: { interval: of.interval, interval_count: of.count ?? 1 },
  })
}

/** A subscription with a monthly and a yearly item. */
async function mixed(params: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const { emulator, stripe } = await start()
  const monthly = await priceOf(stripe, 'Seat', { amount: 1000, interval: 'month' })
  const yearly = await priceOf(stripe, 'Base', { amount: 12_000, interval: 'year' })
  const { customer } = await payer(stripe)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: monthly.id }, { price: yearly.id }],
    ...params,
  })
  const [month, year] = subscription.items.data
  if (month === undefined || year === undefined) throw new Error('no items')
  return { emulator, stripe, monthly, yearly, customer, subscription, month, year }
}

function lines(invoice: Stripe.Invoice) {
  return invoice.lines.data.map(({ description, amount, period }) => ({
    description,
    amount,
    ...period,
  }))
}

describe('items of different intervals', () => {
  test('have each their own period and are first billed together', async () => {
    const { stripe, subscription, month, year } = await mixed()
    expect(month).toMatchObject({
      current_period_start: at('2026-11-10'),
      current_period_end: at('2026-12-10'),
    })
    expect(year.current_period_end).toBe(at('2027-11-10'))
    expect(lines(await latestInvoice(stripe, subscription.id))).toEqual([
      {
        description: '1 × Seat (at $10.00 / month)',
        amount: 1000,
        start: at('2026-11-10'),
        end: at('2026-12-10'),
      },
      {
        description: '1 × Base (at $120.00 / year)',
        amount: 12_000,
        start: at('2026-11-10'),
        end: at('2027-11-10'),
      },
    ])
  })

  test('are each billed at their own interval: the year once a year (fact 24)', async () => {
    const { emulator, stripe, subscription } = await mixed()
    emulator.clock.advanceTo(new Date('2027-12-20T00:00:00Z'))
    const { data } = await stripe.invoices.list({ subscription: subscription.id, limit: 100 })
    const totals = data.map(({ total, status }) => ({ total, status })).reverse()
    const paid = (total: number) => ({ total, status: 'paid' })
    expect(totals).toEqual([
      paid(13_000),
      ...Array.from({ length: 11 }, () => paid(1000)),
      paid(13_000),
      paid(1000),
    ])
  })

  test('send invoice.upcoming and a preview for the item that is due next alone', async () => {
    const { emulator, stripe, subscription } = await mixed()
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(lines(preview)).toMatchObject([{ amount: 1000, start: at('2026-12-10') }])
    emulator.clock.advanceTo(new Date('2026-12-09T00:00:00Z'))
    const { data } = await stripe.events.list({ type: 'invoice.upcoming' })
    expect(data[0]?.data.object).toMatchObject({ total: 1000 })
  })

  test('prorate each over its own period', async () => {
    const { emulator, stripe, subscription, year } = await mixed()
    emulator.clock.advanceBy(15 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: year.id, quantity: 2 }],
      proration_behavior: 'always_invoice',
    })
    expect(lines(await latestInvoice(stripe, subscription.id))).toEqual([
      {
        description: 'Unused time on Base after 25 Nov 2026',
        amount: -Math.round((12_000 * 350) / 365),
        start: at('2026-11-25'),
        end: at('2027-11-10'),
      },
      {
        description: 'Remaining time on 2 × Base after 25 Nov 2026',
        amount: Math.round((24_000 * 350) / 365),
        start: at('2026-11-25'),
        end: at('2027-11-10'),
      },
    ])
  })

  test('join in the middle of their own cycle, and are credited when they leave', async () => {
    const { emulator, stripe, subscription, year } = await mixed()
    const weekless = await priceOf(stripe, 'Quarter', { amount: 9200, interval: 'month', count: 3 })
    emulator.clock.advanceBy(46 * DAY_MS)
    const added = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: weekless.id,
      proration_behavior: 'always_invoice',
    })
    expect(added).toMatchObject({
      current_period_start: at('2026-12-26'),
      current_period_end: at('2027-02-10'),
    })
    // The quarter has 92 days, of which 46 are left.
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(4600)
    await stripe.subscriptionItems.del(year.id, { proration_behavior: 'always_invoice' })
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(
      -Math.round((12_000 * 319) / 365),
    )
    emulator.clock.advanceTo(new Date('2027-02-10T20:00:00Z'))
    expect(lines(await latestInvoice(stripe, subscription.id))).toMatchObject([
      { amount: 1000 },
      { amount: 9200, end: at('2027-05-10') },
    ])
  })

  test('take the cycle of another interval and keep the anchor', async () => {
    const { emulator, stripe, subscription, monthly, month, year } = await mixed()
    await stripe.subscriptionItems.del(month.id)
    emulator.clock.advanceTo(new Date('2027-03-15T00:00:00Z'))
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: year.id, price: monthly.id }],
    })
    expect(changed.billing_cycle_anchor).toBe(at('2026-11-10'))
    expect(changed.items.data).toMatchObject([
      { id: year.id, current_period_start: at('2027-03-10'), current_period_end: at('2027-04-10') },
    ])
  })

  test('all restart with a new anchor: credits, and a regular line for each (fact 29)', async () => {
    const { emulator, stripe, subscription } = await mixed()
    emulator.clock.advanceBy(15 * DAY_MS)
    const moved = await stripe.subscriptions.update(subscription.id, {
      billing_cycle_anchor: { type: 'now' },
    })
    expect(moved.billing_cycle_anchor).toBe(at('2026-11-25'))
    expect(moved.items.data.map((item) => item.current_period_end)).toEqual([
      at('2026-12-25'),
      at('2027-11-25'),
    ])
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(lines(invoice)).toMatchObject([
      { description: 'Unused time on Seat after 25 Nov 2026', amount: -500 },
      { description: 'Unused time on Base after 25 Nov 2026' },
      { description: '1 × Seat (at $10.00 / month)', amount: 1000 },
      { description: '1 × Base (at $120.00 / year)', amount: 12_000 },
    ])
    expect(invoice.lines.data[2]).toMatchObject({
      discountable: true,
      parent: { subscription_item_details: { proration: false } },
    })
  })

  test('share a trial, after which each begins its own interval', async () => {
    const { emulator, stripe, subscription, month, year } = await mixed({ trial_period_days: 5 })
    const end = at('2026-11-15')
    expect([month.current_period_end, year.current_period_end]).toEqual([end, end])
    emulator.clock.advanceTo(new Date((end + 7200) * 1000))
    const after = await stripe.subscriptions.retrieve(subscription.id)
    expect(after.items.data.map((item) => item.current_period_end)).toEqual([
      at('2026-12-15'),
      at('2027-11-15'),
    ])
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      total: 13_000,
      status: 'paid',
    })
  })

  test.each([
    ['min_period_end', '2026-12-10'],
    ['max_period_end', '2027-11-10'],
  ] as const)('end all at %s', async (cancelAt, date) => {
    const { emulator, stripe, subscription } = await mixed()
    const ending = await stripe.subscriptions.update(subscription.id, {
      cancel_at: cancelAt,
      proration_behavior: 'none',
    })
    expect(ending).toMatchObject({ cancel_at: at(date), cancel_at_period_end: false })
    emulator.clock.advanceTo(new Date((at(date) + 60) * 1000))
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'canceled',
      ended_at: at(date),
    })
  })

  test('end all at the end of the first period with cancel_at_period_end', async () => {
    const { stripe, subscription } = await mixed()
    expect(
      await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
    ).toMatchObject({ cancel_at: at('2026-12-10'), cancel_at_period_end: true })
  })

  test('resume in their old cycles after a pause at the end of a trial', async () => {
    const { emulator, stripe } = await start()
    const monthly = await priceOf(stripe, 'Seat', { amount: 1000, interval: 'month' })
    const bimonthly = await priceOf(stripe, 'Base', { amount: 500, interval: 'month', count: 2 })
    const customer = await stripe.customers.create()
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly.id }, { price: bimonthly.id }],
      trial_end: at('2026-12-10'),
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    })
    emulator.clock.advanceTo(new Date('2026-12-24T18:29:24Z'))
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('paused')
    const resumed = await stripe.subscriptions.resume(subscription.id, {
      billing_cycle_anchor: { type: 'unchanged' },
      proration_behavior: 'none',
    })
    expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-12-10') })
    expect(resumed.items.data.map((item) => item.current_period_end)).toEqual([
      at('2027-01-10'),
      at('2027-02-10'),
    ])
  })
})

describe('intervals', () => {
  type Interval = [count: number, interval: 'day' | 'month' | 'week' | 'year']

  async function subscribe(intervals: Interval[]) {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const items: { price: string }[] = []
    for (const [count, interval] of intervals) {
      const price = await priceOf(stripe, `${count} ${interval}`, { amount: 100, interval, count })
      items.push({ price: price.id })
    }
    return stripe.subscriptions.create({ customer: customer.id, items })
  }

  test.each<{ intervals: Interval[] }>([
    {
      intervals: [
        [1, 'month'],
        [3, 'month'],
      ],
    },
    {
      intervals: [
        [1, 'year'],
        [1, 'month'],
      ],
    },
    {
      intervals: [
        [1, 'day'],
        [1, 'week'],
      ],
    },
    {
      intervals: [
        [1, 'day'],
        [3, 'month'],
      ],
    },
    {
      intervals: [
        [1, 'day'],
        [2, 'year'],
      ],
    },
    {
      intervals: [
        [2, 'week'],
        [4, 'week'],
      ],
    },
    {
      intervals: [
        [2, 'month'],
        [4, 'month'],
        [6, 'month'],
      ],
    },
  ])('that are multiples of the shortest go together: $intervals', async ({ intervals }) => {
    expect((await subscribe(intervals)).status).toBe('active')
  })

  test.each<{ intervals: Interval[] }>([
    {
      intervals: [
        [2, 'month'],
        [3, 'month'],
      ],
    },
    {
      intervals: [
        [4, 'month'],
        [6, 'month'],
      ],
    },
    {
      intervals: [
        [1, 'week'],
        [1, 'month'],
      ],
    },
    {
      intervals: [
        [2, 'day'],
        [1, 'week'],
      ],
    },
    {
      intervals: [
        [5, 'month'],
        [1, 'year'],
      ],
    },
  ])('that are not are refused: $intervals', async ({ intervals }) => {
    expect(await refusal(subscribe(intervals))).toMatchObject({
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      param: 'items[1][price]',
    })
  })

  test('that do not fit cannot join later either', async () => {
    const { stripe, subscription } = await mixed()
    const weekly = await priceOf(stripe, 'Week', { amount: 100, interval: 'week' })
    const joining = stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: weekly.id,
    })
    expect((await refusal(joining)).statusCode).toBe(400)
  })
})

describe('a scheduled end within a period', () => {
  test('is charged for its share from the beginning', async () => {
    const { stripe, month, subscription } = await mixed({ cancel_at: at('2026-11-25') })
    expect(month.current_period_end).toBe(at('2026-11-25'))
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(
      500 + Math.round((12_000 * 15) / 365),
    )
  })

  test('credits the rest where it is set later, and charges it again where it is taken back', async () => {
    const { emulator, stripe, subscription } = await mixed()
    emulator.clock.advanceBy(HOUR_MS)
    const cut = await stripe.subscriptions.update(subscription.id, {
      cancel_at: at('2026-11-25'),
      proration_behavior: 'always_invoice',
    })
    expect(cut.items.data.map((item) => item.current_period_end)).toEqual([
      at('2026-11-25'),
      at('2026-11-25'),
    ])
    const credit = (await latestInvoice(stripe, subscription.id)).total
    expect(Math.abs(credit + 500 + (12_000 * 350) / 365)).toBeLessThan(3)
    const kept = await stripe.subscriptions.update(subscription.id, {
      cancel_at: '',
      proration_behavior: 'always_invoice',
    })
    expect(kept).toMatchObject({ cancel_at: null })
    expect(kept.items.data.map((item) => item.current_period_end)).toEqual([
      at('2026-12-10'),
      at('2027-11-10'),
    ])
    const charge = (await latestInvoice(stripe, subscription.id)).total
    expect(Math.abs(charge + credit)).toBeLessThan(3)
  })
})
