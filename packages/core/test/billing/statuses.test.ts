import type { PlanId } from '@tollgate/testing/catalog'
import { catalog } from '@tollgate/testing/catalog'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  changePlan,
  createCheckout,
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
  GOOD_CARD,
  HOUR_MS,
  pass,
  payFrom,
  payWith,
  rightTo,
  SECURE_CARD,
  startBilling,
  stripeSide,
  subscribe,
} from './billing-harness.ts'

let billing: BillingHarness
let userId: string

async function begin(options: Parameters<typeof startBilling>[0] = {}) {
  billing = await startBilling(options)
}
const end = () => billing.close()
const someone = async () => {
  userId = await addUser(billing.ctx)
}

const sync = () => syncBilling(billing.ctx, { userId })
const right = () => rightTo(billing.ctx, userId)
const checkout = (plan: PlanId) => createCheckout(billing.ctx, { userId, plan })
const invoices = async () => (await listInvoices(billing.ctx, { userId })).items

const NONE = { limit: 0, refusal: 'subscription_inactive' }
const PRO = { limit: 1_000_000, refusal: null }

/** A month later, and the hour that a renewal's invoice is a draft. */
const renew = () => pass(billing, 31 * DAY_MS + HOUR_MS)

async function payTheOpenInvoice() {
  const { invoices: all } = await stripeSide(billing.ctx, userId)
  const open = all.find(({ status }) => status === 'open')
  await payFrom(billing.ctx, userId, 'pm_card_visa')
  await billing.ctx.stripe.call((stripe) => stripe.invoices.pay(open?.id ?? ''))
}

/** A subscription that was created at Stripe without us, as in its dashboard. */
async function makeAtStripe(
  card: string | null,
  params: { trial_period_days?: number; onNoCard?: 'pause' } = {},
) {
  await checkout('basic')
  const { customer } = await stripeSide(billing.ctx, userId)
  await billing.ctx.stripe.call(async (stripe) => {
    const method = card === null ? null : await stripe.paymentMethods.attach(card, { customer })
    const { data } = await stripe.prices.list({ lookup_keys: ['tollgate_pro'] })
    const { onNoCard, ...rest } = params
    await stripe.subscriptions.create({
      customer,
      items: [{ price: data[0]?.id ?? '' }],
      ...rest,
      ...(method && { default_payment_method: method.id }),
      ...(onNoCard && {
        trial_settings: { end_behavior: { missing_payment_method: onNoCard } },
      }),
    })
  })
  return sync()
}

