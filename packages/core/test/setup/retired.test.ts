import { catalog as guide } from '@tollgate/testing/catalog'
import { held } from '@tollgate/testing/stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  closeContext,
  createContext,
  definePlans,
  examine,
  getQuota,
  listPlans,
  listUsers,
  pushPlans,
  syncBilling,
} from '../../src/index.ts'
import { getQuotaLimitsForPrice } from '../../src/stripe/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling, subscribe } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'

/** The catalogue of a year later: Pro is retired, and Max was added and retired before it was ever pushed. */
const later = definePlans({
  meters: {
    tokens: { name: 'Tokens', unit: ['token', 'tokens'] },
    apiCalls: { name: 'API calls', unit: ['call', 'calls'] },
    scrapingTasks: { name: 'Scraping tasks', unit: ['task', 'tasks'] },
  },
  plans: {
    basic: {
      name: 'Basic',
      description: guide.plans.basic.description,
      price: { month: { usd: 1_900 } },
      limits: { tokens: 100_000, apiCalls: 1_000, scrapingTasks: 100 },
    },
    pro: {
      name: 'Pro',
      description: 'Another description',
      price: { month: { usd: 5_900 } },
      limits: { tokens: 2_000_000, apiCalls: 10_000, scrapingTasks: 1_000 },
      retired: true,
    },
    max: {
      name: 'Max',
      description: 'Never sold',
      price: { month: { usd: 99_900 } },
      limits: { tokens: 0, apiCalls: 0, scrapingTasks: 0 },
      retired: true,
    },
  },
})

let billing: BillingHarness
let ctx: Context
let userId: string

beforeAll(async () => {
  billing = await startBilling({ observer: held({ provoking: true }) })
  userId = await addUser(billing.ctx)
  await subscribe(billing, { userId, plan: 'pro' })
  ctx = createContext({
    catalog: later,
    databaseUrl: billing.ctx.db.url,
    stripe: {
      secretKey: 'sk_test_123',
      webhookSecrets: ['whsec_test'],
      apiBase: billing.stripe.url,
    },
    settings: billing.ctx.settings,
    log: billing.ctx.log,
    clock: billing.clock,
  })
})
afterAll(async () => {
  await closeContext(ctx)
  await billing.close()
})

const sold = () =>
  ctx.stripe.call(async ({ products, prices }) => ({
    products: (await products.list({ limit: 100 })).data,
    prices: (await prices.list({ limit: 100 })).data,
  }))

test('a push neither creates, changes nor archives what is of a retired plan', async () => {
  const before = await sold()
  const steps = await pushPlans(ctx, { dryRun: false })
  expect(steps.flatMap(({ plan }) => plan ?? [])).toEqual(['basic', 'basic'])
  expect(await sold()).toEqual(before)
})

test('the doctor looks at the plans on offer alone', async () => {
  const names = (await examine(ctx)).map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('price of'))).toEqual(['price of basic'])
  expect((await listPlans(ctx)).map(({ id }) => id)).toEqual(['basic'])
})

test('the price of a retired plan still maps to it, so its customers keep the plan', async () => {
  const { prices } = await sold()
  const price = prices.find(({ lookup_key }) => lookup_key === 'tollgate_pro')
  expect(await getQuotaLimitsForPrice(ctx, price?.id ?? '')).toMatchObject({
    tokens: { limit: 2_000_000, unlimited: false },
  })
  expect(await syncBilling(ctx, { userId })).toMatchObject({ plan: 'pro', status: 'active' })
  expect(await getQuota(ctx, { userId })).toMatchObject([
    { meter: 'tokens', limit: 2_000_000 },
    {},
    {},
  ])
})

test('its customers are found by it', async () => {
  const { items } = await listUsers(ctx, { plan: 'pro' })
  expect(items).toMatchObject([{ userId, plan: 'pro' }])
})
