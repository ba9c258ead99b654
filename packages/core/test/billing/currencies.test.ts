import { held } from '@tollgate/testing/stripe'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyCatalog, Context, PushStep } from '../../src/index.ts'
import {
  cancelSubscription,
  createCheckout,
  examine,
  getQuota,
  listPlans,
  pushPlans,
  syncBilling,
} from '../../src/index.ts'
import { define } from '../catalog/base.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { DAY_MS, GOOD_CARD, pass, payWith, startBilling, stripeSide } from './billing-harness.ts'
import { catalog } from './interval-catalog.ts'

let billing: BillingHarness
beforeAll(async () => {
  billing = await startBilling({ catalog, observer: held({ provoking: true }) })
})
afterAll(() => billing.close())

/** Another process, with a catalogue in which Mini costs this. */
function withMini(price: object, priceIds = {}): Context {
  const ctx = billing.another()
  const mini = { ...{ name: 'Mini', description: '', limits: { tokens: 100 } }, price }
  const changed = define({ meters: catalog.meters, plans: { mini } }) as AnyCatalog
  return { ...ctx, catalog: changed, settings: { ...ctx.settings, priceIds } }
}

const changesOf = (steps: readonly PushStep[]) =>
  steps.flatMap(({ action, object, detail }) =>
    action === 'keep' ? [] : [[action, object, detail]],
  )

const priceUnder = async (key: string) => {
  const { data } = await billing.ctx.stripe.call((stripe) =>
    stripe.prices.list({ lookup_keys: [key], expand: ['data.currency_options'] }),
  )
  return data[0]
}

/** What the doctor finds wrong with prices. */
const problemsOf = async (ctx: Context) =>
  (await examine(ctx)).filter(({ name, ok }) => name.startsWith('price of') && !ok)

async function buy(plan: string, of: { interval?: 'month' | 'year'; currency?: string }) {
  const userId = await addUser(billing.ctx)
  await payWith(GOOD_CARD, (await createCheckout(billing.ctx, { userId, plan, ...of })).url)
  return { userId, subscription: await syncBilling(billing.ctx, { userId }) }
}