describe('a subscription', () => {
  beforeAll(() => begin())
  afterAll(end)
  beforeEach(someone)

  test('renews each month, and is charged for it', async () => {
    const first = await subscribe(billing, { userId })
    renew()
    const second = await sync()
    expect(second).toMatchObject({ status: 'active', currentPeriodStart: first.currentPeriodEnd })
    renew()
    await sync()
    expect((await invoices()).map(({ status, total }) => [status, total])).toEqual(
      Array(3).fill(['paid', 4_900]),
    )
    expect(await right()).toMatchObject(PRO)
  })

  test('waits for 3-D Secure at checkout: nothing before, everything after', async () => {
    const { url } = await checkout('pro')
    const { location } = await payWith(SECURE_CARD, url)
    expect(location).toMatch(/3ds/)
    expect(await sync()).toBeNull()
    const page = new URL(location ?? '', url)
    const body = new URLSearchParams({ result: 'complete' })
    await fetch(page, { method: 'POST', redirect: 'manual', body })
    expect(await sync()).toMatchObject({ status: 'active', plan: 'pro' })
    expect(await right()).toMatchObject(PRO)
  })

  test('that wants 3-D Secure at its renewal is past due until the payer has authenticated', async () => {
    await subscribe(billing, { userId })
    await payFrom(billing.ctx, userId, 'pm_card_authenticationRequired')
    renew()
    expect(await sync()).toMatchObject({ status: 'past_due', graceEndsAt: expect.any(String) })
    const [open] = await invoices()
    await authenticate(open?.hostedUrl ?? '', 'complete')
    expect(await sync()).toMatchObject({ status: 'active', graceEndsAt: null })
  })

  test('incomplete: shown, and gives nothing; it ends by itself after 23 hours', async () => {
    expect(await makeAtStripe('pm_card_chargeCustomerFail')).toMatchObject({ status: 'incomplete' })
    expect(await right()).toMatchObject(NONE)
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
    pass(billing, 23 * HOUR_MS + 60_000)
    expect(await sync()).toBeNull()
    expect((await stripeSide(billing.ctx, userId)).subscriptions[0]?.status).toBe(
      'incomplete_expired',
    )
    expect(await right()).toMatchObject({ refusal: 'no_subscription' })
    expect(await checkout('pro')).toMatchObject({ url: expect.any(String) })
  })

  test('incomplete, and paid in time, is active', async () => {
    await makeAtStripe('pm_card_chargeCustomerFail')
    await payTheOpenInvoice()
    expect(await sync()).toMatchObject({ status: 'active' })
    expect(await right()).toMatchObject(PRO)
  })

  test('paused, when a trial ends without a card: shown, and gives nothing', async () => {
    const trial = await makeAtStripe(null, { trial_period_days: 7, onNoCard: 'pause' })
    expect(trial).toMatchObject({ status: 'trialing' })
    expect(await right()).toMatchObject(PRO)
    pass(billing, 7 * DAY_MS + 60_000)
    expect(await sync()).toMatchObject({ status: 'paused' })
    expect(await right()).toMatchObject(NONE)
  })

  test('refunded: the invoice says how much, the subscription goes on', async () => {
    await subscribe(billing, { userId })
    const { customer } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call(async (stripe) => {
      const { data } = await stripe.charges.list({ customer })
      await stripe.refunds.create({ charge: data[0]?.id ?? '', amount: 1_500 })
    })
    expect(await sync()).toMatchObject({ status: 'active' })
    expect(await invoices()).toMatchObject([
      { status: 'paid', amountPaid: 4_900, amountRefunded: 1_500 },
    ])
  })
})

describe('a renewal that is never paid', () => {
  afterEach(end)

  async function neverPaid(finally_: 'cancel' | 'unpaid' | 'past_due') {
    await begin({ dunning: { finally: finally_ } })
    await someone()
    await subscribe(billing, { userId })
    await payFrom(billing.ctx, userId, 'pm_card_chargeCustomerFail')
    renew()
    expect(await sync()).toMatchObject({ status: 'past_due' })
    expect(await right()).toMatchObject(PRO)
    pass(billing, 20 * DAY_MS)
    return sync()
  }

  test('ends the subscription, where the account says so: it may be bought again', async () => {
    expect(await neverPaid('cancel')).toBeNull()
    expect(await right()).toMatchObject({ refusal: 'no_subscription' })
    expect(await subscribe(billing, { userId })).toMatchObject({ status: 'active' })
  })

  test('leaves it unpaid, where the account says so: no quota until it is paid', async () => {
    expect(await neverPaid('unpaid')).toMatchObject({ status: 'unpaid', graceEndsAt: null })
    expect(await right()).toMatchObject(NONE)
    await payTheOpenInvoice()
    expect(await sync()).toMatchObject({ status: 'active' })
    expect(await right()).toMatchObject(PRO)
  })

  test('leaves it past due for ever, where the account says so: the quota stops with the grace', async () => {
    const left = await neverPaid('past_due')
    expect(left).toMatchObject({ status: 'past_due' })
    expect(new Date(left?.graceEndsAt ?? '').getTime()).toBeLessThan(billing.clock.now().getTime())
    expect(await right()).toMatchObject(NONE)
    pass(billing, 40 * DAY_MS)
    const later = await sync()
    expect(later).toMatchObject({ status: 'past_due', graceEndsAt: left?.graceEndsAt })
    expect(await right()).toMatchObject(NONE)
    await expect(checkout('pro')).rejects.toMatchObject({ code: 'ALREADY_SUBSCRIBED' })
  })
})

