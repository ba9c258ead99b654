import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context, PushStep } from '../../src/index.ts'
import { pushPlans } from '../../src/index.ts'
import { checkOverage } from '../../src/setup/doctor/check-overage.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling } from '../billing/billing-harness.ts'
import { catalog } from '../overage/overage-catalog.ts'

let core: BillingHarness
let ctx: Context
beforeAll(async () => {
  core = await startBilling({ catalog })
  ctx = core.ctx
})
afterAll(() => core.close())

const changesOf = (steps: readonly PushStep[]) =>
  steps.filter(({ action }) => action !== 'keep').map(({ action, object }) => [action, object])

const priceUnder = async (key: string) => {
  const { data } = await ctx.stripe.call((stripe) =>
    stripe.prices.list({ lookup_keys: [key], expand: ['data.currency_options'] }),
  )
  return data[0]
}

/** A catalogue whose Pro sells tokens at other amounts. */
function at(per: number, price: Record<string, number>): Context {
  const { pro } = catalog.plans
  const overage = { ...pro.overage, tokens: { per, price, defaultCap: 'none' as const } }
  return { ...ctx, catalog: { ...catalog, plans: { ...catalog.plans, pro: { ...pro, overage } } } }
}

test('each meter that is sold has one Billing Meter, and each overage one exact monthly price', async () => {
  const meters = await ctx.stripe.call((stripe) => stripe.billing.meters.list())
  expect(meters.data.map(({ event_name, status }) => [event_name, status]).toSorted()).toEqual([
    ['tollgate_renders', 'active'],
    ['tollgate_tokens', 'active'],
  ])
  const price = await priceUnder('tollgate_pro_tokens_overage')
  expect(price?.unit_amount_decimal?.toString()).toBe('2.5')
  expect(price).toMatchObject({
    currency: 'usd',
    recurring: { interval: 'month', interval_count: 1, usage_type: 'metered' },
    metadata: { tollgate_overage_plan: 'pro', tollgate_overage_meter: 'tokens' },
  })
})

test('a repeat changes nothing, and the doctor finds nothing to do', async () => {
  expect(changesOf(await pushPlans(ctx, { dryRun: false }))).toEqual([])
  const found = await checkOverage(ctx)
  expect(found).toHaveLength(6)
  expect(found.every(({ ok }) => ok)).toBe(true)
})

test('another amount, and another currency, make a new price that takes over the lookup key', async () => {
  const before = await priceUnder('tollgate_pro_tokens_overage')
  const dearer = at(1_000, { usd: 3, eur: 2 })
  const [problem] = (await checkOverage(dearer)).filter(
    ({ name }) => name === 'overage of pro, tokens',
  )
  expect(problem).toMatchObject({ ok: false, fix: 'Run: tollgate plans push' })
  expect(changesOf(await pushPlans(dearer, { dryRun: false }))).toEqual([['create', 'price']])
  const after = await priceUnder('tollgate_pro_tokens_overage')
  expect(after?.id).not.toBe(before?.id)
  expect(after?.unit_amount_decimal?.toString()).toBe('0.003')
  expect(after?.currency_options?.['eur']?.unit_amount_decimal?.toString()).toBe('0.002')
  expect(changesOf(await pushPlans(dearer, { dryRun: false }))).toEqual([])
})

test('a Billing Meter that was switched off is switched on again', async () => {
  const { data } = await ctx.stripe.call((stripe) => stripe.billing.meters.list())
  const renders = data.find(({ event_name }) => event_name === 'tollgate_renders')
  await ctx.stripe.call((stripe) => stripe.billing.meters.deactivate(renders?.id ?? ''))
  const dearer = at(1_000, { usd: 3, eur: 2 })
  expect(changesOf(await pushPlans(dearer, { dryRun: false }))).toEqual([['update', 'meter']])
})

test('what stands under a name of ours and is not ours is refused, and nothing is changed', async () => {
  const { ctx: other, ...rest } = await startBilling()
  try {
    const make = { display_name: 'Theirs', event_name: 'tollgate_tokens' }
    await other.stripe.call((stripe) =>
      stripe.billing.meters.create({ ...make, default_aggregation: { formula: 'count' } }),
    )
    const selling = { ...other, catalog }
    await expect(pushPlans(selling, { dryRun: false })).rejects.toMatchObject({
      code: 'VALIDATION',
      message: expect.stringContaining('counts in another way than ours'),
    })
    const { data } = await other.stripe.call((stripe) => stripe.billing.meters.list())
    expect(data).toHaveLength(1)
    const [finding] = (await checkOverage(selling)).filter(({ name }) => name === 'meter of tokens')
    expect(finding?.ok).toBe(false)
  } finally {
    await rest.close()
  }
})

test('a price under our lookup key that names no overage is refused', async () => {
  await ctx.stripe.call(async (stripe) => {
    const product = await stripe.products.create({ name: 'Theirs' })
    await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 5,
      lookup_key: 'tollgate_max_tokens_overage',
      transfer_lookup_key: true,
    })
  })
  await expect(pushPlans(ctx, { dryRun: false })).rejects.toMatchObject({ code: 'VALIDATION' })
})