describe('a push', () => {
  test('makes one price for each plan on offer and interval, with an amount in each currency', async () => {
    const { data } = await billing.ctx.stripe.call((stripe) =>
      stripe.prices.list({ limit: 100, expand: ['data.currency_options'] }),
    )
    const made = data.map(({ lookup_key, currency, unit_amount, recurring, currency_options }) => [
      lookup_key,
      recurring?.interval,
      { [currency]: unit_amount, eur: currency_options?.['eur']?.unit_amount },
    ])
    expect(made.toReversed()).toEqual([
      ['tollgate_mini', 'month', { usd: 1_000, eur: 900 }],
      ['tollgate_mini_year', 'year', { usd: 10_000, eur: 9_000 }],
      ['tollgate_max', 'month', { usd: 3_000, eur: 2_701 }],
      ['tollgate_max_year', 'year', { usd: 37_777, eur: 33_333 }],
      ['tollgate_tried', 'month', { usd: 2_000, eur: 1_800 }],
      ['tollgate_tried_year', 'year', { usd: 24_000, eur: 21_600 }],
      ['tollgate_monthly', 'month', { usd: 500, eur: 450 }],
    ])
    expect(changesOf(await pushPlans(billing.ctx, { dryRun: false }))).toEqual([])
    expect(await problemsOf(billing.ctx)).toEqual([])
  })

  test('adds a further currency to the price that there is', async () => {
    const { id } = (await priceUnder('tollgate_mini_year')) ?? {}
    const ctx = withMini({
      month: { usd: 1_000, eur: 900, jpy: 150 },
      year: { usd: 10_000, eur: 9_000, jpy: 1_500 },
    })
    const [problem] = await problemsOf(ctx)
    expect(problem).toMatchObject({
      name: 'price of mini by the month',
      message: expect.stringContaining('has no amount in jpy'),
    })
    expect(changesOf(await pushPlans(ctx, { dryRun: false }))).toEqual([
      ['update', 'price', 'tollgate_mini, 1000 usd, 900 eur, 150 jpy a month'],
      ['update', 'price', 'tollgate_mini_year, 10000 usd, 9000 eur, 1500 jpy a year'],
    ])
    const price = await priceUnder('tollgate_mini_year')
    expect(price).toMatchObject({ id, currency_options: { jpy: { unit_amount: 1_500 } } })
    expect(changesOf(await pushPlans(ctx, { dryRun: false }))).toEqual([])
  })

  test('makes a new price for another amount in any currency; customers of the old one keep it, and their plan', async () => {
    const { userId, subscription } = await buy('mini', { interval: 'year', currency: 'eur' })
    const before = await priceUnder('tollgate_mini_year')
    const ctx = withMini({ month: { usd: 1_000, eur: 900 }, year: { usd: 10_000, eur: 9_900 } })
    expect(changesOf(await pushPlans(ctx, { dryRun: false }))).toEqual([
      ['create', 'price', 'tollgate_mini_year, 10000 usd, 9900 eur a year'],
    ])
    const after = await priceUnder('tollgate_mini_year')
    expect(after?.id).not.toBe(before?.id)
    expect(after?.currency_options?.['eur']?.unit_amount).toBe(9_900)
    pass(billing, DAY_MS)
    expect(await syncBilling(ctx, { userId })).toEqual(subscription)
    expect(await getQuota(ctx, { userId })).toMatchObject([{ limit: 100, source: 'plan' }])
    await pushPlans(billing.ctx, { dryRun: false })
  })

  test('leaves a price that the environment names, and the doctor says what that lacks', async () => {
    const { id } = await billing.ctx.stripe.call((stripe) =>
      stripe.prices.create({
        product_data: { name: 'By hand' },
        currency: 'usd',
        unit_amount: 11_000,
        recurring: { interval: 'year' },
      }),
    )
    const ctx = withMini(
      { month: { usd: 1_000, eur: 900 }, year: { usd: 10_000, eur: 9_000 } },
      { mini: { year: id } },
    )
    expect(changesOf(await pushPlans(ctx, { dryRun: false }))).toEqual([])
    expect(await problemsOf(ctx)).toMatchObject([
      {
        name: 'price of mini by the year',
        message: `${id} has no amount in eur`,
        fix: expect.stringContaining(
          'Set STRIPE_PRICE_MINI_YEAR to an active price in usd, eur a year',
        ),
      },
    ])
    const userId = await addUser(ctx)
    const year = { userId, plan: 'mini', interval: 'year' } as const
    await expect(createCheckout(ctx, { ...year, currency: 'eur' })).rejects.toMatchObject({
      code: 'VALIDATION',
      issues: [{ path: 'currency' }],
    })
    await payWith(GOOD_CARD, (await createCheckout(ctx, year)).url)
    expect(await syncBilling(ctx, { userId })).toMatchObject({
      plan: 'mini',
      price: { interval: 'year', amount: 11_000 },
    })
  })
})

test('whatever a plan costs next, a push makes it so, once, and no price that there was has another amount', async () => {
  const amounts = (currencies: readonly string[]) =>
    fc
      .tuple(...currencies.map(() => fc.integer({ min: 100, max: 103 })))
      .map((each) => Object.fromEntries(currencies.map((currency, i) => [currency, each[i]])))
  const price = fc
    .subarray(['eur', 'gbp', 'jpy'])
    .map((others) => ['usd', ...others])
    .chain((currencies) =>
      fc.oneof(
        fc.record({ month: amounts(currencies) }),
        fc.record({ year: amounts(currencies) }),
        fc.record({ month: amounts(currencies), year: amounts(currencies) }),
      ),
    )
  await fc.assert(
    fc.asyncProperty(fc.array(price, { minLength: 2, maxLength: 4 }), async (prices) => {
      for (const each of prices) {
        const ctx = withMini(each)
        const before = await amountsByPrice()
        await pushPlans(ctx, { dryRun: false })
        expect(changesOf(await pushPlans(ctx, { dryRun: false }))).toEqual([])
        expect((await listPlans(ctx))[0]?.prices).toEqual(ctx.catalog.plans['mini']?.prices)
        const after = await amountsByPrice()
        for (const [key, amount] of before) expect(after.get(key)).toBe(amount)
      }
    }),
    { numRuns: 5 },
  )
  await pushPlans(billing.ctx, { dryRun: false })
})

