import type { StripeEmulator } from '@tollgate/stripe-emulator'
import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Context, Finding } from '../../src/index.ts'
import {
  closeContext,
  createCheckout,
  createContext,
  examine,
  getOverview,
  listPlans,
  pushPlans,
  startWorker,
} from '../../src/index.ts'
import type { Operation, OperationName } from '../../src/stripe/operations/operations.ts'
import { operations } from '../../src/stripe/operations/operations.ts'
import { ManualClock } from '../../src/testing.ts'
import { addUser, NOON } from '../harness.ts'
import type { FailingStripe } from '../stripe/failing-stripe.ts'
import { startFailingStripe } from '../stripe/failing-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { startCoreWith } from '../stripe/stripe-harness.ts'

// A restricted key that lacks a permission.

let stripe: StripeEmulator
let failing: FailingStripe
let core: StripeHarness
beforeAll(async () => {
  const clock = new ManualClock(NOON)
  stripe = await startStripeEmulator({ clock })
  failing = await startFailingStripe(stripe.url)
  core = await startCoreWith(failing.apiBase, clock)
  await pushPlans(core.ctx, { dryRun: false })
  await (await startWorker(core.ctx)).stop()
})
afterAll(async () => {
  await core.close()
  await failing.close()
  await stripe.stop()
})
beforeEach(() => failing.denied.clear())

const problems = (found: readonly Finding[]) => found.filter((finding) => !finding.ok)
const permissions = (found: readonly Finding[]) =>
  found.find(({ name }) => name === 'stripe permissions')
const refusals = async () =>
  (await getOverview(core.ctx)).notices.filter(({ code }) => code === 'stripe_refuses')
/** All that Stripe has, in numbers. */
const inventory = () =>
  core.ctx.stripe.call(async (api) => [
    (await api.customers.list({ limit: 100 })).data.length,
    (await api.checkout.sessions.list({ limit: 100 })).data.length,
    (await api.products.list({ limit: 100 })).data.length,
    (await api.prices.list({ limit: 100 })).data.length,
    (await api.billingPortal.configurations.list({ limit: 100 })).data.length,
    (await api.webhookEndpoints.list({ limit: 100 })).data.length,
    (await api.events.list({ limit: 100 })).data.length,
  ])

test('the doctor changes nothing at Stripe', async () => {
  const before = await inventory()
  expect(problems(await examine(core.ctx))).toEqual([])
  expect(await inventory()).toEqual(before)
})

const all: Readonly<Record<OperationName, Operation>> = operations
const needed = (Object.keys(all) as OperationName[]).filter((name) => !all[name].isOptional)

test.each(needed)('the doctor names the permission that %s lacks', async (name) => {
  failing.denied.add(name)
  const found = permissions(await examine(core.ctx))
  expect(found).toMatchObject({ ok: false, message: expect.stringContaining(name) })
  expect(found?.message).toContain(operations[name].permission)
})

test('a key that may not see its account is fine', async () => {
  failing.denied.add('accounts.retrieveCurrent')
  const blind = core.another()
  expect(problems(await examine(blind))).toEqual([])
  expect(await refusals()).toEqual([])
})

test('a payer gets no outage, the operator a notice, until it works again', async () => {
  const userId = await addUser(core.ctx)
  const checkout = () => createCheckout(core.ctx, { userId, plan: 'pro' })
  failing.denied.add('checkout.sessions.create')
  await expect(checkout()).rejects.toMatchObject({
    code: 'STRIPE_UNAVAILABLE',
    message: 'Billing is stopped until the operator looks at it: Stripe refuses its key.',
  })
  await expect
    .poll(refusals)
    .toMatchObject([
      { message: expect.stringMatching(/checkout\.sessions\.create.*Checkout Sessions: Write/) },
    ])
  failing.denied.clear()
  // In another process: the operator has given the key its permission and restarted.
  await createCheckout(core.another(), { userId, plan: 'pro' })
  await expect.poll(refusals).toEqual([])
})

test('the doctor takes the notice away once the key has its permissions', async () => {
  failing.denied.add('invoices.voidInvoice')
  await examine(core.ctx)
  await expect.poll(refusals).toHaveLength(1)
  failing.denied.clear()
  await examine(core.ctx)
  await expect.poll(refusals).toEqual([])
})

test('a price of the environment that was archived is not offered, and the doctor says so', async () => {
  const id = await core.ctx.stripe.call(async (api) => {
    const price = await api.prices.create({
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
      product_data: { name: 'Pro, by hand' },
    })
    return price.id
  })
  const ctx: Context = createContext({
    catalog: core.ctx.catalog,
    databaseUrl: core.ctx.db.url,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: ['whsec_1'], apiBase: failing.apiBase },
    settings: { ...core.ctx.settings, priceIds: { pro: { month: id } } },
    log: core.ctx.log,
    clock: core.ctx.clock,
  })
  const offered = async () => (await listPlans(ctx)).map((plan) => plan.id)
  expect(await offered()).toEqual(['basic', 'pro', 'enterprise'])
  await core.ctx.stripe.call((api) => api.prices.update(id, { active: false }))
  core.clock.advance(60_000)
  expect(await offered()).toEqual(['basic', 'enterprise'])
  const userId = await addUser(ctx)
  await expect(createCheckout(ctx, { userId, plan: 'pro' })).rejects.toThrow('not on offer')
  expect((await examine(ctx)).find(({ name }) => name === 'price of pro')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/not offered: .*archived/),
  })
  await closeContext(ctx)
})
