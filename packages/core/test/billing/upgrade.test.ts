import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  changePlan,
  getSubscription,
  listInvoices,
  previewChange,
  syncBilling,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import {
  authenticate,
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

const change = (plan: PlanId, prorationDate?: string, ctx = billing.ctx) =>
  changePlan(ctx, { userId, plan, prorationDate })
const preview = (plan: PlanId) => previewChange(billing.ctx, { userId, plan })
const subscription = () => getSubscription(billing.ctx, { userId })

/** Totals and states of the invoices, newest first: what our rows say. */
async function bills() {
  const { items } = await listInvoices(billing.ctx, { userId })
  return items.map(({ total, status }) => [total, status])
}

/** What Stripe itself has of the one subscription. */
async function atStripe() {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  expect(subscriptions).toHaveLength(1)
  return subscriptions[0]
}

/** Some minutes after a checkout, so that what comes is newer. */
async function onBasic() {
  const bought = await subscribe(billing, { userId, plan: 'basic' })
  pass(billing, 5 * 60_000)
  return bought
}

const BASIC_PAID = [1_900, 'paid']

describe('an upgrade', () => {
  test('costs what was previewed, to the cent, and gives its quota', async () => {
    const before = await onBasic()
    pass(billing, 10 * DAY_MS + 12_345_000)
    const quote = await preview('pro')
    expect(quote).toMatchObject({
      currency: 'usd',
      nextAmount: 4_900,
      nextAt: before.currentPeriodEnd,
      effectiveAt: billing.clock.now().toISOString(),
      lines: [{ amount: expect.any(Number) }, { amount: expect.any(Number) }],
    })
    expect(quote.lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(quote.dueNow)
    expect(await bills()).toEqual([BASIC_PAID])

    pass(billing, 50 * 60_000)
    expect((await preview('pro')).dueNow).not.toBe(quote.dueNow)
    const { subscription: after, actionUrl } = await change('pro', quote.prorationDate)
    expect(actionUrl).toBeNull()
    expect(after).toMatchObject({
      id: before.id,
      plan: 'pro',
      status: 'active',
      pendingPlan: null,
      currentPeriodEnd: before.currentPeriodEnd,
    })
    expect(await bills()).toEqual([[quote.dueNow, 'paid'], BASIC_PAID])
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ limit: 1_000_000, refusal: null })
  })

  test('takes no instant of the caller’s choice: to come, an hour old, or of another period', async () => {
    await onBasic()
    pass(billing, 2 * HOUR_MS)
    const now = billing.clock.now().getTime()
    for (const ms of [now + 60_000, now + 20 * DAY_MS, now - HOUR_MS - 1_000, now - 2 * DAY_MS]) {
      await expect(change('pro', new Date(ms).toISOString())).rejects.toMatchObject({
        code: 'VALIDATION',
        issues: [{ path: 'prorationDate' }],
      })
    }
    await expect(change('pro', 'soon')).rejects.toMatchObject({ code: 'VALIDATION' })
    expect(await bills()).toEqual([BASIC_PAID])
    expect(await subscription()).toMatchObject({ plan: 'basic' })
  })

  test.each([
    ['the card is declined', 'pm_card_chargeCustomerFail'],
    ['there is no card', null],
  ])('changes nothing, here or at Stripe, where %s', async (_, card) => {
    await onBasic()
    if (card === null) await detachCards()
    else await payFrom(billing.ctx, userId, card)
    const before = await subscription()
    const quota = await rightTo(billing.ctx, userId)
    await expect(change('pro')).rejects.toMatchObject({
      code: 'STRIPE_REJECTED',
      message: expect.stringContaining('declined'),
    })
    expect(await subscription()).toEqual(before)
    expect(await rightTo(billing.ctx, userId)).toEqual(quota)
    expect(await atStripe()).toMatchObject({
      status: 'active',
      pending_update: null,
      items: { data: [{ price: { lookup_key: 'tollgate_basic' } }] },
    })
    expect((await bills()).map(([, status]) => status)).toEqual(['void', 'paid'])

    pass(billing, 60_000)
    await payFrom(billing.ctx, userId, 'pm_card_visa')
    expect((await change('pro')).subscription).toMatchObject({ plan: 'pro' })
    expect((await bills()).map(([, status]) => status)).toEqual(['paid', 'void', 'paid'])
  })

  test('is made once by two tabs and two processes at once, and paid once', async () => {
    await onBasic()
    const { prorationDate, dueNow } = await preview('pro')
    const other = billing.another()
    const answers = await Promise.all([
      change('pro', prorationDate),
      change('pro', prorationDate, other),
      change('pro'),
      change('pro', undefined, other),
    ])
    for (const answer of answers) {
      expect(answer).toMatchObject({ subscription: { plan: 'pro' }, actionUrl: null })
    }
    expect(await bills()).toEqual([[dueNow, 'paid'], BASIC_PAID])
  })

  test('is found done by a repeat after a lost answer', async () => {
    await onBasic()
    const { prorationDate, dueNow } = await preview('pro')
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && path.startsWith('/v1/subscriptions/')
        ? { kind: 'cut', when: 'after' }
        : null
    await expect(change('pro', prorationDate)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
    expect((await change('pro', prorationDate)).subscription).toMatchObject({ plan: 'pro' })
    expect((await change('pro', prorationDate)).subscription).toMatchObject({ plan: 'pro' })
    expect(await bills()).toEqual([[dueNow, 'paid'], BASIC_PAID])
    await expect(change('pro')).rejects.toMatchObject({ code: 'VALIDATION' })
  })
})

describe('an upgrade with 3-D Secure', () => {
  beforeEach(async () => {
    await onBasic()
    await payFrom(billing.ctx, userId, 'pm_card_authenticationRequired')
  })

  async function begin(plan: PlanId = 'pro'): Promise<string> {
    const { subscription: unchanged, actionUrl } = await change(plan)
    expect(unchanged).toMatchObject({ plan: 'basic', status: 'active' })
    expect(actionUrl).toMatch(/^http/)
    return actionUrl ?? ''
  }

  test('changes the plan once the payer has authenticated, and nothing before', async () => {
    const { dueNow } = await preview('pro')
    const url = await begin()
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ limit: 100_000 })
    expect(await bills()).toEqual([[dueNow, 'open'], BASIC_PAID])
    await authenticate(url, 'complete')
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({
      plan: 'pro',
      status: 'active',
    })
    expect(await rightTo(billing.ctx, userId)).toMatchObject({ limit: 1_000_000 })
    expect(await bills()).toEqual([[dueNow, 'paid'], BASIC_PAID])
  })

  test('asked for again, leads to the same page, and is paid once', async () => {
    const url = await begin()
    expect(await begin()).toBe(url)
    await authenticate(url, 'fail')
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({ plan: 'basic' })
    expect((await bills()).length).toBe(2)
  })

  test('changes nothing where the payer never authenticates', async () => {
    await begin()
    pass(billing, 23 * HOUR_MS + 60_000)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({
      plan: 'basic',
      status: 'active',
    })
    expect(await atStripe()).toMatchObject({ pending_update: null })
    expect((await bills()).map(([, status]) => status)).toEqual(['void', 'paid'])
  })

  test('is replaced by another change: what is not wanted any more can’t be paid', async () => {
    const first = await begin('pro')
    pass(billing, 60_000)
    const second = await begin('enterprise')
    expect(second).not.toBe(first)
    expect((await bills()).map(([, status]) => status)).toEqual(['open', 'void', 'paid'])
    await authenticate(second, 'complete')
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({ plan: 'enterprise' })
  })
})

async function detachCards(): Promise<void> {
  const { customer } = await stripeSide(billing.ctx, userId)
  await billing.ctx.stripe.call(async (stripe) => {
    const { data } = await stripe.paymentMethods.list({ customer })
    for (const { id } of data) await stripe.paymentMethods.detach(id)
  })
}
