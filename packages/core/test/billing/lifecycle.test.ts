import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  applyCatalog,
  checkUsage,
  createCheckout,
  createPortalSession,
  getQuota,
  getSubscription,
  listInvoices,
  receiveWebhook,
  syncBilling,
} from '../../src/index.ts'
import { syncWaiting } from '../../src/sync/index.ts'
import { addUser } from '../harness.ts'
import { inboxOf, rowsOf, sign } from '../stripe/stripe-harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { GOOD_CARD, payWith, startBilling, stripeSide } from './billing-harness.ts'

const DAY_MS = 86_400_000

async function subscribe(ctx: Context, userId: string): Promise<void> {
  const { url } = await createCheckout(ctx, { userId, plan: 'pro' })
  await payWith(GOOD_CARD, url)
}

/** Both clocks: Stripe renews, charges and gives up meanwhile. */
function pass(billing: BillingHarness, ms: number): void {
  billing.clock.advance(ms)
  billing.stripe.clock.advanceTo(billing.clock.now())
}

/** From now on, renewals are charged to this card. */
async function payRenewalsWith(ctx: Context, userId: string, card: string): Promise<void> {
  const { customer, subscriptions } = await stripeSide(ctx, userId)
  await ctx.stripe.call(async (stripe) => {
    const { id } = await stripe.paymentMethods.attach(card, { customer })
    await stripe.subscriptions.update(subscriptions[0]?.id ?? '', { default_payment_method: id })
  })
}

describe('a subscription', () => {
  let billing: BillingHarness
  let userId: string
  const refusal = async () =>
    (await checkUsage(billing.ctx, { userId, meter: 'tokens', amount: 1 })).reason
  const status = async () => (await syncBilling(billing.ctx, { userId }))?.status ?? null

  beforeAll(async () => {
    billing = await startBilling()
    userId = await addUser(billing.ctx)
  })
  afterAll(() => billing.close())

  test('paid: active, its quota there, its invoice paid', async () => {
    expect(await refusal()).toBe('no_subscription')
    await subscribe(billing.ctx, userId)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({
      plan: 'pro',
      status: 'active',
      currentPeriodStart: '2026-11-15T12:00:00.000Z',
      currentPeriodEnd: '2026-12-15T12:00:00.000Z',
      cancelAt: null,
      graceEndsAt: null,
    })
    expect(await getQuota(billing.ctx, { userId })).toEqual([
      { meter: 'tokens', limit: 1_000_000, unlimited: false, source: 'plan' },
      { meter: 'apiCalls', limit: 10_000, unlimited: false, source: 'plan' },
      { meter: 'scrapingTasks', limit: 1_000, unlimited: false, source: 'plan' },
    ])
    const { items } = await listInvoices(billing.ctx, { userId })
    expect(items).toMatchObject([
      {
        status: 'paid',
        currency: 'usd',
        total: 4_900,
        amountPaid: 4_900,
        amountRefunded: 0,
        number: expect.any(String),
        hostedUrl: expect.stringContaining(billing.stripe.url),
      },
    ])
    expect(await refusal()).toBeNull()
  })

  test('cancelled at the period’s end, and taken back: it says until when, and gives quota', async () => {
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    const set = (cancel: boolean) =>
      billing.ctx.stripe.call((stripe) =>
        stripe.subscriptions.update(subscriptions[0]?.id ?? '', { cancel_at_period_end: cancel }),
      )
    await set(true)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({
      status: 'active',
      cancelAt: '2026-12-15T12:00:00.000Z',
    })
    expect(await refusal()).toBeNull()
    await set(false)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({ cancelAt: null })
  })

  test('not paid at its renewal: quota until the grace ends, and again once it is paid', async () => {
    await payRenewalsWith(billing.ctx, userId, 'pm_card_chargeCustomerFail')
    pass(billing, 30 * DAY_MS + 3_600_000 + 60_000)
    expect(await status()).toBe('past_due')
    const { items } = await listInvoices(billing.ctx, { userId })
    expect(items[0]).toMatchObject({ status: 'open', amountPaid: 0 })
    const subscription = await getSubscription(billing.ctx, { userId })
    const graceEndsAt = new Date(subscription?.graceEndsAt ?? 0)
    const { invoices } = await stripeSide(billing.ctx, userId)
    const finalizedAt = (invoices[0]?.status_transitions.finalized_at ?? 0) * 1_000
    expect(graceEndsAt.getTime()).toBe(finalizedAt + 7 * DAY_MS)

    expect(await refusal()).toBeNull()
    pass(billing, graceEndsAt.getTime() - billing.clock.now().getTime())
    expect(await status()).toBe('past_due')
    expect(await refusal()).toBe('subscription_inactive')

    await payRenewalsWith(billing.ctx, userId, 'pm_card_visa')
    await billing.ctx.stripe.call((stripe) => stripe.invoices.pay(invoices[0]?.id ?? ''))
    expect(await status()).toBe('active')
    expect(await refusal()).toBeNull()
  })

  test('ended: nothing is left but the invoices', async () => {
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call((stripe) =>
      stripe.subscriptions.cancel(subscriptions[0]?.id ?? ''),
    )
    expect(await syncBilling(billing.ctx, { userId })).toBeNull()
    expect(await refusal()).toBe('no_subscription')
    expect((await listInvoices(billing.ctx, { userId })).items).toHaveLength(2)
  })
})

