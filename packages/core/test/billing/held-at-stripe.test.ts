import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Interval } from '../../src/catalog/index.ts'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import {
  DAY_MS,
  GOOD_CARD,
  HOUR_MS,
  pass,
  payFrom,
  payWith,
  startBilling,
  stripeSide,
} from './billing-harness.ts'
import { catalog } from './interval-catalog.ts'

// What an operator set on a subscription and on its items at Stripe is the same after every change that we make.

let billing: BillingHarness
let addOn = ''
beforeAll(async () => {
  billing = await startBilling({ catalog })
  addOn = await stripe(async ({ prices }) => {
    const { id } = await prices.create({
      product_data: { name: 'Support' },
      currency: 'usd',
      unit_amount: 700,
      currency_options: { eur: { unit_amount: 650 } },
      recurring: { interval: 'month' },
    })
    return id
  })
})
afterAll(() => billing.close())

function stripe<T>(work: (client: Stripe) => Promise<T>): Promise<T> {
  return billing.ctx.stripe.call(work)
}

interface Start {
  plan: string
  interval: Interval
  /** With an item of another price beside the plan's, by the month. */
  withAddOn: boolean
}

/** A subscription of three seats with everything that an operator may have set. */
async function agreed({ plan, interval, withAddOn }: Start): Promise<string> {
  const userId = await addUser(billing.ctx)
  const { url } = await createCheckout(billing.ctx, { userId, plan, interval, currency: 'eur' })
  await payWith(GOOD_CARD, url)
  await syncBilling(billing.ctx, { userId })
  await payFrom(billing.ctx, userId, 'pm_card_visa')
  const { id, items } = await subscriptionOf(userId)
  const percent = async (off: number) =>
    (await stripe(({ coupons }) => coupons.create({ percent_off: off, duration: 'forever' }))).id
  const rate = async (percentage: number) => {
    const params = { display_name: 'VAT', percentage, inclusive: false }
    return (await stripe(({ taxRates }) => taxRates.create(params))).id
  }
  const item = { tax_rates: [await rate(7)], metadata: { agreed: 'yes' } }
  const own = {
    id: items.data[0]?.id ?? '',
    quantity: 3,
    ...item,
    discounts: [{ coupon: await percent(10) }],
  }
  const further = { price: addOn, quantity: 2, ...item, discounts: [{ coupon: await percent(20) }] }
  const params: Stripe.SubscriptionUpdateParams = {
    items: withAddOn ? [own, further] : [own],
    discounts: [{ coupon: await percent(5) }],
    default_tax_rates: [await rate(19)],
    description: 'As agreed',
    metadata: { contract: '2026-17' },
    proration_behavior: 'none',
  }
  await stripe(({ subscriptions }) => subscriptions.update(id, params))
  await syncBilling(billing.ctx, { userId })
  pass(billing, DAY_MS)
  return userId
}

async function subscriptionOf(userId: string): Promise<Stripe.Subscription> {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const [found] = subscriptions
  if (!found) throw new Error('no subscription')
  return found
}

/** What others set: all but the plan's price, the period and the end. */
async function heldOf(userId: string) {
  const found = await subscriptionOf(userId)
  const { discounts, default_tax_rates, description, metadata, collection_method, currency } = found
  return {
    discounts,
    taxRates: default_tax_rates?.map(({ id }) => id),
    description,
    contract: metadata['contract'],
    collection_method,
    currency,
    paymentMethod: found.default_payment_method,
    items: found.items.data.map((item) => ({
      id: item.id,
      ...(item.price.id === addOn && { price: item.price.id }),
      quantity: item.quantity,
      discounts: item.discounts,
      taxRates: item.tax_rates?.map(({ id }) => id),
      metadata: item.metadata,
    })),
  }
}

const change = (userId: string, plan: string, interval: Interval) =>
  changePlan(billing.ctx, { userId, plan, interval })

/** To just after the end of the plan's period. */
async function afterThePeriod(userId: string): Promise<void> {
  const end = (await syncBilling(billing.ctx, { userId }))?.currentPeriodEnd ?? ''
  pass(billing, Date.parse(end) - billing.clock.now().getTime() + 2 * HOUR_MS)
  await syncBilling(billing.ctx, { userId })
}

const month = { plan: 'mini', interval: 'month', withAddOn: true } as const
const year = { plan: 'mini', interval: 'year', withAddOn: false } as const

describe('everything that Stripe holds on a subscription and its items is the same', () => {
  test.each<[string, Start, (userId: string) => Promise<unknown>]>([
    ['an upgrade', month, (userId) => change(userId, 'max', 'month')],
    [
      'an upgrade by the year',
      { ...year, interval: 'month' },
      (userId) => change(userId, 'max', 'year'),
    ],
    [
      'a downgrade, once its period has come',
      { ...month, plan: 'max' },
      async (userId) => {
        await change(userId, 'mini', 'month')
        await afterThePeriod(userId)
      },
    ],
    [
      'a downgrade by the year, once its period has come',
      { ...year, plan: 'max' },
      async (userId) => {
        await change(userId, 'mini', 'year')
        await afterThePeriod(userId)
      },
    ],
    [
      'a change from the year to the month, once its period has come',
      year,
      async (userId) => {
        await change(userId, 'max', 'month')
        await afterThePeriod(userId)
      },
    ],
    [
      'a downgrade that another one replaces',
      { ...month, plan: 'max' },
      async (userId) => {
        await change(userId, 'mini', 'month')
        await change(userId, 'monthly', 'month')
        await afterThePeriod(userId)
      },
    ],
    [
      'a downgrade that is taken back',
      { ...month, plan: 'max' },
      async (userId) => {
        await change(userId, 'mini', 'month')
        await resumeSubscription(billing.ctx, { userId })
      },
    ],
    [
      'a cancellation that is taken back',
      month,
      async (userId) => {
        await cancelSubscription(billing.ctx, { userId })
        await resumeSubscription(billing.ctx, { userId })
      },
    ],
  ])('after %s', async (_, start, act) => {
    const userId = await agreed(start)
    const before = await heldOf(userId)
    expect(before.items).toHaveLength(start.withAddOn ? 2 : 1)
    const plan = (await subscriptionOf(userId)).items.data[0]?.price.id
    await act(userId)
    expect(await heldOf(userId)).toEqual(before)
    const isUndone = /taken back/.test(_)
    expect((await subscriptionOf(userId)).items.data[0]?.price.id === plan).toBe(isUndone)
  })
})
