import { held } from '@tollgate/testing/stripe'
import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import { changePlan, createCheckout, examine, listPlans, pushPlans } from '../../src/index.ts'
import { offerOf } from '../../src/stripe/prices/offer.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { startBilling, subscribe } from './billing-harness.ts'

let billing: BillingHarness
beforeAll(async () => {
  billing = await startBilling({ observer: held({ provoking: true }) })
})
afterAll(() => billing.close())

type Params = Partial<Stripe.PriceCreateParams>

async function makePrice(params: Params): Promise<string> {
  const price = await billing.ctx.stripe.call((stripe) =>
    stripe.prices.create({
      product: 'tollgate_pro',
      currency: 'usd',
      unit_amount: 4_900,
      recurring: { interval: 'month' },
      ...params,
    }),
  )
  return price.id
}

/** A process whose environment names a price for Pro, and has not read any yet. */
function withPrice(id: string): Context {
  const ctx = billing.another()
  return { ...ctx, settings: { ...ctx.settings, priceIds: { pro: { month: id } } } }
}

const wrong: [string, RegExp, () => Promise<string>][] = [
  [
    'every three months',
    /every 3 months/,
    () => makePrice({ recurring: { interval: 'month', interval_count: 3 } }),
  ],
  ['by the year', /by the year/, () => makePrice({ recurring: { interval: 'year' } })],
  ['by the week', /by the week/, () => makePrice({ recurring: { interval: 'week' } })],
  ['in another currency', /is in eur/, () => makePrice({ currency: 'eur' })],
  [
    'that is archived',
    /archived/,
    async () => {
      const id = await makePrice({})
      await billing.ctx.stripe.call((stripe) => stripe.prices.update(id, { active: false }))
      return id
    },
  ],
]

describe.each(wrong)('a price %s', (_, reason, make) => {
  let ctx: Context
  let id: string
  beforeEach(async () => {
    id = await make()
    ctx = withPrice(id)
  })

  test('is not offered, bought or changed to, and the other plans are', async () => {
    expect((await listPlans(ctx)).map((plan) => plan.id)).toEqual(['basic', 'enterprise'])
    const userId = await addUser(ctx)
    const refused = { code: 'UNKNOWN_PLAN' }
    await expect(createCheckout(ctx, { userId, plan: 'pro' })).rejects.toMatchObject(refused)
    await subscribe(billing, { userId, plan: 'basic' })
    await expect(changePlan(ctx, { userId, plan: 'pro' })).rejects.toMatchObject(refused)
  })

  test('is a problem that doctor names, with the variable', async () => {
    const found = (await examine(ctx)).find(({ name }) => name === 'price of pro')
    expect(found).toMatchObject({
      ok: false,
      message: expect.stringMatching(reason),
      fix: expect.stringContaining('STRIPE_PRICE_PRO to'),
    })
    expect(found?.message).toContain(id)
  })
})

test('a plan that Stripe has no price for is not offered', async () => {
  const plans = await listPlans(withPrice('price_gone'))
  expect(plans.map(({ id }) => id)).toEqual(['basic', 'enterprise'])
})

test('a push replaces a price under the lookup key that can’t be offered', async () => {
  await makePrice({
    recurring: { interval: 'month', interval_count: 3 },
    lookup_key: 'tollgate_pro',
    transfer_lookup_key: true,
    metadata: { tollgate_plan: 'pro' },
  })
  const ctx = billing.another()
  expect((await listPlans(ctx)).map(({ id }) => id)).not.toContain('pro')
  await pushPlans(ctx, { dryRun: false })
  expect((await listPlans(billing.another())).map(({ id }) => id)).toContain('pro')
})

describe('what is offered of any price at Stripe', () => {
  const price = fc.record({
    id: fc.constant('price_1'),
    active: fc.boolean(),
    billing_scheme: fc.constantFrom('per_unit', 'tiered'),
    currency: fc.constantFrom('usd', 'eur'),
    unit_amount: fc.option(fc.nat()),
    transform_quantity: fc.option(fc.constant({ divide_by: 10, round: 'up' })),
    recurring: fc.option(
      fc.record({
        interval: fc.constantFrom('day', 'week', 'month', 'year'),
        interval_count: fc.integer({ min: 1, max: 3 }),
        usage_type: fc.constantFrom('licensed', 'metered'),
      }),
    ),
    currency_options: fc.constantFrom(undefined, { eur: { unit_amount: 4_500 } }),
  })
  const declared = fc.record({
    interval: fc.constantFrom('month' as const, 'year' as const),
    currency: fc.constantFrom('usd', 'eur'),
  })

  test('is so much for one, each month or year, in the catalogue’s currency', () => {
    fc.assert(
      fc.property(price, declared, (given, sold) => {
        const offer = offerOf('pro', JSON.parse(JSON.stringify(given)), sold)
        const isTrue =
          given.active &&
          given.billing_scheme === 'per_unit' &&
          given.transform_quantity === null &&
          given.unit_amount !== null &&
          given.currency === sold.currency &&
          given.recurring?.interval === sold.interval &&
          given.recurring.interval_count === 1 &&
          given.recurring.usage_type === 'licensed'
        expect('price' in offer).toBe(isTrue)
        if ('price' in offer) expect(offer.price.unitAmount).toBe(given.unit_amount)
        else expect(offer.refused).toMatch(/^price_1 (is|has) /)
      }),
      { numRuns: 2_000 },
    )
  })
})
