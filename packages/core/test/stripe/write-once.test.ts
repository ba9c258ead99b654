import type { StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import type { PlanId } from '@tollgate/testing/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChangePreview } from '../../src/index.ts'
import {
  cancelSubscription,
  changePlan,
  createCheckout,
  createPortalSession,
  getSubscription,
  previewChange,
  pushPlans,
  resumeSubscription,
  TollgateError,
  upsertUser,
} from '../../src/index.ts'
import { ManualClock } from '../../src/testing.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { stripeSide, subscribe } from '../billing/billing-harness.ts'
import { addUser, NOON } from '../harness.ts'
import type { Failing, FailingStripe } from './failing-stripe.ts'
import { startFailingStripe } from './failing-stripe.ts'
import { startCoreWith } from './stripe-harness.ts'

let stripe: StripeEmulator
let failing: FailingStripe
let core: BillingHarness

async function start(): Promise<void> {
  const clock = new ManualClock(NOON)
  stripe = await startStripeEmulator({ clock })
  failing = await startFailingStripe(stripe.url)
  core = { ...(await startCoreWith(failing.apiBase, clock)), stripe, stripeUrl: failing.apiBase }
}

async function stop(): Promise<void> {
  await core.close()
  await failing.close()
  await stripe.stop()
}

const ways: Pick<Failing, 'failure' | 'happens'>[] = [
  { failure: 'server_error', happens: false },
  { failure: 'server_error', happens: true },
  { failure: 'rate_limit', happens: false },
  { failure: 'lock_timeout', happens: false },
]

/** Runs it while the next write to `path` fails for good under its key, then once more. */
async function twice<T>(way: Failing, work: () => Promise<T>): Promise<T> {
  const before = failing.failed
  failing.failNext(way)
  const first = await work().catch((error: unknown) => {
    // A refusal that tells the payer something else would be wrong.
    if (!(error instanceof TollgateError && error.code === 'STRIPE_UNAVAILABLE')) throw error
  })
  expect(failing.failed).toBeGreaterThan(before)
  return first ?? work()
}

interface Write {
  path: string
  /** What was there before. */
  given?: (userId: string) => Promise<unknown>
  work: (userId: string) => Promise<unknown>
  /** How Stripe stands afterwards. */
  holds: (userId: string) => Promise<void>
}

const side = (userId: string) => stripeSide(core.ctx, userId)
const checkout = (userId: string) => createCheckout(core.ctx, { userId, plan: 'pro' })
const subscribed = (userId: string) => subscribe(core, { userId, plan: 'pro' })
const onBasic = (userId: string) => subscribe(core, { userId, plan: 'basic' })

const previews = new Map<string, Promise<ChangePreview>>()
/** What a payer has seen, however often they then confirm it. */
function previewed(userId: string, plan: PlanId): Promise<ChangePreview> {
  const seen = previews.get(userId) ?? previewChange(core.ctx, { userId, plan })
  previews.set(userId, seen)
  return seen
}

async function oneSession(userId: string) {
  const { customers, sessions } = await side(userId)
  expect(customers.filter(({ metadata }) => metadata['userId'] === userId)).toHaveLength(1)
  expect(sessions.filter(({ status }) => status === 'open')).toHaveLength(1)
}

async function oneSubscription(userId: string, expected: object) {
  const { subscriptions } = await side(userId)
  expect(subscriptions).toHaveLength(1)
  expect(await getSubscription(core.ctx, { userId })).toMatchObject(expected)
}

/** Every write that a payer makes the product do. */
const payers: Write[] = [
  { path: '/v1/customers', work: checkout, holds: oneSession },
  { path: '/v1/checkout/sessions', work: checkout, holds: oneSession },
  {
    path: '/v1/checkout/sessions/*/expire',
    given: (userId) => createCheckout(core.ctx, { userId, plan: 'basic' }),
    work: checkout,
    holds: oneSession,
  },
  {
    path: '/v1/customers/*',
    async given(userId) {
      await checkout(userId)
      await upsertUser(core.ctx, { userId, email: 'new@example.com' })
    },
    work: checkout,
    async holds(userId) {
      await oneSession(userId)
      const { customer, customers } = await side(userId)
      expect(customers.find(({ id }) => id === customer)?.email).toBe('new@example.com')
    },
  },
  {
    path: '/v1/billing_portal/sessions',
    given: subscribed,
    work: (userId) => createPortalSession(core.ctx, { userId }),
    holds: (userId) => oneSubscription(userId, { plan: 'pro' }),
  },
  {
    path: '/v1/subscriptions/*',
    given: subscribed,
    work: (userId) => cancelSubscription(core.ctx, { userId }),
    holds: (userId) => oneSubscription(userId, { cancelAt: expect.any(String) }),
  },
  {
    path: '/v1/subscriptions/*',
    async given(userId) {
      await subscribed(userId)
      await cancelSubscription(core.ctx, { userId })
    },
    work: (userId) => resumeSubscription(core.ctx, { userId }),
    holds: (userId) => oneSubscription(userId, { cancelAt: null }),
  },
  {
    path: '/v1/subscriptions/*',
    given: onBasic,
    // As the page does: confirms the price that was previewed.
    async work(userId) {
      const plan = 'pro'
      const { prorationDate } = await previewed(userId, plan)
      return changePlan(core.ctx, { userId, plan, prorationDate })
    },
    holds: (userId) => oneSubscription(userId, { plan: 'pro' }),
  },
  ...['/v1/subscription_schedules', '/v1/subscription_schedules/*'].map((path) => ({
    path,
    given: subscribed,
    work: (userId: string) => changePlan(core.ctx, { userId, plan: 'basic' }),
    holds: (userId: string) => oneSubscription(userId, { plan: 'pro', pendingPlan: 'basic' }),
  })),
  {
    path: '/v1/subscription_schedules/*/release',
    async given(userId) {
      await subscribed(userId)
      await changePlan(core.ctx, { userId, plan: 'basic' })
    },
    work: (userId) => resumeSubscription(core.ctx, { userId }),
    holds: (userId) => oneSubscription(userId, { plan: 'pro', pendingPlan: null }),
  },
]

describe('a write that fails for good under its key succeeds at the second attempt, with one effect', () => {
  beforeAll(async () => {
    await start()
    await pushPlans(core.ctx, { dryRun: false })
  })
  afterAll(stop)

  for (const { path, given, work, holds } of payers) {
    test.each(ways)(`POST ${path}, %o`, async (way) => {
      const userId = await addUser(core.ctx)
      await given?.(userId)
      await twice({ path, ...way }, () => work(userId))
      await holds(userId)
    })
  }

  test('though the process died before it could note the failure', async () => {
    const userId = await addUser(core.ctx)
    failing.failNext({ path: '/v1/customers', failure: 'server_error', happens: true })
    await expect(checkout(userId)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    await core.ctx.db.pool.query('DELETE FROM stripe_write_failures')
    await expect(checkout(userId)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    await checkout(userId)
    await oneSession(userId)
  })

  test('though every key of a day of outage holds a failure', async () => {
    const userId = await addUser(core.ctx)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      failing.failNext({ path: '/v1/customers', failure: 'server_error', happens: false })
      await expect(checkout(userId)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    }
    await checkout(userId)
    await oneSession(userId)
  })
})

describe('plans push succeeds at the second attempt, with one product and price a plan', () => {
  const paths = ['/v1/products', '/v1/prices', '/v1/billing_portal/configurations']
  test.each(paths.flatMap((path) => ways.map((way) => ({ path, ...way }))))('%o', async (way) => {
    await start()
    await twice(way, () => pushPlans(core.ctx, { dryRun: false }))
    const [products, prices, portals] = await core.ctx.stripe.call(async (api) => [
      (await api.products.list({ limit: 100 })).data,
      (await api.prices.list({ limit: 100 })).data,
      (await api.billingPortal.configurations.list({ limit: 100 })).data,
    ])
    const plans = core.ctx.catalog.planIds.length
    expect(products).toHaveLength(plans)
    expect(prices).toHaveLength(plans)
    expect(
      portals?.filter((each) => 'metadata' in each && each.metadata?.['tollgate']),
    ).toHaveLength(1)
    await stop()
  })
})
