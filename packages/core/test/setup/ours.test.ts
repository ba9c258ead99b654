import { held } from '@tollgate/testing/stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import { examine, pushPlans } from '../../src/index.ts'
import { getQuotaLimitsForPrice } from '../../src/stripe/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling } from '../billing/billing-harness.ts'

let billing: BillingHarness
let ctx: Context

beforeEach(async () => {
  billing = await startBilling({ observer: held({ provoking: true }) })
  ctx = billing.ctx
})
afterEach(() => billing.close())

/** Everything that a push could change. */
const sold = () =>
  ctx.stripe.call(async ({ products, prices }) => ({
    products: (await products.list({ limit: 100 })).data,
    prices: (await prices.list({ limit: 100 })).data,
  }))
const push = () => pushPlans(ctx, { dryRun: false })

/** A price of another product takes the lookup key of pro over, as an operator or another program may do it. */
const takeKey = (unitAmount: number, metadata: Record<string, string> = {}) =>
  ctx.stripe.call(({ prices }) =>
    prices.create({
      product_data: { name: 'Made by hand' },
      currency: 'usd',
      unit_amount: unitAmount,
      recurring: { interval: 'month' },
      lookup_key: 'tollgate_pro',
      transfer_lookup_key: true,
      metadata,
    }),
  )

async function expectRefusal(message: RegExp): Promise<void> {
  const before = await sold()
  const refusal = { code: 'VALIDATION', message: expect.stringMatching(message) }
  await expect(pushPlans(ctx, { dryRun: true })).rejects.toMatchObject(refusal)
  await expect(push()).rejects.toMatchObject(refusal)
  expect(await sold()).toEqual(before)
}

const problems = async () => (await examine(ctx)).filter(({ ok }) => !ok)

describe('what belongs to another plan by its metadata is refused by a push, and reported by the doctor', () => {
  test('a price with the lookup key of a plan', async () => {
    const { id } = await takeKey(4_900, { tollgate_plan: 'gold' })
    await expectRefusal(
      new RegExp(`^plans.pro: the price ${id} .*tollgate_pro belongs to "gold", not to "pro"`),
    )
    expect(await problems()).toContainEqual({
      name: 'price of pro',
      ok: false,
      message: expect.stringContaining('belongs to "gold"'),
      fix: expect.stringContaining('metadata.tollgate_plan'),
    })
  })

  test('a product with the id of a plan', async () => {
    await ctx.stripe.call(({ products }) =>
      products.update('tollgate_pro', { metadata: { tollgate_plan: 'basic' } }),
    )
    await expectRefusal(/^plans.pro: the product tollgate_pro belongs to "basic", not to "pro"/)
    expect((await problems()).map(({ name }) => name)).toContain('price of pro')
  })

  test('a price that names no plan, of the product of another plan', async () => {
    await ctx.stripe.call(({ prices }) =>
      prices.create({
        product: 'tollgate_basic',
        currency: 'usd',
        unit_amount: 4_900,
        recurring: { interval: 'month' },
        lookup_key: 'tollgate_pro',
        transfer_lookup_key: true,
      }),
    )
    await expectRefusal(/belongs to "basic", not to "pro"/)
  })
})

describe('a price that names no plan, made by hand', () => {
  test('is sold where its amount is the catalogue’s', async () => {
    const { id } = await takeKey(4_900)
    expect(await push()).toContainEqual(
      expect.objectContaining({ object: 'price', plan: 'pro', action: 'keep', id }),
    )
    expect((await problems()).map(({ name }) => name)).not.toContain('price of pro')
  })

  test('keeps its lookup key where its amount is another, until its metadata names the plan', async () => {
    const { id } = await takeKey(9_900)
    await expectRefusal(new RegExp(`^plans.pro: the price ${id} .* names no plan in its metadata`))
    await ctx.stripe.call(({ prices }) => prices.update(id, { metadata: { tollgate_plan: 'pro' } }))
    expect(await push()).toContainEqual(
      expect.objectContaining({ object: 'price', plan: 'pro', action: 'create' }),
    )
    expect(await getQuotaLimitsForPrice(ctx, id)).toMatchObject({ tokens: { limit: 1_000_000 } })
  })
})

test('a product with the id of a plan that names none is marked as that plan’s', async () => {
  const mark = async () =>
    (await ctx.stripe.call(({ products }) => products.retrieve('tollgate_pro'))).metadata
  await ctx.stripe.call(({ products }) =>
    products.update('tollgate_pro', { metadata: { tollgate_plan: '' } }),
  )
  expect(await mark()).toEqual({})
  expect(await push()).toContainEqual(
    expect.objectContaining({ object: 'product', plan: 'pro', action: 'update' }),
  )
  expect(await mark()).toEqual({ tollgate_plan: 'pro' })
})
