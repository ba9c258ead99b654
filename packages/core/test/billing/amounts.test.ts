import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  changePlan,
  getOverview,
  listInvoices,
  nextPayment,
  previewChange,
  syncBilling,
} from '../../src/index.ts'
import { amountIn } from '../../src/stripe/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { DAY_MS, HOUR_MS, pass, startBilling, stripeSide, subscribe } from './billing-harness.ts'

/** Euro amounts that each price of ours has beside dollars, and whether subscriptions are in euros. */
const EUROS: Record<number, number> = { 1900: 1_700, 4900: 4_500, 49900: 45_000 }
let isInEuros = false
/** Taken off what a preview asks, as a coupon does. */
let off = 0

let billing: BillingHarness
let userId: string

beforeAll(async () => {
  billing = await startBilling({
    hooks: {
      onAnswer({ path }, body) {
        const answer = JSON.parse(body)
        if (path.endsWith('create_preview')) {
          answer.amount_due -= off
          answer.total -= off
        }
        if (isInEuros) inEuros(answer)
        return JSON.stringify(answer)
      },
    },
  })
})
afterAll(() => billing.close())
beforeEach(async () => {
  isInEuros = false
  off = 0
  userId = await addUser(billing.ctx)
  await subscribe(billing, { userId, plan: 'pro' })
})

/** What Stripe gives where a subscription was bought in euros, at a price in dollars that also has euros. */
function inEuros(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const fields: Record<string, unknown> = Object.assign(value)
  if (fields['object'] === 'subscription') fields['currency'] = 'eur'
  const options = fields['currency_options']
  const euros = EUROS[Number(fields['unit_amount'])]
  if (fields['object'] === 'price' && typeof options === 'object' && euros !== undefined) {
    fields['currency_options'] = { ...options, eur: { unit_amount: euros } }
  }
  for (const each of Object.values(fields)) inEuros(each)
}

function stripe<T>(work: (client: Stripe) => Promise<T>): Promise<T> {
  return billing.ctx.stripe.call(work)
}

const sync = () => syncBilling(billing.ctx, { userId })
const totals = async () =>
  (await listInvoices(billing.ctx, { userId })).items.map(({ total }) => total)

async function subscription() {
  const found = (await stripeSide(billing.ctx, userId)).subscriptions[0]
  const [item] = found?.items.data ?? []
  if (!found || !item) throw new Error('no subscription')
  return { found, item }
}

/** The operator changes seats and items in the dashboard. */
async function setItems(quantity: number, further?: string): Promise<void> {
  const { found, item } = await subscription()
  await stripe((client) =>
    client.subscriptions.update(found.id, {
      items: [{ id: item.id, quantity }, ...(further === undefined ? [] : [{ price: further }])],
      proration_behavior: 'none',
    }),
  )
  await sync()
}

const makePrice = (fields: Partial<Stripe.PriceCreateParams>) =>
  stripe(async (client) => {
    const price = await client.prices.create({
      product_data: { name: 'By hand' },
      currency: 'usd',
      unit_amount: 700,
      recurring: { interval: 'month' },
      ...fields,
    })
    return price.id
  })

async function revenue(): Promise<{ currency: string; amount: number }[]> {
  return (await getOverview(billing.ctx)).monthlyRevenue
}

describe('what a subscription costs is shown', () => {
  test('for all of its seats, and counts so in revenue', async () => {
    const [before] = await revenue()
    await setItems(5)
    expect(await sync()).toMatchObject({
      price: { unitAmount: 4_900, quantity: 5, amount: 24_500, interval: 'month' },
    })
    const [after] = await revenue()
    expect((after?.amount ?? 0) - (before?.amount ?? 0)).toBe(4 * 4_900)
    expect(await nextPayment(billing.ctx, { userId })).toMatchObject({ amount: 24_500 })
  })

  test('with how often it is paid, and counts in revenue by the month', async () => {
    const [before] = await revenue()
    const quarterly = await makePrice({
      unit_amount: 12_000,
      recurring: { interval: 'month', interval_count: 3 },
      metadata: { tollgate_plan: 'pro' },
    })
    const { found, item } = await subscription()
    await stripe((client) =>
      client.subscriptions.update(found.id, { items: [{ id: item.id, price: quarterly }] }),
    )
    expect(await sync()).toMatchObject({
      price: { amount: 12_000, interval: 'month', intervalCount: 3 },
    })
    const [after] = await revenue()
    expect((after?.amount ?? 0) - (before?.amount ?? 0)).toBe(4_000 - 4_900)
  })

  test('in its own currency, where the price has several; and its plan can be changed', async () => {
    isInEuros = true
    await setItems(2)
    const price = { currency: 'eur', unitAmount: 4_500, quantity: 2, amount: 9_000 }
    expect(await sync()).toMatchObject({ price })
    expect(await revenue()).toContainEqual({ currency: 'eur', amount: 9_000 })
    expect(await previewChange(billing.ctx, { userId, plan: 'basic' })).toMatchObject({
      currency: 'eur',
      dueNow: 0,
    })
    const { subscription } = await changePlan(billing.ctx, { userId, plan: 'enterprise' })
    expect(subscription).toMatchObject({
      plan: 'enterprise',
      price: { ...price, unitAmount: 45_000, amount: 90_000 },
    })
  })

  test('in no currency that it does not have', () => {
    const currency = fc.constantFrom('usd', 'eur', 'jpy')
    const amount = fc.nat({ max: 99_999_999 })
    fc.assert(
      fc.property(
        currency,
        amount,
        fc.dictionary(currency, fc.record({ unit_amount: amount })),
        currency,
        (own, unit_amount, options, wanted) => {
          const price = JSON.parse(
            JSON.stringify({ currency: own, unit_amount, currency_options: options }),
          )
          const expected = wanted === own ? unit_amount : (options[wanted]?.unit_amount ?? null)
          expect(amountIn(price, wanted)).toBe(expected)
        },
      ),
    )
  })

  test.each([
    { billing_scheme: 'tiered', unit_amount: null },
    { unit_amount: null, unit_amount_decimal: '0.5' },
    { transform_quantity: { divide_by: 10, round: 'up' } },
    { recurring: { interval: 'month', interval_count: 1, usage_type: 'metered' } },
  ])('not at all, where it has no amount for one: %j', (fields) => {
    const plain = { currency: 'usd', unit_amount: 4_900, ...fields }
    expect(amountIn(JSON.parse(JSON.stringify(plain)), 'usd')).toBeNull()
  })
})