describe('the portal', () => {
  let billing: BillingHarness

  beforeAll(async () => {
    billing = await startBilling()
  })
  afterAll(() => billing.close())

  test('opens for a customer', async () => {
    const userId = await addUser(billing.ctx)
    await subscribe(billing.ctx, userId)
    const { url } = await createPortalSession(billing.ctx, { userId })
    expect((await fetch(url)).status).toBe(200)
  })

  test('has nothing to manage for who never went to checkout', async () => {
    const userId = await addUser(billing.ctx)
    await expect(createPortalSession(billing.ctx, { userId })).rejects.toMatchObject({
      code: 'NO_SUBSCRIPTION',
    })
    await expect(createPortalSession(billing.ctx, { userId: 'nobody' })).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    })
  })
})

describe('the guide’s webhooks', () => {
  const types = [
    'customer.subscription.created',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'invoice.paid',
    'invoice.payment_failed',
  ]
  let billing: BillingHarness
  let events: Stripe.Event[]
  let customerId: string
  let userId: string

  beforeAll(async () => {
    billing = await startBilling()
    userId = await addUser(billing.ctx)
    await subscribe(billing.ctx, userId)
    // Stripe lists the events of thirty days.
    const early = await listEvents()
    await payRenewalsWith(billing.ctx, userId, 'pm_card_chargeCustomerFail')
    pass(billing, 32 * DAY_MS)
    const { customer, subscriptions } = await stripeSide(billing.ctx, userId)
    customerId = customer
    await billing.ctx.stripe.call((stripe) =>
      stripe.subscriptions.cancel(subscriptions[0]?.id ?? ''),
    )
    const all = [...(await listEvents()), ...early]
    events = types.flatMap((type) => all.find((event) => event.type === type) ?? [])
  })
  afterAll(() => billing.close())

  async function listEvents(): Promise<Stripe.Event[]> {
    return billing.ctx.stripe.call(async (stripe) => {
      const { data } = await stripe.events.list({ limit: 100 })
      return data
    })
  }

  async function deliverTwice(event: Stripe.Event): Promise<void> {
    const body = JSON.stringify(event, null, 2)
    const signature = sign(body, { at: billing.clock.now() })
    const input = { rawBody: Buffer.from(body), signature }
    expect(await receiveWebhook(billing.ctx, input)).toBe('accepted')
    expect(await receiveWebhook(billing.ctx, input)).toBe('accepted')
  }

  async function forget(): Promise<void> {
    await billing.ctx.db.pool.query(
      'DELETE FROM quotas; DELETE FROM subscriptions; DELETE FROM invoices; DELETE FROM stripe_events',
    )
  }

  // 120 orders: more than a busy machine does in the usual time.
  test('each twice and in every order, make the same rows', { timeout: 180_000 }, async () => {
    expect(events.map(({ type }) => type)).toEqual(types)
    await syncBilling(billing.ctx, { userId })
    const expected = await rowsOf(billing.ctx)
    expect(expected.subscriptions).toMatchObject([
      { row: { status: 'canceled', is_current: false } },
    ])
    expect(expected.invoices).toHaveLength(2)

    for (const order of permutations(events)) {
      await forget()
      for (const event of order) await deliverTwice(event)
      await syncWaiting(billing.ctx, { customerId })
      expect(await rowsOf(billing.ctx)).toEqual(expected)
    }
    expect((await inboxOf(billing.ctx)).map(({ state }) => state)).toEqual(
      types.map(() => 'handled'),
    )
  })

  test('each twice, make the same rows after the first as after the last', async () => {
    await syncBilling(billing.ctx, { userId })
    const expected = await rowsOf(billing.ctx)
    await forget()
    for (const event of events) {
      await deliverTwice(event)
      await syncWaiting(billing.ctx, { customerId })
      expect(await rowsOf(billing.ctx)).toEqual(expected)
    }
  })
})

describe('a change of the catalogue', () => {
  let billing: BillingHarness

  beforeAll(async () => {
    billing = await startBilling()
  })
  afterAll(() => billing.close())

  test('reaches the quotas at the next start, whatever way they differ, and once', async () => {
    const userId = await addUser(billing.ctx)
    await subscribe(billing.ctx, userId)
    await syncBilling(billing.ctx, { userId })
    const { quotas } = await rowsOf(billing.ctx)
    const { pool } = billing.ctx.db
    await pool.query(`UPDATE quotas SET limit_amount = 5 WHERE meter = 'tokens'`)
    await pool.query(`DELETE FROM quotas WHERE meter = 'apiCalls'`)
    await pool.query(
      `INSERT INTO quotas SELECT user_id, 'faxes', subscription_id, plan, status, NULL, 7, false
       FROM quotas WHERE meter = 'tokens'`,
    )
    expect(await applyCatalog(billing.ctx)).toBe(3)
    expect((await rowsOf(billing.ctx)).quotas).toEqual(quotas)
    expect(await applyCatalog(billing.ctx)).toBe(0)
  })

  test('that drops a plan leaves its subscribers nothing, rather than everything', async () => {
    const { pool } = billing.ctx.db
    await pool.query(`UPDATE quotas SET plan = 'gold', unlimited = true`)
    expect(await applyCatalog(billing.ctx)).toBe(3)
    const { quotas } = await rowsOf(billing.ctx)
    for (const quota of quotas) {
      expect(quota).toMatchObject({ plan: null, limit_amount: '0', unlimited: false })
    }
  })
})

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}