/** What each price at Stripe costs in each of its currencies. */
async function amountsByPrice(): Promise<Map<string, number | null>> {
  const prices = await billing.ctx.stripe.call((stripe) =>
    stripe.prices
      .list({ product: 'tollgate_mini', limit: 100, expand: ['data.currency_options'] })
      .autoPagingToArray({ limit: 1_000 }),
  )
  return new Map(
    prices.flatMap(({ id, currency_options }) =>
      Object.entries(currency_options ?? {}).map(
        ([currency, option]) => [`${id} ${currency}`, option.unit_amount] as const,
      ),
    ),
  )
}

describe('a checkout', () => {
  test.each<[string, { interval?: 'month' | 'year'; currency?: string }, object]>([
    [
      'by the month in dollars, unless said',
      {},
      { interval: 'month', currency: 'usd', amount: 3_000 },
    ],
    ['by the year', { interval: 'year' }, { interval: 'year', currency: 'usd', amount: 37_777 }],
    ['in euros', { currency: 'eur' }, { interval: 'month', currency: 'eur', amount: 2_701 }],
    [
      'by the year in euros',
      { interval: 'year', currency: 'eur' },
      { interval: 'year', amount: 33_333 },
    ],
  ])('sells %s', async (_, of, price) => {
    const { userId, subscription } = await buy('max', of)
    expect(subscription).toMatchObject({ plan: 'max', price })
    const { invoices } = await stripeSide(billing.ctx, userId)
    expect(invoices[0]).toMatchObject({ total: subscription?.price.amount, status: 'paid' })
  })

  test('has one open session for a plan, interval and currency; any other takes its place', async () => {
    const userId = await addUser(billing.ctx)
    const open = (of: { interval?: 'month' | 'year'; currency?: string }) =>
      createCheckout(billing.ctx, { userId, plan: 'max', ...of })
    const ids: string[] = []
    for (const of of [{}, {}, { interval: 'year' as const }, { currency: 'eur' }, {}]) {
      ids.push((await open(of)).sessionId)
    }
    expect(ids[1]).toBe(ids[0])
    expect(new Set(ids).size).toBe(4)
    const { sessions } = await stripeSide(billing.ctx, userId)
    expect(sessions.filter(({ status }) => status === 'open').map(({ id }) => id)).toEqual([ids[4]])
  })

  test('keeps the currency that the customer paid in before, unless another is asked for', async () => {
    const { userId } = await buy('max', { currency: 'eur' })
    await cancelSubscription(billing.ctx, { userId })
    pass(billing, 32 * DAY_MS)
    expect(await syncBilling(billing.ctx, { userId })).toBeNull()
    await payWith(GOOD_CARD, (await createCheckout(billing.ctx, { userId, plan: 'mini' })).url)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({
      plan: 'mini',
      price: { currency: 'eur', amount: 900 },
    })
  })

  test.each(['gbp', 'EUR', 'toString'])(
    'refuses %s, in which the plan is not sold',
    async (currency) => {
      const userId = await addUser(billing.ctx)
      await expect(
        createCheckout(billing.ctx, { userId, plan: 'max', currency }),
      ).rejects.toMatchObject({ code: 'VALIDATION', issues: [{ path: 'currency' }] })
    },
  )
})

test('the offers say each interval and currency, at what Stripe asks for them', async () => {
  await billing.ctx.stripe.call((stripe) =>
    stripe.prices.create({
      product: 'tollgate_max',
      currency: 'usd',
      unit_amount: 38_000,
      currency_options: { eur: { unit_amount: 34_000 } },
      recurring: { interval: 'year' },
      lookup_key: 'tollgate_max_year',
      transfer_lookup_key: true,
    }),
  )
  const plans = await listPlans(billing.another())
  expect(plans.map(({ id }) => id)).toEqual(['mini', 'max', 'tried', 'monthly'])
  expect(plans[1]).toMatchObject({
    interval: 'month',
    currency: 'usd',
    unitAmount: 3_000,
    otherAmounts: { eur: 2_701 },
    prices: [
      { interval: 'month', currency: 'usd', unitAmount: 3_000 },
      { interval: 'month', currency: 'eur', unitAmount: 2_701 },
      { interval: 'year', currency: 'usd', unitAmount: 38_000 },
      { interval: 'year', currency: 'eur', unitAmount: 34_000 },
    ],
  })
})