describe('the next payment', () => {
  test('has seats and further items in it, and is what Stripe then asks', async () => {
    await setItems(3, await makePrice({}))
    const due = 3 * 4_900 + 700
    const next = await nextPayment(billing.ctx, { userId })
    expect(next).toEqual({ currency: 'usd', amount: due, at: (await sync())?.currentPeriodEnd })
    pass(billing, 31 * DAY_MS + HOUR_MS)
    await sync()
    expect((await totals())[0]).toBe(due)
  })

  test('is that of the plan to come', async () => {
    await setItems(3, await makePrice({}))
    await changePlan(billing.ctx, { userId, plan: 'basic' })
    const due = 3 * 1_900 + 700
    expect(await nextPayment(billing.ctx, { userId })).toMatchObject({ amount: due })
    pass(billing, 31 * DAY_MS + HOUR_MS)
    await sync()
    expect((await totals())[0]).toBe(due)
  })

  test('has what Stripe takes off', async () => {
    off = 1_234
    expect(await nextPayment(billing.ctx, { userId })).toMatchObject({ amount: 4_900 - 1_234 })
    const quote = await previewChange(billing.ctx, { userId, plan: 'basic' })
    expect(quote.nextAmount).toBe(1_900 - 1_234)
  })

  test('is none where the subscription ends, or there is none', async () => {
    const { found } = await subscription()
    await stripe((client) => client.subscriptions.update(found.id, { cancel_at_period_end: true }))
    await sync()
    expect(await nextPayment(billing.ctx, { userId })).toBeNull()
    userId = await addUser(billing.ctx)
    expect(await nextPayment(billing.ctx, { userId })).toBeNull()
  })
})

describe('a preview says what Stripe asks next, and when', () => {
  test.each(['basic', 'enterprise'] as const)('of a change to %s', async (plan) => {
    await setItems(3, await makePrice({}))
    pass(billing, 10 * DAY_MS)
    const { nextAmount, nextAt, prorationDate } = await previewChange(billing.ctx, { userId, plan })
    await changePlan(billing.ctx, { userId, plan, prorationDate })
    const before = await totals()
    pass(billing, Date.parse(nextAt) - billing.clock.now().getTime() - HOUR_MS)
    await sync()
    expect(await totals()).toEqual(before)
    pass(billing, 3 * HOUR_MS)
    await sync()
    expect(await totals()).toEqual([nextAmount, ...before])
  })

  test('from yearly to monthly: at the end of the year, whatever the month costs', async () => {
    const yearly = await makePrice({
      unit_amount: 5_000,
      recurring: { interval: 'year' },
      metadata: { tollgate_plan: 'basic' },
    })
    const { found, item } = await subscription()
    await stripe((client) =>
      client.subscriptions.update(found.id, {
        items: [{ id: item.id, price: yearly }],
        // The year keeps the anchor, so that the difference to the month would wait for the next invoice.
        proration_behavior: 'always_invoice',
      }),
    )
    const end = (await sync())?.currentPeriodEnd
    const quote = await previewChange(billing.ctx, { userId, plan: 'enterprise' })
    expect(quote).toMatchObject({ dueNow: 0, nextAmount: 49_900, nextAt: end, effectiveAt: end })
    const { subscription: changed } = await changePlan(billing.ctx, { userId, plan: 'enterprise' })
    expect(changed).toMatchObject({ pendingPlan: 'enterprise', pendingAt: end })
    const before = await totals()
    pass(billing, Date.parse(end ?? '') - billing.clock.now().getTime() + 2 * HOUR_MS)
    expect(await sync()).toMatchObject({ plan: 'enterprise' })
    expect(await totals()).toEqual([49_900, ...before])
  })
})
