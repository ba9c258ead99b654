import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  changePlan,
  checkUsage,
  consumeUsage,
  createCheckout,
  syncBilling,
  verifyUsage,
} from '../../src/index.ts'
import { addUser, knownSince, NOON, resetting } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import {
  DAY_MS,
  HOUR_MS,
  pass,
  payFrom,
  startBilling,
  stripeSide,
  subscribe,
} from './billing-harness.ts'

// The windows of meters that reset with the subscription, as Stripe's own clock and cycle make them.

let billing: BillingHarness
let userId: string

beforeAll(async () => {
  billing = await startBilling()
  billing.ctx = resetting(billing.ctx, 'billing')
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
  await knownSince(billing.ctx, userId, NOON)
})

const sync = () => syncBilling(billing.ctx, { userId })
const now = () => billing.clock.now().toISOString()

/** The window of now, and what was used in it. */
async function window() {
  const { balance } = await checkUsage(billing.ctx, { userId, meter: 'tokens' })
  return { from: balance.periodStart, until: balance.resetsAt, used: balance.used }
}

async function use(amount: number) {
  const idempotencyKey = crypto.randomUUID()
  const call = { userId, meter: 'tokens', amount, idempotencyKey } as const
  expect(await consumeUsage(billing.ctx, call)).toMatchObject({ allowed: true })
}

async function spans() {
  const { rows } = await billing.ctx.db.pool.query(
    'SELECT * FROM billing_spans WHERE user_id = $1 ORDER BY starts_at',
    [userId],
  )
  return rows
}

/** Changes the newest subscription at Stripe, and lets us hear of it an hour later. */
async function atStripe(change: Parameters<Stripe['subscriptions']['update']>[1]) {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  await billing.ctx.stripe.call((stripe) =>
    stripe.subscriptions.update(subscriptions[0]?.id ?? '', change),
  )
  const at = now()
  pass(billing, HOUR_MS)
  await sync()
  return at
}
type Stripe = Parameters<Parameters<BillingHarness['ctx']['stripe']['call']>[0]>[0]

/** A subscription made at Stripe, as in its dashboard. */
async function make(plan: string, params: object = {}, card = 'pm_card_visa') {
  const { customer } = await stripeSide(billing.ctx, userId)
  return billing.ctx.stripe.call(async (stripe) => {
    const { id } = await stripe.paymentMethods.attach(card, { customer })
    const { data } = await stripe.prices.list({ lookup_keys: [`tollgate_${plan}`] })
    return stripe.subscriptions.create({
      customer,
      default_payment_method: id,
      items: [{ price: data[0]?.id ?? '' }],
      ...params,
    })
  })
}

/** Later syncs, and those that come again, leave the times as they are. */
async function staysSo() {
  const before = await spans()
  const counted = await window()
  for (const ms of [0, HOUR_MS, 20 * DAY_MS]) {
    pass(billing, ms)
    await sync()
    await sync()
    expect(await spans()).toEqual(before)
  }
  expect((await verifyUsage(billing.ctx)).differences).toEqual([])
  return counted
}

test('a new subscription begins an empty window, which ends as its period does; then comes the next', async () => {
  await subscribe(billing, { userId, plan: 'basic' })
  const first = await sync()
  await use(7)
  expect(await window()).toEqual({
    from: first?.currentPeriodStart,
    until: first?.currentPeriodEnd,
    used: 7,
  })
  pass(billing, 31 * DAY_MS + HOUR_MS)
  const second = await sync()
  expect(await window()).toEqual({
    from: first?.currentPeriodEnd,
    until: second?.currentPeriodEnd,
    used: 0,
  })
  await staysSo()
})

test('ended: back in the windows from before, with what was used in them', async () => {
  await createCheckout(billing.ctx, { userId, plan: 'pro' })
  const own = await window()
  await subscribe(billing, { userId })
  await use(5)
  pass(billing, DAY_MS)
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  await billing.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(subscriptions[0]?.id ?? ''))
  const ended = now()
  pass(billing, HOUR_MS)
  await sync()
  expect(await window()).toEqual(own)
  expect(await spans()).toMatchObject([{ ends_at: new Date(ended) }])
  await staysSo()
})

test('incomplete has none; from when it is seen paid it has them, cut there', async () => {
  await createCheckout(billing.ctx, { userId, plan: 'basic' })
  await make('pro', {}, 'pm_card_chargeCustomerFail')
  await sync()
  expect(await spans()).toEqual([])
  pass(billing, HOUR_MS)
  await payFrom(billing.ctx, userId, 'pm_card_visa')
  const { invoices } = await stripeSide(billing.ctx, userId)
  const open = invoices.find(({ status }) => status === 'open')
  await billing.ctx.stripe.call((stripe) => stripe.invoices.pay(open?.id ?? ''))
  const subscription = await sync()
  expect(await window()).toMatchObject({ from: now(), until: subscription?.currentPeriodEnd })
  await staysSo()
})

