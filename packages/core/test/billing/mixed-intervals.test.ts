import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  previewChange,
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
  payWith,
  startBilling,
  stripeSide,
} from './billing-harness.ts'
import { catalog } from './interval-catalog.ts'

// A plan by the year, with a further item by the month: the period is that of the plan's item in everything.

let billing: BillingHarness
let userId: string
let end = ''
beforeAll(async () => {
  billing = await startBilling({ catalog })
})
afterAll(() => billing.close())

function stripe<T>(work: (client: Stripe) => Promise<T>): Promise<T> {
  return billing.ctx.stripe.call(work)
}

async function subscription(): Promise<Stripe.Subscription> {
  const [found] = (await stripeSide(billing.ctx, userId)).subscriptions
  if (!found) throw new Error('no subscription')
  return found
}

const seconds = (instant: string) => Date.parse(instant) / 1_000
const sync = () => syncBilling(billing.ctx, { userId })

beforeEach(async () => {
  userId = await addUser(billing.ctx)
  const year = { userId, plan: 'max', interval: 'year' } as const
  await payWith(GOOD_CARD, (await createCheckout(billing.ctx, year)).url)
  await sync()
  const { id } = await subscription()
  await stripe(async ({ prices, subscriptionItems }) => {
    const price = await prices.create({
      product_data: { name: 'Support' },
      currency: 'usd',
      unit_amount: 700,
      recurring: { interval: 'month' },
    })
    await subscriptionItems.create({ subscription: id, price: price.id })
  })
  pass(billing, 40 * DAY_MS)
  end = (await sync())?.currentPeriodEnd ?? ''
})

test('the period is the year of the plan', async () => {
  expect(await sync()).toMatchObject({ plan: 'max', price: { interval: 'year', amount: 37_777 } })
  const { items } = await subscription()
  const ends = items.data.map((item) => item.current_period_end)
  expect(ends).toHaveLength(2)
  expect(seconds(end)).toBe(Math.max(...ends))
  expect(Math.min(...ends)).toBeLessThan(seconds(end))
})

describe('a cancellation', () => {
  test('ends it with the year, not with the month that ends first; and can be taken back', async () => {
    expect(await cancelSubscription(billing.ctx, { userId })).toMatchObject({ cancelAt: end })
    expect(await subscription()).toMatchObject({ cancel_at: seconds(end), status: 'active' })
    expect(await cancelSubscription(billing.ctx, { userId })).toMatchObject({ cancelAt: end })
    pass(billing, 60 * DAY_MS)
    expect(await sync()).toMatchObject({ status: 'active', cancelAt: end })
    expect(await resumeSubscription(billing.ctx, { userId })).toMatchObject({ cancelAt: null })
    expect(await subscription()).toMatchObject({ cancel_at: null })
  })
})

describe('a downgrade', () => {
  test('waits for the end of the year, and takes the further item along', async () => {
    const to = { userId, plan: 'mini', interval: 'month' } as const
    expect(await previewChange(billing.ctx, to)).toMatchObject({ dueNow: 0, nextAt: end })
    const { subscription: scheduled } = await changePlan(billing.ctx, to)
    expect(scheduled).toMatchObject({ plan: 'max', pendingPlan: 'mini', pendingAt: end })
    pass(billing, Date.parse(end) - billing.clock.now().getTime() + 2 * HOUR_MS)
    expect(await sync()).toMatchObject({ plan: 'mini', pendingPlan: null, status: 'active' })
    const { items } = await subscription()
    expect(items.data.map(({ price }) => price.unit_amount).toSorted()).toEqual([1_000, 700])
  })
})
