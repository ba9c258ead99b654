import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCheckout, getSubscription, syncBilling } from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { DECLINED_CARD, GOOD_CARD, payWith, startBilling, stripeSide } from './billing-harness.ts'

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

const checkout = (plan: PlanId, ctx = billing.ctx) => createCheckout(ctx, { userId, plan })
const sessionsOf = async (status: string) =>
  (await stripeSide(billing.ctx, userId)).sessions.filter((session) => session.status === status)

describe('a first checkout', () => {
  test('makes and binds the customer first, and says on everything whose it is', async () => {
    const { sessionId, url } = await checkout('pro')
    const { customer, customers, sessions } = await stripeSide(billing.ctx, userId)
    expect(customers.find(({ id }) => id === customer)?.metadata).toEqual({ userId })
    expect(sessions).toMatchObject([
      {
        id: sessionId,
        url,
        customer,
        mode: 'subscription',
        status: 'open',
        metadata: { userId, plan: 'pro' },
        success_url:
          'http://127.0.0.1:3000/billing?checkout=success&session_id={CHECKOUT_SESSION_ID}',
        cancel_url: 'http://127.0.0.1:3000/billing?checkout=canceled',
      },
    ])
    await payWith(GOOD_CARD, url)
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    expect(subscriptions[0]?.metadata).toMatchObject({ userId })
  })

  test('sends the payer to the given addresses', async () => {
    const page = 'http://127.0.0.1:3000/elsewhere'
    const { url } = await createCheckout(billing.ctx, {
      userId,
      plan: 'basic',
      successUrl: `${page}?paid={CHECKOUT_SESSION_ID}`,
      cancelUrl: page,
    })
    expect((await payWith(GOOD_CARD, url)).location).toMatch(/elsewhere\?paid=cs_test_/)
  })

  test('is refused for a plan or a user that there is not', async () => {
    const plan: PlanId = JSON.parse('"gold"')
    await expect(checkout(plan)).rejects.toMatchObject({ code: 'UNKNOWN_PLAN' })
    await expect(
      createCheckout(billing.ctx, { userId: 'nobody', plan: 'pro' }),
    ).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  })
})

describe('one open session', () => {
  test('however often and from wherever it is asked for at once', async () => {
    const other = billing.another()
    const answers = await Promise.all([
      checkout('pro'),
      checkout('pro', other),
      checkout('pro'),
      checkout('pro', other),
    ])
    expect(new Set(answers.map(({ sessionId }) => sessionId)).size).toBe(1)
    const { sessions, customers, customer } = await stripeSide(billing.ctx, userId)
    expect(sessions).toHaveLength(1)
    const mine = customers.filter(({ metadata }) => metadata['userId'] === userId)
    expect(mine.map(({ id }) => id)).toEqual([customer])
  })

  test('also when two tabs ask for different plans at once', async () => {
    const asked = await Promise.all([checkout('basic'), checkout('pro', billing.another())])
    const open = await sessionsOf('open')
    expect(open).toHaveLength(1)
    expect(asked.map(({ sessionId }) => sessionId)).toContain(open[0]?.id)
    expect(await sessionsOf('expired')).toHaveLength(1)
  })

  test('another plan expires it first', async () => {
    const basic = await checkout('basic')
    const pro = await checkout('pro')
    expect((await sessionsOf('expired')).map(({ id }) => id)).toEqual([basic.sessionId])
    expect((await sessionsOf('open')).map(({ id }) => id)).toEqual([pro.sessionId])
    expect((await payWith(GOOD_CARD, basic.url)).location).toBeNull()
    expect((await stripeSide(billing.ctx, userId)).subscriptions).toEqual([])
  })

  test('a new one, once the old one has expired by itself', async () => {
    const first = await checkout('pro')
    billing.stripe.clock.advanceBy(25 * 3_600_000)
    const second = await checkout('pro')
    expect(second.sessionId).not.toBe(first.sessionId)
    expect(await sessionsOf('open')).toHaveLength(1)
  })

  test('one, though the process dies after Stripe made it', async () => {
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && path === '/v1/checkout/sessions' ? { kind: 'cut', when: 'after' } : null
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
    const { sessionId } = await checkout('pro')
    expect((await stripeSide(billing.ctx, userId)).sessions.map(({ id }) => id)).toEqual([
      sessionId,
    ])
  })

  test('one customer, though the process dies after Stripe made it', async () => {
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && path === '/v1/customers' ? { kind: 'cut', when: 'after' } : null
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    billing.stripe.faults.onRequest = undefined
    await checkout('pro')
    const { customers } = await stripeSide(billing.ctx, userId)
    expect(customers.filter(({ metadata }) => metadata['userId'] === userId)).toHaveLength(1)
  })

  test('a lost answer is asked for again under the same key: one session', async () => {
    let cuts = 0
    billing.stripe.faults.onRequest = ({ method, path }) =>
      method === 'POST' && path === '/v1/checkout/sessions' && cuts++ === 0
        ? { kind: 'cut', when: 'after' }
        : null
    const { sessionId } = await checkout('pro')
    expect(cuts).toBe(2)
    expect((await stripeSide(billing.ctx, userId)).sessions.map(({ id }) => id)).toEqual([
      sessionId,
    ])
  })
})