test('an anchor moved to now begins an empty window there', async () => {
  await subscribe(billing, { userId })
  await use(5)
  pass(billing, 3 * DAY_MS)
  const moved = await atStripe({ billing_cycle_anchor: { type: 'now' } })
  expect(await window()).toMatchObject({ from: moved, used: 0 })
  await use(2)
  expect((await staysSo()).used).toBe(2)
})

test('a plan change that keeps the anchor keeps the window and its usage', async () => {
  await subscribe(billing, { userId, plan: 'basic' })
  await use(5)
  const before = await window()
  pass(billing, 3 * DAY_MS)
  await changePlan(billing.ctx, { userId, plan: 'pro' })
  expect(await window()).toEqual(before)
  await staysSo()
})

describe('a trial', () => {
  const begin = async () => {
    await createCheckout(billing.ctx, { userId, plan: 'basic' })
    await make('pro', { trial_period_days: 14 })
    await sync()
    await use(5)
    return window()
  }

  test('is a window of its own; when it ends, the next begins', async () => {
    const trial = await begin()
    pass(billing, 14 * DAY_MS + 2 * HOUR_MS)
    const subscription = await sync()
    expect(await window()).toEqual({
      from: trial.until,
      until: subscription?.currentPeriodEnd,
      used: 0,
    })
  })

  test('that is extended goes on in its window, until a month’s step of the new end', async () => {
    const trial = await begin()
    pass(billing, 9 * DAY_MS)
    const end = Math.floor(billing.clock.now().getTime() / 1_000) + 20 * 86_400
    await atStripe({ trial_end: end })
    const moved = await window()
    expect(moved).toMatchObject({ from: trial.from, used: 5 })
    expect(moved.until).toBe(new Date(end * 1_000).toISOString())
    await use(1)
    expect((await staysSo()).used).toBe(6)
  })

  test('that is ended early goes on in its window: the same usage, no second allowance', async () => {
    const trial = await begin()
    pass(billing, 9 * DAY_MS)
    await atStripe({ trial_end: 'now' })
    const subscription = await sync()
    expect(subscription).toMatchObject({ status: 'active' })
    expect(await window()).toEqual({
      from: trial.from,
      until: subscription?.currentPeriodEnd,
      used: 5,
    })
  })
})

test('a second subscription takes over, and gives back when it ends', async () => {
  await subscribe(billing, { userId, plan: 'basic' })
  await use(5)
  pass(billing, DAY_MS)
  const second = await make('pro')
  pass(billing, HOUR_MS)
  await sync()
  expect(await window()).toMatchObject({
    from: new Date(second.created * 1_000).toISOString(),
    used: 0,
  })
  await use(3)
  pass(billing, DAY_MS)
  await billing.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(second.id))
  const ended = now()
  pass(billing, HOUR_MS)
  await sync()
  expect(await window()).toMatchObject({ from: ended, used: 0 })
  await staysSo()
})

test('not paid, its windows go on', async () => {
  const first = await subscribe(billing, { userId })
  await payFrom(billing.ctx, userId, 'pm_card_chargeCustomerFail')
  pass(billing, 31 * DAY_MS + HOUR_MS)
  expect(await sync()).toMatchObject({ status: 'past_due' })
  expect(await window()).toMatchObject({ from: first.currentPeriodEnd, used: 0 })
})

test('a customer deleted at Stripe: the windows end with the subscription', async () => {
  const own = await window()
  await subscribe(billing, { userId })
  await use(5)
  const { customer } = await stripeSide(billing.ctx, userId)
  pass(billing, DAY_MS)
  await billing.ctx.stripe.call((stripe) => stripe.customers.del(customer))
  pass(billing, HOUR_MS)
  expect(await sync()).toBeNull()
  expect(await window()).toEqual(own)
  expect(await spans()).toMatchObject([{ ends_at: expect.any(Date) }])
})

test('a plan by the year has windows of a month', async () => {
  await createCheckout(billing.ctx, { userId, plan: 'basic' })
  const { customer } = await stripeSide(billing.ctx, userId)
  const created = await billing.ctx.stripe.call(async (stripe) => {
    const { id } = await stripe.paymentMethods.attach('pm_card_visa', { customer })
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 49_000,
      recurring: { interval: 'year' },
      product_data: { name: 'Pro by the year', metadata: {} },
      metadata: { plan: 'pro' },
      lookup_key: 'tollgate_pro',
      transfer_lookup_key: true,
    })
    return stripe.subscriptions.create({
      customer,
      default_payment_method: id,
      items: [{ price: price.id }],
    })
  })
  const subscription = await sync()
  expect(subscription).toMatchObject({ id: created.id, plan: 'pro', price: { interval: 'year' } })
  const { from, until } = await window()
  expect(from).toBe(subscription?.currentPeriodStart)
  expect((Date.parse(until ?? '') - Date.parse(from)) / DAY_MS).toBeLessThanOrEqual(31)
  pass(billing, 40 * DAY_MS)
  expect((await window()).from).toBe(until)
})
