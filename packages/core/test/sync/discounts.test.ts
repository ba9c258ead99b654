import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCheckout, getOverview, reconcile, syncBilling } from '../../src/index.ts'
import type { Discount } from '../../src/sync/pricing/discounts.ts'
import { netAmounts } from '../../src/sync/pricing/net-amounts.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { DAY_MS, GOOD_CARD, payWith, startBilling, stripeSide } from '../billing/billing-harness.ts'
import { catalog } from '../billing/interval-catalog.ts'
import { addUser } from '../harness.ts'
import { startFailingStripe } from '../stripe/failing-stripe.ts'
import { startCoreWith } from '../stripe/stripe-harness.ts'

describe('what a period costs after discounts', () => {
  const priced = { amount: 10_000, currency: 'eur', productId: 'prod_1' }
  const discount = (coupon: object, end: number | null = null): Discount =>
    JSON.parse(
      JSON.stringify({
        coupon: { percent_off: null, amount_off: null, duration: 'forever', ...coupon },
        end,
      }),
    )
  const forever = (amount: number) => [{ until: null, amount }]

  test.each<[string, object, ReturnType<typeof netAmounts>]>([
    ['a share', { percent_off: 12.5 }, forever(8_750)],
    ['an amount', { amount_off: 1_000, currency: 'eur' }, forever(9_000)],
    ['more than there is', { amount_off: 99_999, currency: 'eur' }, forever(0)],
    [
      'an amount that the coupon has in several currencies',
      { amount_off: 1_100, currency: 'usd', currency_options: { eur: { amount_off: 1_000 } } },
      forever(9_000),
    ],
    ['nothing: in another currency', { amount_off: 1_000, currency: 'usd' }, forever(10_000)],
    ['nothing: once', { percent_off: 50, duration: 'once' }, null],
    [
      'nothing: on another product',
      { percent_off: 50, applies_to: { products: ['prod_2'] } },
      null,
    ],
    [
      'a share of this product',
      { percent_off: 50, applies_to: { products: ['prod_1'] } },
      forever(5_000),
    ],
  ])('is less %s', (_, coupon, net) => {
    expect(netAmounts(priced, [discount(coupon)])).toEqual(net)
  })

  test('changes when one that repeats ends; each takes off from what those before it left', () => {
    const repeating = { percent_off: 50, duration: 'repeating' }
    const all = [
      discount({ amount_off: 1_000, currency: 'eur' }),
      discount(repeating, 2_000),
      discount({ percent_off: 10, duration: 'repeating' }, 1_000),
    ]
    expect(netAmounts(priced, all)).toEqual([
      { until: new Date(1_000_000).toISOString(), amount: 4_050 },
      { until: new Date(2_000_000).toISOString(), amount: 4_500 },
      { until: null, amount: 9_000 },
    ])
  })

  test('is never below zero or above the price, and a whole number', () => {
    const coupon = fc.oneof(
      fc.record({ percent_off: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
      fc.record({ amount_off: fc.nat(), currency: fc.constantFrom('eur', 'usd') }),
    )
    const one = fc.tuple(coupon, fc.option(fc.integer({ min: 1, max: 5 })))
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(one, { maxLength: 5 }), (amount, given) => {
        const all = given.map(([each, end]) => discount(each, end))
        for (const net of netAmounts({ ...priced, amount }, all) ?? []) {
          expect(Number.isSafeInteger(net.amount)).toBe(true)
          expect(net.amount >= 0 && net.amount <= amount).toBe(true)
        }
      }),
    )
  })
})

describe('monthly revenue', () => {
  let billing: BillingHarness
  beforeAll(async () => {
    billing = await startBilling({ catalog })
  })
  afterAll(() => billing.close())

  const stripe = <T>(work: (client: Stripe) => Promise<T>) => billing.ctx.stripe.call(work)
  const revenue = async () =>
    Object.fromEntries(
      (await getOverview(billing.ctx)).monthlyRevenue.map((each) => [each.currency, each.amount]),
    )

  test('is by currency, by interval, for all seats, less the discounts that last', async () => {
    const yearly = await addUser(billing.ctx)
    const bought = { userId: yearly, plan: 'mini', interval: 'year', currency: 'eur' } as const
    await payWith(GOOD_CARD, (await createCheckout(billing.ctx, bought)).url)
    const monthly = await addUser(billing.ctx)
    const plan = { userId: monthly, plan: 'max' }
    await payWith(GOOD_CARD, (await createCheckout(billing.ctx, plan)).url)
    for (const userId of [yearly, monthly]) await syncBilling(billing.ctx, { userId })
    expect(await revenue()).toEqual({ eur: 750, usd: 3_000 })

    const { subscriptions } = await stripeSide(billing.ctx, yearly)
    const [item] = subscriptions[0]?.items.data ?? []
    await stripe(async (client) => {
      const tenth = await client.coupons.create({ percent_off: 10, duration: 'forever' })
      const fixed = await client.coupons.create({
        amount_off: 2_400,
        currency: 'usd',
        currency_options: { eur: { amount_off: 1_200 } },
        duration: 'repeating',
        duration_in_months: 2,
      })
      const once = await client.coupons.create({ percent_off: 50, duration: 'once' })
      await client.subscriptions.update(subscriptions[0]?.id ?? '', {
        items: [{ id: item?.id ?? '', quantity: 2, discounts: [{ coupon: tenth.id }] }],
        discounts: [{ coupon: fixed.id }, { coupon: once.id }],
        proration_behavior: 'none',
      })
    })
    await syncBilling(billing.ctx, { userId: yearly })
    // 2 × 9 000, less 10 %, less 1 200, a twelfth of it.
    expect(await revenue()).toEqual({ eur: 1_250, usd: 3_000 })
    const { counts, drift } = await reconcile(billing.ctx, { dryRun: true })
    expect({ drift, counts: counts.filter(({ found }) => found > 0) }).toEqual({
      drift: [],
      counts: [],
    })
    billing.clock.advance(63 * DAY_MS)
    expect(await revenue()).toEqual({ eur: 1_350, usd: 3_000 })
  })

  test('is counted without discounts where Stripe does not let the key read them', async () => {
    const failing = await startFailingStripe(billing.stripe.url)
    const core = await startCoreWith(failing.apiBase, billing.clock, catalog)
    failing.denied.add('coupons.retrieve')
    const userId = await addUser(core.ctx)
    const { url } = await createCheckout(core.ctx, { userId, plan: 'monthly', currency: 'eur' })
    await payWith(GOOD_CARD, url)
    const { subscriptions } = await stripeSide(core.ctx, userId)
    const half = await stripe((client) =>
      client.coupons.create({ percent_off: 50, duration: 'forever' }),
    )
    await stripe((client) =>
      client.subscriptions.update(subscriptions[0]?.id ?? '', { discounts: [{ coupon: half.id }] }),
    )
    expect(await syncBilling(core.ctx, { userId })).toMatchObject({ plan: 'monthly' })
    expect((await getOverview(core.ctx)).monthlyRevenue).toEqual([{ currency: 'eur', amount: 450 }])
    await core.close()
    await failing.close()
  })
})
