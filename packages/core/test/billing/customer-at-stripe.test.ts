import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  createPortalSession,
  getUser,
  listInvoices,
  passOnDetails,
  syncBilling,
  upsertUser,
} from '../../src/index.ts'
import { syncCustomer } from '../../src/sync/index.ts'
import { addUser } from '../harness.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import { addCustomer, rowsOf, startCoreWith } from '../stripe/stripe-harness.ts'
import { invoiceOf, subscriptionOf } from '../stripe/stripe-objects.ts'
import type { BillingHarness } from './billing-harness.ts'
import {
  DAY_MS,
  GOOD_CARD,
  HOUR_MS,
  pass,
  payWith,
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

const sync = () => syncBilling(billing.ctx, { userId })
const right = () => rightTo(billing.ctx, userId)
const operator = () => getUser(billing.ctx, { userId })

async function customerId(): Promise<string> {
  return (await stripeSide(billing.ctx, userId)).customer
}

/** Subscribes the customer in Stripe's dashboard, to the price of a lookup key or of this id. */
async function addAtStripe(price: string): Promise<string> {
  const customer = await customerId()
  return billing.ctx.stripe.call(async (stripe) => {
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    const { data } = await stripe.prices.list({ lookup_keys: [price] })
    const { id } = await stripe.subscriptions.create({
      customer,
      default_payment_method: card.id,
      items: [{ price: data[0]?.id ?? price }],
    })
    return id
  })
}

async function newPrice(fields: { lookup_key?: string; unit_amount: number }): Promise<string> {
  const price = await billing.ctx.stripe.call((stripe) =>
    stripe.prices.create({
      currency: 'usd',
      recurring: { interval: 'month' },
      product_data: { name: 'Made by hand' },
      ...(fields.lookup_key !== undefined && { transfer_lookup_key: true }),
      ...fields,
    }),
  )
  return price.id
}

describe('a customer deleted at Stripe', () => {
  async function deleted() {
    await subscribe(billing, { userId })
    const customer = await customerId()
    await billing.ctx.stripe.call((stripe) => stripe.customers.del(customer))
    return customer
  }

  test('has no subscription any more, keeps the invoices, and may subscribe again', async () => {
    const former = await deleted()
    expect(await sync()).toBeNull()
    expect(await right()).toMatchObject({ refusal: 'no_subscription' })
    expect(await subscribe(billing, { userId, plan: 'basic' })).toMatchObject({
      status: 'active',
      plan: 'basic',
    })
    expect(await customerId()).not.toBe(former)
    expect((await listInvoices(billing.ctx, { userId })).items.map(({ total }) => total)).toEqual(
      expect.arrayContaining([1_900, 4_900]),
    )
    expect((await operator()).subscriptions.map(({ status }) => status).toSorted()).toEqual([
      'active',
      'canceled',
    ])
  })

  test('subscribes again at once, although no event of the deletion came', async () => {
    await deleted()
    const other = billing.another()
    const [first, second] = await Promise.all([
      createCheckout(billing.ctx, { userId, plan: 'basic' }),
      createCheckout(other, { userId, plan: 'basic' }),
    ])
    expect(second.sessionId).toBe(first.sessionId)
    await payWith(GOOD_CARD, first.url)
    expect(await sync()).toMatchObject({ plan: 'basic' })
  })

  test('whose former invoice is refunded: the refund shows, and the new subscription stays', async () => {
    const former = await deleted()
    const now = await subscribe(billing, { userId, plan: 'basic' })
    await billing.ctx.stripe.call(async (stripe) => {
      const { data } = await stripe.charges.list({ customer: former })
      await stripe.refunds.create({ charge: data[0]?.id ?? '' })
    })
    await syncCustomer(billing.ctx, { customerId: former })
    expect(await sync()).toEqual(now)
    expect(await right()).toMatchObject({ limit: 100_000, refusal: null })
    const { items } = await listInvoices(billing.ctx, { userId })
    expect(items.map(({ amountRefunded }) => amountRefunded).toSorted()).toEqual([0, 4_900])
  })

  test('gets a clear error from the portal and from a change, not a failure', async () => {
    await deleted()
    for (const refused of [
      () => createPortalSession(billing.ctx, { userId }),
      () => changePlan(billing.ctx, { userId, plan: 'basic' }),
      () => cancelSubscription(billing.ctx, { userId }),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'NO_SUBSCRIPTION' })
    }
  })

  test('has ended as well where Stripe lists nothing of it any more', async () => {
    const stripe = await startScriptedStripe()
    const core = await startCoreWith(stripe.apiBase)
    await addCustomer(core.ctx, 'cus_1')
    stripe.subscriptions = [subscriptionOf()]
    stripe.invoices = [invoiceOf()]
    await syncCustomer(core.ctx, { customerId: 'cus_1' })
    stripe.unknownCustomer = 'cus_1'
    const gone = { id: 'cus_1', object: 'customer', deleted: true }
    stripe.objects = { ...stripe.objects, '/v1/customers/cus_1': gone }
    await syncCustomer(core.ctx, { customerId: 'cus_1' })
    const { subscriptions, quotas, invoices } = await rowsOf(core.ctx)
    expect(subscriptions).toMatchObject([{ row: { status: 'canceled', is_current: false } }])
    expect(quotas).toEqual([])
    expect(invoices).toMatchObject([{ row: { status: 'paid' } }])
    await core.close()
    await stripe.close()
  })
})

