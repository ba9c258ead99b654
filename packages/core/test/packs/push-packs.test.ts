import { held } from '@tollgate/testing/stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnyCatalog, Context, PushStep } from '../../src/index.ts'
import { buyPack, definePlans, examine, pushPlans } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling, stripeSide } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import { packCatalog } from './pack-harness.ts'

let billing: BillingHarness
let ctx: Context

beforeEach(async () => {
  billing = await startBilling({
    catalog: packCatalog,
    observer: held({ provoking: true }),
  })
  ctx = billing.ctx
})
afterEach(() => billing.close())

const push = (of = ctx) => pushPlans(of, { dryRun: false })
const changesOf = (steps: readonly PushStep[]) =>
  steps.filter(({ action }) => action !== 'keep').map(({ action, object }) => [action, object])
const priceOf = async (key: string) => {
  const list = { lookup_keys: [key], active: true, expand: ['data.currency_options'] }
  const { data } = await ctx.stripe.call((stripe) => stripe.prices.list(list))
  return data[0]
}
const findingOf = async (of = ctx) =>
  (await examine(of)).find(({ name }) => name === 'price of the pack tokens1m')

/** The same catalogue, with another price of the pack. */
const withPrice = (price: Record<string, number>): AnyCatalog => {
  const { tokens1m, renders10 } = packCatalog.packs
  return { ...packCatalog, packs: { tokens1m: { ...tokens1m, price }, renders10 } }
}

test('a push makes a product and a price that is paid once for each pack, and a repeat changes nothing', async () => {
  expect(await priceOf('tollgate_pack_tokens1m')).toMatchObject({
    product: 'tollgate_pack_tokens1m',
    unit_amount: 1_500,
    currency: 'usd',
    type: 'one_time',
    recurring: null,
    metadata: { tollgate_pack: 'tokens1m' },
  })
  const product = await ctx.stripe.call((stripe) =>
    stripe.products.retrieve('tollgate_pack_tokens1m'),
  )
  expect(product).toMatchObject({
    name: 'One million tokens',
    metadata: { tollgate_pack: 'tokens1m' },
  })
  expect(changesOf(await push())).toEqual([])
  expect(await findingOf()).toMatchObject({ ok: true })
})

test('another amount or currency makes another price, which takes the lookup key over', async () => {
  const before = await priceOf('tollgate_pack_tokens1m')
  const later = billing.another(withPrice({ usd: 1_600, eur: 1_400 }))
  expect(await findingOf(later)).toMatchObject({ ok: false, fix: 'Run: tollgate plans push' })
  expect(changesOf(await push(later))).toEqual([['create', 'price']])
  const after = await priceOf('tollgate_pack_tokens1m')
  expect(after?.id).not.toBe(before?.id)
  expect(after?.currency_options).toMatchObject({
    usd: { unit_amount: 1_600 },
    eur: { unit_amount: 1_400 },
  })
  expect(changesOf(await push(later))).toEqual([])
  expect(await findingOf(later)).toMatchObject({ ok: true })
})

test('a price that changed while a checkout was open: that session ends, the next has the new price', async () => {
  const userId = await addUser(ctx)
  const first = await buyPack(ctx, { userId, pack: 'tokens1m' })
  const later = billing.another(withPrice({ usd: 1_600 }))
  await push(later)
  const second = await buyPack(later, { userId, pack: 'tokens1m' })
  const { sessions } = await stripeSide(ctx, userId)
  expect(sessions.find(({ id }) => id === first.sessionId)).toMatchObject({ status: 'expired' })
  expect(sessions.find(({ id }) => id === second.sessionId)).toMatchObject({ amount_total: 1_600 })
})

describe('what is not ours by its metadata', () => {
  test.each([
    ['names no pack', {}],
    ['names "gold"', { tollgate_pack: 'gold' }],
  ])('is not touched by a push, and reported by the doctor: it %s', async (says, metadata) => {
    const made = await ctx.stripe.call((stripe) =>
      stripe.prices.create({
        product_data: { name: 'Made by hand' },
        currency: 'usd',
        unit_amount: 1_500,
        lookup_key: 'tollgate_pack_tokens1m',
        transfer_lookup_key: true,
        metadata,
      }),
    )
    const refusal = { code: 'VALIDATION', message: expect.stringContaining(says) }
    await expect(push()).rejects.toMatchObject(refusal)
    expect((await priceOf('tollgate_pack_tokens1m'))?.id).toBe(made.id)
    expect(await findingOf()).toMatchObject({ ok: false, message: expect.stringContaining(says) })
  })
})

test('a price that the environment names is the one that is sold, and stays as it is', async () => {
  const price = await ctx.stripe.call((stripe) =>
    stripe.prices.create({ product_data: { name: 'By hand' }, currency: 'usd', unit_amount: 999 }),
  )
  const named = { ...ctx, settings: { ...ctx.settings, packPriceIds: { tokens1m: price.id } } }
  expect(changesOf(await push(named))).toEqual([])
  const userId = await addUser(ctx)
  await buyPack(named, { userId, pack: 'tokens1m' })
  expect((await stripeSide(ctx, userId)).sessions).toMatchObject([{ amount_total: 999 }])
  expect(await findingOf(named)).toMatchObject({ ok: true })
})

test('a price that is paid each month is not sold as a pack', async () => {
  const price = await ctx.stripe.call((stripe) =>
    stripe.prices.create({
      product_data: { name: 'By hand' },
      currency: 'usd',
      unit_amount: 999,
      recurring: { interval: 'month' },
    }),
  )
  const named = { ...ctx, settings: { ...ctx.settings, packPriceIds: { tokens1m: price.id } } }
  const userId = await addUser(ctx)
  await expect(buyPack(named, { userId, pack: 'tokens1m' })).rejects.toMatchObject({
    code: 'STRIPE_UNAVAILABLE',
  })
  expect(await findingOf(named)).toMatchObject({
    ok: false,
    fix: expect.stringContaining('STRIPE_PRICE_PACK_TOKENS1M'),
  })
})

test('two ids that would have one name are refused when the catalogue is made', () => {
  const plan = { name: 'P', description: 'P', price: { month: { usd: 1 } }, limits: { tokens: 1 } }
  const pack = { name: 'X', meter: 'tokens', amount: 1, price: { usd: 1 } } as const
  expect(() =>
    definePlans({
      meters: { tokens: { name: 'Tokens', unit: ['token', 'tokens'] } },
      plans: { pack_big: plan },
      packs: { big: pack },
    }),
  ).toThrow('packs.big: would be called STRIPE_PRICE_PACK_BIG, as plans.pack_big is')
})
