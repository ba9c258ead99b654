import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  getSubscription,
  listInvoices,
  previewChange,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import {
  DAY_MS,
  HOUR_MS,
  pass,
  payFrom,
  rightTo,
  startBilling,
  stripeSide,
  subscribe,
} from './billing-harness.ts'

let billing: BillingHarness
let userId: string

beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
})
afterEach(() => {
  billing.stripe.faults.onRequest = undefined
})

const change = async (plan: PlanId) =>
  (await changePlan(billing.ctx, { userId, plan })).subscription
const preview = (plan: PlanId) => previewChange(billing.ctx, { userId, plan })
const sync = () => syncBilling(billing.ctx, { userId })

async function totals() {
  const { items } = await listInvoices(billing.ctx, { userId })
  return items.filter(({ status }) => status === 'paid').map(({ total }) => total)
}

/** On Pro, and to be on Basic when the period ends. */
async function goingToBasic() {
  const bought = await subscribe(billing, { userId, plan: 'pro' })
  pass(billing, 10 * DAY_MS)
  return { end: bought.currentPeriodEnd, scheduled: await change('basic') }
}

/** To just after the end of the period, and the hour that the renewal's invoice is a draft. */
async function afterThePeriod() {
  pass(billing, 21 * DAY_MS + HOUR_MS)
  return sync()
}

async function schedulesOf() {
  const { customer } = await stripeSide(billing.ctx, userId)
  return billing.ctx.stripe.call(async (stripe) => {
    const { data } = await stripe.subscriptionSchedules.list({ customer })
    return data.map(({ status }) => status)
  })
}

describe('a downgrade', () => {
  test('waits for the end of the period: nothing is due, and nothing is lost until then', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    const quote = await preview('basic')
    pass(billing, 10 * DAY_MS)
    const scheduled = await change('basic')
    const end = scheduled.currentPeriodEnd
    expect(quote).toMatchObject({ dueNow: 0, nextAmount: 1_900, nextAt: end, effectiveAt: end })
    expect(scheduled).toMatchObject({ plan: 'pro', pendingPlan: 'basic', pendingAt: end })
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ limit: 1_000_000, refusal: null })
    expect(await totals()).toEqual([4_900])

    expect(await afterThePeriod()).toMatchObject({
      plan: 'basic',
      status: 'active',
      pendingPlan: null,
      pendingAt: null,
    })
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ limit: 100_000 })
    expect(await totals()).toEqual([1_900, 4_900])
  })

  test('asked for again, is the same one', async () => {
    const { scheduled } = await goingToBasic()
    expect(await change('basic')).toEqual(scheduled)
    expect(await schedulesOf()).toEqual(['active'])
  })

  test('left half made by a lost answer, is completed', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && path === '/v1/subscription_schedules'
        ? { kind: 'cut', when: 'after' }
        : null
    await expect(change('basic')).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
    expect(await sync()).toMatchObject({ plan: 'pro', pendingPlan: null })
    expect(await change('basic')).toMatchObject({ pendingPlan: 'basic' })
    expect(await schedulesOf()).toEqual(['active'])
  })

  test('to another plan takes the place of the one before', async () => {
    await subscribe(billing, { userId, plan: 'enterprise' })
    expect(await change('pro')).toMatchObject({ pendingPlan: 'pro' })
    expect(await change('basic')).toMatchObject({ plan: 'enterprise', pendingPlan: 'basic' })
    expect(await schedulesOf()).toEqual(['active'])
  })

  test('made in Stripe’s dashboard is seen as well', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    const [item] = subscriptions[0]?.items.data ?? []
    const end = item?.current_period_end ?? 0
    await billing.ctx.stripe.call(async (stripe) => {
      const price = await stripe.prices.create({
        currency: 'usd',
        unit_amount: 1_500,
        recurring: { interval: 'month' },
        product_data: { name: 'Basic, as it was' },
        metadata: { tollgate_plan: 'basic' },
      })
      const { id } = await stripe.subscriptionSchedules.create({
        from_subscription: subscriptions[0]?.id ?? '',
      })
      const start = item?.current_period_start ?? 0
      await stripe.subscriptionSchedules.update(id, {
        phases: [
          { items: [{ price: item?.price.id ?? '' }], start_date: start, end_date: end },
          { items: [{ price: price.id }], duration: { interval: 'month', interval_count: 1 } },
        ],
      })
    })
    expect(await sync()).toMatchObject({
      pendingPlan: 'basic',
      pendingAt: new Date(end * 1_000).toISOString(),
    })
  })
})

describe('a downgrade to come', () => {
  test('cancelled: the subscription ends instead', async () => {
    const { end } = await goingToBasic()
    expect(await cancelSubscription(billing.ctx, { userId })).toMatchObject({
      plan: 'pro',
      cancelAt: end,
      pendingPlan: null,
      pendingAt: null,
    })
    expect(await schedulesOf()).toEqual(['released'])
    expect(await afterThePeriod()).toBeNull()
    expect(await totals()).toEqual([4_900])
  })

  test('resumed: the subscription stays as it is', async () => {
    await goingToBasic()
    expect(await resumeSubscription(billing.ctx, { userId })).toMatchObject({
      plan: 'pro',
      cancelAt: null,
      pendingPlan: null,
    })
    expect(await afterThePeriod()).toMatchObject({ plan: 'pro' })
    expect(await totals()).toEqual([4_900, 4_900])
  })

  test('upgraded: now, at the price previewed, and nothing is to come any more', async () => {
    await goingToBasic()
    const { dueNow, prorationDate } = await preview('enterprise')
    pass(billing, 60_000)
    const { subscription } = await changePlan(billing.ctx, {
      userId,
      plan: 'enterprise',
      prorationDate,
    })
    expect(subscription).toMatchObject({ plan: 'enterprise', pendingPlan: null })
    expect(await totals()).toEqual([dueNow, 4_900])
    expect(dueNow).toBeGreaterThan(0)
    expect(await afterThePeriod()).toMatchObject({ plan: 'enterprise' })
  })

  test('upgraded, and declined: it is to come as before', async () => {
    const { scheduled } = await goingToBasic()
    await payFrom(billing.ctx, userId, 'pm_card_chargeCustomerFail')
    await expect(change('enterprise')).rejects.toMatchObject({ code: 'STRIPE_REJECTED' })
    expect(await getSubscription(billing.ctx, { userId })).toEqual(scheduled)
    await payFrom(billing.ctx, userId, 'pm_card_visa')
    expect(await afterThePeriod()).toMatchObject({ plan: 'basic' })
    expect(await totals()).toEqual([1_900, 4_900])
  })

  test('has come: the next changes are as free as any', async () => {
    await goingToBasic()
    await afterThePeriod()
    expect(await change('pro')).toMatchObject({ plan: 'pro', pendingPlan: null })
    expect(await change('basic')).toMatchObject({ plan: 'pro', pendingPlan: 'basic' })
    expect(await resumeSubscription(billing.ctx, { userId })).toMatchObject({ pendingPlan: null })
  })
})