describe('a subscription made in Stripe’s dashboard', () => {
  test('on our customer is as good as one of ours', async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    const id = await addAtStripe('tollgate_pro')
    expect(await sync()).toMatchObject({ id, plan: 'pro', status: 'active' })
    expect(await right()).toMatchObject({ limit: 1_000_000, refusal: null })
    expect((await changePlan(billing.ctx, { userId, plan: 'basic' })).subscription).toMatchObject({
      pendingPlan: 'basic',
    })
  })

  test('beside another one: the one that pays counts, quotas do not add up, the operator is warned', async () => {
    const first = await subscribe(billing, { userId, plan: 'basic' })
    pass(billing, HOUR_MS)
    const second = await addAtStripe('tollgate_pro')
    expect(await sync()).toMatchObject({ id: second, plan: 'pro' })
    expect(await right()).toMatchObject({ limit: 1_000_000 })
    expect(await operator()).toMatchObject({
      warnings: ['several_subscriptions'],
      subscriptions: [
        { id: second, plan: 'pro', isCurrent: true },
        { id: first.id, plan: 'basic', isCurrent: false },
      ],
    })
    await billing.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(second))
    expect(await sync()).toMatchObject({ id: first.id, plan: 'basic', status: 'active' })
    expect((await operator()).warnings).toEqual([])
  })

  test('at a price that maps to no plan: shown, reported to the operator, gives nothing', async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    const price = await newPrice({ unit_amount: 99_900 })
    await addAtStripe(price)
    expect(await sync()).toMatchObject({ plan: null, status: 'active' })
    expect(await right()).toEqual({ limit: 0, unlimited: false, refusal: 'quota_exceeded' })
    expect(await operator()).toMatchObject({
      warnings: ['unknown_price'],
      subscriptions: [{ plan: null, priceId: price }],
    })
  })
})

describe('a price changed in the dashboard', () => {
  test('is not for who pays the old one: they keep their plan and its price', async () => {
    await subscribe(billing, { userId })
    await newPrice({ lookup_key: 'tollgate_pro', unit_amount: 5_900 })
    pass(billing, 31 * DAY_MS + HOUR_MS)
    expect(await sync()).toMatchObject({ plan: 'pro', price: { unitAmount: 4_900 } })
    expect(await right()).toMatchObject({ limit: 1_000_000, refusal: null })

    userId = await addUser(billing.ctx)
    expect(await subscribe(billing, { userId })).toMatchObject({
      plan: 'pro',
      price: { unitAmount: 5_900 },
    })
  })

  test('ends a checkout that was open at the old one', async () => {
    const { url } = await createCheckout(billing.ctx, { userId, plan: 'basic' })
    await newPrice({ lookup_key: 'tollgate_basic', unit_amount: 2_100 })
    const again = await createCheckout(billing.ctx, { userId, plan: 'basic' })
    expect((await payWith(GOOD_CARD, url)).location).toBeNull()
    await payWith(GOOD_CARD, again.url)
    expect(await sync()).toMatchObject({ price: { unitAmount: 2_100 } })
  })
})

describe('a new e-mail address', () => {
  const emailAtStripe = async () => {
    const id = await customerId()
    const customer = await billing.ctx.stripe.call((stripe) => stripe.customers.retrieve(id))
    return customer.deleted ? null : customer.email
  }
  const move = (email: string) => upsertUser(billing.ctx, { userId, email })

  test('reaches Stripe with the next checkout, visit to the portal, or at once', async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    await move('a@example.com')
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    expect(await emailAtStripe()).toBe('a@example.com')
    await move('b@example.com')
    await createPortalSession(billing.ctx, { userId })
    expect(await emailAtStripe()).toBe('b@example.com')
    await move('c@example.com')
    await passOnDetails(billing.ctx, { userId })
    expect(await emailAtStripe()).toBe('c@example.com')
  })

  test('that the payer gave at Stripe is not taken back', async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    const id = await customerId()
    const email = 'accounting@example.com'
    await billing.ctx.stripe.call((stripe) => stripe.customers.update(id, { email }))
    await createPortalSession(billing.ctx, { userId })
    await passOnDetails(billing.ctx, { userId })
    expect(await emailAtStripe()).toBe(email)
  })

  test('is stored here while Stripe can’t be reached, and sent later', async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    await move('late@example.com')
    billing.stripe.faults.onRequest = () => ({ kind: 'cut', when: 'before' })
    await passOnDetails(billing.ctx, { userId })
    billing.stripe.faults.onRequest = undefined
    expect(await emailAtStripe()).not.toBe('late@example.com')
    await passOnDetails(billing.ctx, { userId })
    expect(await emailAtStripe()).toBe('late@example.com')
  })

  test('of a user who is no customer, or does not exist, is not sent', async () => {
    await passOnDetails(billing.ctx, { userId })
    await passOnDetails(billing.ctx, { userId: 'nobody' })
    const { rows } = await billing.ctx.db.pool.query<{ customer: string | null }>(
      'SELECT stripe_customer_id AS customer FROM users WHERE id = $1',
      [userId],
    )
    expect(rows).toEqual([{ customer: null }])
  })
})