describe('a trial', () => {
  const { pro, basic } = catalog.plans

  beforeAll(async () => {
    Reflect.set(pro, 'trialDays', 14)
    Reflect.set(basic, 'trialDays', 14)
    await begin()
  })
  afterAll(async () => {
    Reflect.set(pro, 'trialDays', 0)
    Reflect.set(basic, 'trialDays', 0)
    await end()
  })
  beforeEach(someone)

  test('gives the plan’s quota for its days, and is charged when it ends', async () => {
    const trial = await subscribe(billing, { userId })
    expect(trial).toMatchObject({
      status: 'trialing',
      plan: 'pro',
      trialEnd: new Date(billing.clock.now().getTime() + 14 * DAY_MS).toISOString(),
    })
    expect(await right()).toMatchObject(PRO)
    expect(await invoices()).toMatchObject([{ status: 'paid', total: 0 }])
    pass(billing, 14 * DAY_MS + 2 * HOUR_MS)
    expect(await sync()).toMatchObject({ status: 'active' })
    expect((await invoices())[0]).toMatchObject({ status: 'paid', total: 4_900 })
  })

  const change = async (plan: PlanId, prorationDate?: string) =>
    changePlan(billing.ctx, { userId, plan, prorationDate })

  test('ends with an upgrade, which is paid in full from now on', async () => {
    await subscribe(billing, { userId, plan: 'basic' })
    pass(billing, 3 * DAY_MS)
    const quote = await previewChange(billing.ctx, { userId, plan: 'pro' })
    expect(quote).toMatchObject({ dueNow: 4_900, nextAmount: 4_900 })
    const { subscription } = await change('pro', quote.prorationDate)
    expect(subscription).toMatchObject({
      status: 'active',
      plan: 'pro',
      currentPeriodStart: billing.clock.now().toISOString(),
      currentPeriodEnd: quote.nextAt,
    })
    expect((await invoices())[0]).toMatchObject({ status: 'paid', total: quote.dueNow })
  })

  test('goes on as it is where the upgrade is declined, or not authenticated', async () => {
    const trial = await subscribe(billing, { userId, plan: 'basic' })
    pass(billing, 3 * DAY_MS)
    await payFrom(billing.ctx, userId, 'pm_card_chargeCustomerFail')
    await expect(change('pro')).rejects.toMatchObject({ code: 'STRIPE_REJECTED' })
    expect(await getSubscription(billing.ctx, { userId })).toEqual(trial)

    await payFrom(billing.ctx, userId, 'pm_card_authenticationRequired')
    const { subscription, actionUrl } = await change('pro')
    expect(subscription).toEqual(trial)
    await authenticate(actionUrl ?? '', 'complete')
    expect(await sync()).toMatchObject({ status: 'active', plan: 'pro' })
  })

  test('is kept by a downgrade: the cheaper plan begins when the trial ends', async () => {
    const { trialEnd } = await subscribe(billing, { userId })
    const { subscription } = await change('basic')
    expect(subscription).toMatchObject({
      status: 'trialing',
      plan: 'pro',
      trialEnd,
      pendingPlan: 'basic',
      pendingAt: trialEnd,
    })
    pass(billing, 14 * DAY_MS + 2 * HOUR_MS)
    expect(await sync()).toMatchObject({ status: 'active', plan: 'basic' })
    expect((await invoices())[0]).toMatchObject({ status: 'paid', total: 1_900 })
  })

  test('is given once to a user, for whatever plan, also where the operator gave it', async () => {
    await subscribe(billing, { userId })
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    await billing.ctx.stripe.call((stripe) =>
      stripe.subscriptions.cancel(subscriptions[0]?.id ?? ''),
    )
    expect(await subscribe(billing, { userId, plan: 'basic' })).toMatchObject({
      status: 'active',
      trialEnd: null,
    })

    userId = await addUser(billing.ctx)
    const { url } = await checkout('basic')
    await makeAtStripe('pm_card_visa', { trial_period_days: 3 })
    const given = (await stripeSide(billing.ctx, userId)).subscriptions[0]?.id ?? ''
    await billing.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(given))
    const again = await checkout('basic')
    expect((await payWith(GOOD_CARD, url)).location).toBeNull()
    await payWith(GOOD_CARD, again.url)
    expect(await sync()).toMatchObject({ status: 'active', trialEnd: null })
  })
})

test('what was bought is read from our rows, without Stripe', async () => {
  await begin()
  await someone()
  const bought = await subscribe(billing, { userId })
  await billing.stripe.stop()
  expect(await getSubscription(billing.ctx, { userId })).toEqual(bought)
  expect(await right()).toMatchObject(PRO)
  await end()
})
