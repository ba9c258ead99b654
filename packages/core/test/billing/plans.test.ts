import { catalog } from '@tollgate/testing/catalog'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createCheckout, listPlans, pushPlans } from '../../src/index.ts'
import { getQuotaLimitsForPrice } from '../../src/stripe/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { GOOD_CARD, payWith, startBilling, stripeSide } from './billing-harness.ts'

let billing: BillingHarness

beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())
afterEach(() => {
  billing.stripe.faults.onRequest = undefined
  billing.clock.advance(60_000)
})

const MINUTE_MS = 60_000

/** What an operator does in Stripe's dashboard: another price takes the lookup key over. */
async function raisePrice(unitAmount: number): Promise<{ before: string; after: string }> {
  return billing.ctx.stripe.call(async (stripe) => {
    const { data } = await stripe.prices.list({ lookup_keys: ['tollgate_pro'] })
    const price = await stripe.prices.create({
      product: 'tollgate_pro',
      currency: 'usd',
      unit_amount: unitAmount,
      recurring: { interval: 'month' },
      lookup_key: 'tollgate_pro',
      transfer_lookup_key: true,
    })
    return { before: data[0]?.id ?? '', after: price.id }
  })
}

const amountOf = async () =>
  (await listPlans(billing.ctx)).find(({ id }) => id === 'pro')?.unitAmount

test('a push makes a product and a price a plan; a repeat finds them, a dry run does nothing', async () => {
  const steps = await pushPlans(billing.ctx, { dryRun: false })
  expect(steps.map(({ action }) => action)).toEqual(steps.map(() => 'keep'))
  const prices = await billing.ctx.stripe.call((stripe) => stripe.prices.list({ limit: 100 }))
  expect(prices.data.map(({ lookup_key, unit_amount }) => [lookup_key, unit_amount])).toEqual(
    catalog.planIds
      .map((plan) => [`tollgate_${plan}`, catalog.plans[plan].prices[0]?.unitAmount])
      .toReversed(),
  )
  await raisePrice(9_900)
  const planned = await pushPlans(billing.ctx, { dryRun: true })
  expect(planned.filter(({ action }) => action !== 'keep')).toMatchObject([
    { action: 'create', object: 'price', plan: 'pro', id: null },
  ])
  expect(await pushPlans(billing.ctx, { dryRun: true })).toEqual(planned)
  await pushPlans(billing.ctx, { dryRun: false })
  const again = await pushPlans(billing.ctx, { dryRun: false })
  expect(again.every(({ action }) => action === 'keep')).toBe(true)
})

test('an offer has the amount that checkout charges, a minute after it changed at the latest', async () => {
  await raisePrice(5_900)
  billing.clock.advance(MINUTE_MS)
  expect(await amountOf()).toBe(5_900)
  const userId = await addUser(billing.ctx)
  await payWith(GOOD_CARD, (await createCheckout(billing.ctx, { userId, plan: 'pro' })).url)
  const { invoices } = await stripeSide(billing.ctx, userId)
  expect(invoices.map(({ total }) => total)).toEqual([5_900])
})

test('the offers stand, in the catalogue’s order and words, with what is unlimited said', async () => {
  const plans = await listPlans(billing.ctx)
  expect(plans.map(({ id }) => id)).toEqual(['basic', 'pro', 'enterprise'])
  expect(plans[0]).toMatchObject({
    name: 'Basic',
    currency: 'usd',
    unitAmount: 1_900,
    interval: 'month',
    limits: { tokens: 100_000, apiCalls: 1_000, scrapingTasks: 100 },
    unlimited: { tokens: false, apiCalls: false, scrapingTasks: false },
  })
  expect(plans[2]).toMatchObject({
    limits: { tokens: 0, apiCalls: 0, scrapingTasks: 0 },
    unlimited: { tokens: true, apiCalls: true, scrapingTasks: true },
  })
})

test('while Stripe is away the last amounts stand, and they are back soon after it is', async () => {
  const before = await amountOf()
  billing.stripe.faults.onRequest = () => ({ kind: 'cut', when: 'before' })
  billing.clock.advance(MINUTE_MS)
  expect(await amountOf()).toBe(before)
  billing.stripe.faults.onRequest = undefined
  await raisePrice(6_900)
  billing.clock.advance(10_000)
  expect(await amountOf()).toBe(6_900)
})

test('a process that never reached Stripe offers the catalogue’s amounts', async () => {
  billing.stripe.faults.onRequest = () => ({ kind: 'cut', when: 'before' })
  const plans = await listPlans(billing.another())
  expect(plans.map(({ unitAmount }) => unitAmount)).toEqual([1_900, 4_900, 49_900])
})

test('a price gives the limits of its plan, also after it lost its lookup key; another one none', async () => {
  await pushPlans(billing.ctx, { dryRun: false })
  const { before, after } = await raisePrice(7_900)
  const pro = {
    tokens: { limit: 1_000_000, unlimited: false },
    apiCalls: { limit: 10_000, unlimited: false },
    scrapingTasks: { limit: 1_000, unlimited: false },
  }
  expect(await getQuotaLimitsForPrice(billing.ctx, before)).toEqual(pro)
  expect(await getQuotaLimitsForPrice(billing.ctx, after)).toEqual(pro)
  const stranger = await billing.ctx.stripe.call((stripe) =>
    stripe.prices.create({
      product_data: { name: 'Something else' },
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    }),
  )
  expect(await getQuotaLimitsForPrice(billing.ctx, stranger.id)).toBeNull()
  expect(await getQuotaLimitsForPrice(billing.ctx, 'price_that_there_is_not')).toBeNull()
})
