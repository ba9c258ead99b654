import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangePreview, Subscription } from '../../src/index.ts'
import {
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

type Interval = 'month' | 'year'
interface Sold {
  plan: string
  interval: Interval
}

let billing: BillingHarness
beforeAll(async () => {
  billing = await startBilling({ catalog })
})
afterAll(() => billing.close())

async function buy(of: Sold & { currency?: string }): Promise<string> {
  const userId = await addUser(billing.ctx)
  await payWith(GOOD_CARD, (await createCheckout(billing.ctx, { userId, ...of })).url)
  await syncBilling(billing.ctx, { userId })
  return userId
}

/** Several seats, at a discount that lasts. */
async function setSeats(userId: string, quantity: number): Promise<void> {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const [item] = subscriptions[0]?.items.data ?? []
  await billing.ctx.stripe.call(async (stripe) => {
    const { id } = await stripe.coupons.create({ percent_off: 15, duration: 'forever' })
    await stripe.subscriptions.update(subscriptions[0]?.id ?? '', {
      items: [{ id: item?.id ?? '', quantity }],
      discounts: [{ coupon: id }],
      proration_behavior: 'none',
    })
  })
}

/** Totals by the instant of each invoice, oldest first. */
async function invoicesOf(userId: string) {
  const { customer } = await stripeSide(billing.ctx, userId)
  const { data } = await billing.ctx.stripe.call((stripe) =>
    stripe.invoices.list({ customer, limit: 100 }),
  )
  return data
    .map(({ created, total, currency }) => ({ at: created * 1_000, total, currency }))
    .toSorted((a, b) => a.at - b.at)
}

/** What a mean month costs, times twelve: whole numbers. */
function yearly({ plan, interval }: Sold, currency: string): number {
  const { prices } = catalog.plans[plan as 'mini']
  const price = prices.find((each) => each.interval === interval && each.currency === currency)
  return (price?.unitAmount ?? 0) * (interval === 'month' ? 12 : 1)
}

function expectedTiming(from: Sold, to: Sold, currency: string): 'now' | 'atPeriodEnd' {
  if (from.interval === 'year' && to.interval === 'month') return 'atPeriodEnd'
  return yearly(to, currency) >= yearly(from, currency) ? 'now' : 'atPeriodEnd'
}

const sold: Sold[] = ['mini', 'max'].flatMap((plan) =>
  (['month', 'year'] as const).map((interval) => ({ plan, interval })),
)
const changes = sold.flatMap((from) =>
  sold
    .filter((to) => to.plan !== from.plan || to.interval !== from.interval)
    .flatMap((to) => [
      { from, to, currency: 'usd', seats: 1 },
      { from, to, currency: 'eur', seats: 3 },
    ]),
)
type Case = Omit<(typeof changes)[number], 'seats'> & { userId: string }

test('each change between plans, months and years costs what its preview says, and so does the invoice that follows', async () => {
  const cases: Case[] = []
  for (const { from, to, currency, seats } of changes) {
    const userId = await buy({ ...from, currency })
    if (seats > 1) await setSeats(userId, seats)
    cases.push({ from, to, currency, userId })
  }
  pass(billing, 9 * DAY_MS + 12_345_000)
  const checks: { name: string; userId: string; quote: ChangePreview; count: number }[] = []
  for (const { from, to, currency, userId } of cases) {
    const before = await invoicesOf(userId)
    const quote = await previewChange(billing.ctx, { userId, ...to })
    const { prorationDate } = quote
    const { subscription } = await changePlan(billing.ctx, { userId, ...to, prorationDate })
    const name = `${from.plan} by the ${from.interval} to ${to.plan} by the ${to.interval} in ${currency}`
    const isNow = expectedTiming(from, to, currency) === 'now'
    const after = await invoicesOf(userId)
    expect({ name, isNow: quote.effectiveAt === prorationDate }).toEqual({ name, isNow })
    expect({ name, currency: quote.currency }).toEqual({ name, currency })
    expect({ name, due: after.slice(before.length) }).toMatchObject({
      name,
      due: isNow ? [{ total: quote.dueNow, currency }] : [],
    })
    expect({ name, ...standing(subscription) }).toEqual({
      name,
      ...(isNow ? to : from),
      pendingPlan: isNow ? null : to.plan,
      pendingInterval: isNow ? null : to.interval,
    })
    checks.push({ name, userId, quote, count: after.length })
  }
  pass(billing, 400 * DAY_MS)
  for (const { name, userId, quote, count } of checks) {
    const next = (await invoicesOf(userId))[count]
    const late = (next?.at ?? 0) - Date.parse(quote.nextAt)
    expect({ name, total: next?.total, onTime: late >= 0 && late <= HOUR_MS }).toEqual({
      name,
      total: quote.nextAmount,
      onTime: true,
    })
  }
}, 240_000)

function standing({ plan, price, pendingPlan, pendingInterval }: Subscription) {
  return { plan, interval: price.interval, pendingPlan, pendingInterval }
}

describe('from the year to the month', () => {
  test('waits for the end of the year, is one change however often it is asked, and can be undone', async () => {
    const userId = await buy({ plan: 'mini', interval: 'year' })
    pass(billing, DAY_MS)
    const change = (of: Sold) => changePlan(billing.ctx, { userId, ...of })
    const { subscription } = await change({ plan: 'mini', interval: 'month' })
    expect(standing(subscription)).toEqual({
      plan: 'mini',
      interval: 'year',
      pendingPlan: 'mini',
      pendingInterval: 'month',
    })
    expect(subscription.pendingAt).toBe(subscription.currentPeriodEnd)
    expect((await change({ plan: 'mini', interval: 'month' })).subscription).toEqual(subscription)
    const other = await change({ plan: 'max', interval: 'month' })
    expect(other.subscription).toMatchObject({ pendingPlan: 'max', pendingInterval: 'month' })
    expect(await resumeSubscription(billing.ctx, { userId })).toMatchObject({
      pendingPlan: null,
      pendingInterval: null,
      pendingAt: null,
    })
    await expect(change({ plan: 'mini', interval: 'year' })).rejects.toMatchObject({
      code: 'VALIDATION',
    })
  })

  test('is replaced by a change that happens now', async () => {
    const userId = await buy({ plan: 'mini', interval: 'year' })
    await changePlan(billing.ctx, { userId, plan: 'mini', interval: 'month' })
    pass(billing, DAY_MS)
    const to = { userId, plan: 'max', interval: 'year' } as const
    const { dueNow, prorationDate } = await previewChange(billing.ctx, to)
    const { subscription } = await changePlan(billing.ctx, { ...to, prorationDate })
    expect((await invoicesOf(userId)).at(-1)?.total).toBe(dueNow)
    expect(standing(subscription)).toEqual({
      plan: 'max',
      interval: 'year',
      pendingPlan: null,
      pendingInterval: null,
    })
  })

  test('is what no interval means, where the plan is sold by the month', async () => {
    const userId = await buy({ plan: 'mini', interval: 'year' })
    pass(billing, DAY_MS)
    const { subscription } = await changePlan(billing.ctx, { userId, plan: 'max' })
    expect(subscription).toMatchObject({ pendingPlan: 'max', pendingInterval: 'month' })
  })
})

test('two tabs and two processes at once make one change and one payment, also of the interval', async () => {
  const other = billing.another()
  const userId = await buy({ plan: 'mini', interval: 'month' })
  pass(billing, DAY_MS)
  const before = await invoicesOf(userId)
  const to = { userId, plan: 'max', interval: 'year' } as const
  const { dueNow, prorationDate } = await previewChange(billing.ctx, to)
  const now = await Promise.all([
    changePlan(billing.ctx, { ...to, prorationDate }),
    changePlan(other, { ...to, prorationDate }),
    changePlan(billing.ctx, to),
    changePlan(other, to),
  ])
  for (const { subscription } of now) expect(subscription).toMatchObject({ plan: 'max' })
  expect((await invoicesOf(userId)).slice(before.length).map(({ total }) => total)).toEqual([
    dueNow,
  ])

  pass(billing, DAY_MS)
  const back = { userId, plan: 'max', interval: 'month' } as const
  const later = await Promise.all([changePlan(billing.ctx, back), changePlan(other, back)])
  for (const { subscription } of later) {
    expect(subscription).toMatchObject({ pendingPlan: 'max', pendingInterval: 'month' })
  }
  const { customer } = await stripeSide(billing.ctx, userId)
  const { data } = await billing.ctx.stripe.call((stripe) =>
    stripe.subscriptionSchedules.list({ customer }),
  )
  expect(data.filter(({ status }) => status === 'active')).toHaveLength(1)
})

describe('in a trial', () => {
  test.each<[Sold, number]>([
    [{ plan: 'tried', interval: 'year' }, 24_000],
    [{ plan: 'max', interval: 'month' }, 3_000],
  ])('a change now ends it: %j costs its whole price', async (to, amount) => {
    const userId = await buy({ plan: 'tried', interval: 'month' })
    pass(billing, 2 * DAY_MS)
    const { dueNow, prorationDate } = await previewChange(billing.ctx, { userId, ...to })
    expect(dueNow).toBe(amount)
    const { subscription } = await changePlan(billing.ctx, { userId, ...to, prorationDate })
    expect(subscription).toMatchObject({
      plan: to.plan,
      status: 'active',
      price: { interval: to.interval },
    })
    expect((await invoicesOf(userId)).at(-1)).toMatchObject({ total: amount })
  })

  test('a change for less waits until it ends, and is paid then', async () => {
    const userId = await buy({ plan: 'tried', interval: 'month' })
    const to = { plan: 'mini', interval: 'year' } as const
    pass(billing, 2 * DAY_MS)
    const quote = await previewChange(billing.ctx, { userId, ...to })
    expect(quote).toMatchObject({ dueNow: 0, nextAmount: 10_000 })
    const { subscription } = await changePlan(billing.ctx, { userId, ...to })
    expect(subscription).toMatchObject({ status: 'trialing', pendingPlan: 'mini' })
    pass(billing, 13 * DAY_MS)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({
      plan: 'mini',
      status: 'active',
      price: { interval: 'year' },
    })
    expect((await invoicesOf(userId)).at(-1)).toMatchObject({ total: 10_000 })
  })
})

test.each([
  [
    'a plan by an interval at which it is not sold',
    { plan: 'monthly', interval: 'year' } as const,
    'VALIDATION',
  ],
  ['the free plan', { plan: 'free' }, 'VALIDATION'],
  ['a retired plan', { plan: 'old', interval: 'year' } as const, 'UNKNOWN_PLAN'],
])('%s can’t be changed to', async (_, to, code) => {
  const userId = await buy({ plan: 'mini', interval: 'month' })
  await expect(previewChange(billing.ctx, { userId, ...to })).rejects.toMatchObject({ code })
  await expect(changePlan(billing.ctx, { userId, ...to })).rejects.toMatchObject({ code })
  await expect(
    createCheckout(billing.ctx, { userId: await addUser(billing.ctx), ...to }),
  ).rejects.toMatchObject({ code })
})