describe('who has a subscription', () => {
  test('gets no second one, though no webhook ever came', async () => {
    const { url } = await checkout('pro')
    await payWith(GOOD_CARD, url)
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
    await expect(checkout('basic')).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
    expect(await sessionsOf('open')).toEqual([])
    expect(await getSubscription(billing.ctx, { userId })).toMatchObject({ plan: 'pro' })
  })

  test('loses a session that was still open, when the subscription came another way', async () => {
    const { url } = await checkout('pro')
    const { customer } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call(async (stripe) => {
      const card = await stripe.paymentMethods.attach('pm_card_visa', { customer })
      const prices = await stripe.prices.list({ lookup_keys: ['tollgate_basic'] })
      await stripe.subscriptions.create({
        customer,
        default_payment_method: card.id,
        items: [{ price: prices.data[0]?.id ?? '' }],
      })
    })
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
    expect((await payWith(GOOD_CARD, url)).location).toBeNull()
    expect((await stripeSide(billing.ctx, userId)).subscriptions).toHaveLength(1)
  })

  test('also one that ends: it is resumed, not bought again', async () => {
    await payWith(GOOD_CARD, (await checkout('pro')).url)
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call((stripe) =>
      stripe.subscriptions.update(subscriptions[0]?.id ?? '', { cancel_at_period_end: true }),
    )
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
  })

  test('may buy again once it has ended', async () => {
    await payWith(GOOD_CARD, (await checkout('pro')).url)
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call((stripe) =>
      stripe.subscriptions.cancel(subscriptions[0]?.id ?? ''),
    )
    await payWith(GOOD_CARD, (await checkout('basic')).url)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({ plan: 'basic' })
  })
})

describe('nothing is subscribed', () => {
  test('by a declined card: the page says why, and takes another', async () => {
    const { url } = await checkout('pro')
    const declined = await payWith(DECLINED_CARD, url)
    expect(declined).toMatchObject({ location: null, status: 402 })
    expect(declined.page).toContain('declined')
    expect(await syncBilling(billing.ctx, { userId })).toBeNull()
    expect((await stripeSide(billing.ctx, userId)).subscriptions).toEqual([])
    await payWith(GOOD_CARD, url)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({ status: 'active' })
  })

  test('by a checkout that was left', async () => {
    await checkout('pro')
    expect(await syncBilling(billing.ctx, { userId })).toBeNull()
    expect((await stripeSide(billing.ctx, userId)).subscriptions).toEqual([])
  })
})
