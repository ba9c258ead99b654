import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  createPortalSession,
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

const change = async (plan: PlanId) =>
  (await changePlan(billing.ctx, { userId, plan })).subscription
const preview = (plan: PlanId) => previewChange(billing.ctx, { userId, plan })
const cancel = () => cancelSubscription(billing.ctx, { userId })
const resume = () => resumeSubscription(billing.ctx, { userId })
const sync = () => syncBilling(billing.ctx, { userId })

async function idAtStripe(): Promise<string> {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  return subscriptions[0]?.id ?? ''
}

describe('cancelling', () => {
  test('keeps the quota until the period ends, and the subscription ends then', async () => {
    const { currentPeriodEnd } = await subscribe(billing, { userId })
    expect(await cancel()).toMatchObject({ status: 'active', cancelAt: currentPeriodEnd })
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ limit: 1_000_000, refusal: null })
    pass(billing, 31 * DAY_MS)
    expect(await sync()).toBeNull()
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ refusal: 'no_subscription' })
    expect((await stripeSide(billing.ctx, userId)).invoices).toHaveLength(1)
  })

  test('again, and from two processes at once, gives the same answer', async () => {
    await subscribe(billing, { userId })
    const other = billing.another()
    const [first, second] = await Promise.all([cancel(), cancelSubscription(other, { userId })])
    expect(second).toEqual(first)
    expect(await cancel()).toEqual(first)
  })

  test('gives up an upgrade that waits for 3-D Secure', async () => {
    await subscribe(billing, { userId, plan: 'basic' })
    await payFrom(billing.ctx, userId, 'pm_card_authenticationRequired')
    await change('pro')
    expect(await cancel()).toMatchObject({ plan: 'basic', cancelAt: expect.any(String) })
    const { subscriptions, invoices } = await stripeSide(billing.ctx, userId)
    expect(subscriptions[0]).toMatchObject({ pending_update: null })
    expect(invoices.map(({ status }) => status).toSorted()).toEqual(['paid', 'void'])
  })
})

describe('resuming', () => {
  test('undoes it: the subscription renews', async () => {
    await subscribe(billing, { userId })
    await cancel()
    const resumed = await resume()
    expect(resumed).toMatchObject({ status: 'active', cancelAt: null })
    expect(await resume()).toEqual(resumed)
    pass(billing, 31 * DAY_MS + HOUR_MS)
    expect(await sync()).toMatchObject({ status: 'active', plan: 'pro' })
  })

  test('undoes what was cancelled in Stripe’s portal, which sets the date without the flag', async () => {
    const { currentPeriodEnd, id } = await subscribe(billing, { userId })
    const { url } = await createPortalSession(billing.ctx, { userId })
    await fetch(`${url}/cancel?subscription=${id}`, { method: 'POST', redirect: 'manual' })
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    expect(subscriptions[0]).toMatchObject({
      cancel_at: expect.any(Number),
      cancel_at_period_end: false,
    })
    expect(await sync()).toMatchObject({ cancelAt: currentPeriodEnd })
    expect(await resume()).toMatchObject({ cancelAt: null })
    expect((await stripeSide(billing.ctx, userId)).subscriptions[0]).toMatchObject({
      cancel_at: null,
    })
  })

  test('with nothing to undo changes nothing', async () => {
    const subscription = await subscribe(billing, { userId })
    expect(await resume()).toEqual(subscription)
  })
})

/** How calls that are made at once were refused. */
async function refusals(calls: Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(calls)
  return results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'))
}

describe('a change is refused', () => {
  const both = (plan: PlanId) => [preview(plan), change(plan)]

  test('to the plan there is', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    const refused = {
      code: 'VALIDATION',
      issues: [{ path: 'plan', message: 'the subscription is on Pro already' }],
    }
    await expect(preview('pro')).rejects.toMatchObject(refused)
    await expect(change('pro')).rejects.toMatchObject(refused)
  })

  test('without a subscription, and once it has ended', async () => {
    const nothing = Array(4).fill('NO_SUBSCRIPTION')
    expect(await refusals([...both('pro'), cancel(), resume()])).toEqual(nothing)
    await createCheckout(billing.ctx, { userId, plan: 'pro' })
    expect(await refusals([...both('pro'), cancel(), resume()])).toEqual(nothing)
    await subscribe(billing, { userId })
    const id = await idAtStripe()
    await billing.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(id))
    expect(await refusals([...both('basic'), cancel(), resume()])).toEqual(nothing)
  })

  test('for a plan or a user that there is not', async () => {
    const plan: PlanId = JSON.parse('"gold"')
    expect(await refusals(both(plan))).toEqual(['UNKNOWN_PLAN', 'UNKNOWN_PLAN'])
    userId = 'nobody'
    const calls = [...both('pro'), cancel(), resume()]
    expect(await refusals(calls)).toEqual(calls.map(() => 'USER_NOT_FOUND'))
  })

  test('of what was cancelled, until it is resumed', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    await cancel()
    const calls = [...both('enterprise'), ...both('basic')]
    expect(await refusals(calls)).toEqual(calls.map(() => 'VALIDATION'))
    await resume()
    expect(await change('enterprise')).toMatchObject({ plan: 'enterprise' })
  })

  test('for more, while an invoice is not paid; for less, it is not', async () => {
    await subscribe(billing, { userId, plan: 'pro' })
    await payFrom(billing.ctx, userId, 'pm_card_chargeCustomerFail')
    pass(billing, 31 * DAY_MS + HOUR_MS)
    expect(await sync()).toMatchObject({ status: 'past_due' })
    expect(await refusals(both('enterprise'))).toEqual(['STRIPE_REJECTED', 'STRIPE_REJECTED'])
    expect(await change('basic')).toMatchObject({ status: 'past_due', pendingPlan: 'basic' })
    expect(await cancel()).toMatchObject({ status: 'past_due', cancelAt: expect.any(String) })
    expect(await resume()).toMatchObject({ cancelAt: null })
  })

  test('and a cancellation, while the first payment is still open', async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    const { customer } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call(async (stripe) => {
      const { id } = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer })
      const { data } = await stripe.prices.list({ lookup_keys: ['tollgate_pro'] })
      const items = [{ price: data[0]?.id ?? '' }]
      await stripe.subscriptions.create({ customer, items, default_payment_method: id })
    })
    expect(await sync()).toMatchObject({ status: 'incomplete' })
    const calls = [...both('enterprise'), ...both('basic'), cancel()]
    expect(await refusals(calls)).toEqual(calls.map(() => 'STRIPE_REJECTED'))
  })
})
