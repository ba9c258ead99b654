import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, latestInvoice } from '../harness.ts'
import { invoicesOf, linesOf, metered, NOW } from './usage.ts'

const DAY = 86_400
const MONTH = 30 * DAY

describe('metered items beside others', () => {
  test('a monthly metered item on a yearly subscription is billed every month, the plan every year', async () => {
    const { emulator, stripe, product, price, use, subscribe } = await metered()
    const yearly = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 49_000,
      recurring: { interval: 'year' },
    })
    const subscription = await subscribe({ items: [{ price: yearly.id }, { price: price.id }] })
    await use(100)
    emulator.clock.advanceBy(30 * DAY_MS + 2 * HOUR_MS)
    await use(7, { at: NOW + MONTH })
    expect(linesOf(await latestInvoice(stripe, subscription.id))).toEqual([
      {
        description: '100 × API calls (at $0.02 / month)',
        quantity: 100,
        amount: 200,
        period: { start: NOW, end: NOW + MONTH },
      },
    ])
    emulator.clock.advanceBy(336 * DAY_MS)
    const invoices = await invoicesOf(stripe, subscription.id)
    const totals = invoices.map(({ total }) => total).reverse()
    expect(totals).toEqual([49_000, 200, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 49_000])
    expect(linesOf(invoices[0]).map(({ amount }) => amount)).toEqual([49_000, 0])
  })

  test('the item is added once the subscription runs, and is billed at its own interval', async () => {
    const { emulator, stripe, product, price, use, subscribe } = await metered()
    const yearly = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 49_000,
      recurring: { interval: 'year' },
    })
    const subscription = await subscribe({ items: [{ price: yearly.id }] })
    await stripe.subscriptionItems.create({ subscription: subscription.id, price: price.id })
    expect(await invoicesOf(stripe, subscription.id)).toHaveLength(1)
    await use(10)
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(20)
  })

  test('decimals, packages and tiers price the sum of the period, not each event', async () => {
    for (const [given, total, descriptions] of [
      [
        { unit_amount: undefined, unit_amount_decimal: '0.002' },
        5,
        ['2500 × API calls (at $0.00002 / month)'],
      ],
      [
        { unit_amount: 300, transform_quantity: { divide_by: 1000, round: 'up' } },
        900,
        ['2500 × API calls (at $3.00 per 1000 units / month)'],
      ],
      [
        {
          unit_amount: undefined,
          billing_scheme: 'tiered',
          tiers_mode: 'graduated',
          tiers: [
            { up_to: 1000, unit_amount: 0 },
            { up_to: 'inf', unit_amount: 3 },
          ],
        },
        4500,
        [
          '1000 × API calls (Tier 1 at $0.00 / month)',
          '1500 × API calls (Tier 2 at $0.03 / month)',
        ],
      ],
      [
        {
          unit_amount: undefined,
          billing_scheme: 'tiered',
          tiers_mode: 'volume',
          tiers: [
            { up_to: 1000, unit_amount: 3 },
            { up_to: 'inf', unit_amount: 2 },
          ],
        },
        5000,
        ['2500 × API calls (Tier 2 at $0.02 / month)'],
      ],
    ] as const) {
      const { emulator, stripe, use, subscribe } = await metered({
        price: given as object,
      })
      const subscription = await subscribe()
      await use(999)
      await use(1)
      emulator.clock.advanceBy(30 * DAY_MS)
      await use(1500, { at: NOW + 1 })
      emulator.clock.advanceBy(HOUR_MS)
      const invoice = await latestInvoice(stripe, subscription.id)
      expect(invoice.total).toBe(total)
      expect(linesOf(invoice).map(({ description }) => description)).toEqual(descriptions)
      await emulator.stop()
    }
  })

  test('a backdated subscription bills the usage of each period that has ended', async () => {
    const { emulator, stripe, use, subscribe } = await metered()
    await use(10, { at: NOW - 34 * DAY })
    await use(5, { at: NOW - DAY })
    const subscription = await subscribe({ backdate_start_date: NOW - 35 * DAY })
    const first = await latestInvoice(stripe, subscription.id)
    expect(linesOf(first)).toMatchObject([{ quantity: 10, amount: 20 }])
    emulator.clock.advanceBy(30 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(10)
  })

  test('a phase of a schedule without the item bills it at the end of its period', async () => {
    const { emulator, stripe, product, price, use, subscribe } = await metered()
    const flat = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
    })
    const subscription = await subscribe({ items: [{ price: flat.id }, { price: price.id }] })
    const schedule = await stripe.subscriptionSchedules.create({
      from_subscription: subscription.id,
    })
    const [phase] = schedule.phases
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        {
          start_date: phase?.start_date ?? 0,
          end_date: phase?.end_date ?? 0,
          items: [{ price: flat.id, quantity: 1 }, { price: price.id }],
        },
        { items: [{ price: flat.id, quantity: 1 }], duration: { interval: 'month' } },
      ],
    })
    await use(10)
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await latestInvoice(stripe, subscription.id)).total).toBe(920)
  })
})
