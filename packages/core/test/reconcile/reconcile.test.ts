import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reconciliation } from '../../src/index.ts'
import {
  createCheckout,
  getSubscription,
  lastReconcile,
  listAudit,
  reconcile,
  syncBilling,
} from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { GOOD_CARD, payWith, startBilling } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'
import { inboxOf, rowsOf } from '../stripe/stripe-harness.ts'

const actor = { kind: 'command', id: 'test' } as const

let core: BillingHarness
let payer: string
beforeAll(async () => {
  core = await startBilling()
  // Nothing listens there: Stripe delivers nothing.
  await core.ctx.stripe.call((stripe) =>
    stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:1/webhook', enabled_events: ['*'] }),
  )
  payer = await addPayer()
  await repair()
})
afterAll(() => core.close())

const sql = async (text: string, values: unknown[] = []) =>
  (await core.ctx.db.pool.query(text, values)).rows
const repair = () => reconcile(core.ctx, { dryRun: false, actor })
const kindsOf = ({ counts }: Reconciliation) => counts.map(({ kind }) => kind)

/** A user who has paid for a plan. */
async function addPayer(): Promise<string> {
  const userId = await addUser(core.ctx)
  const { url } = await createCheckout(core.ctx, { userId, plan: 'pro' })
  await payWith(GOOD_CARD, url)
  await syncBilling(core.ctx, { userId })
  return userId
}

const subscriptionIdOf = async (userId: string): Promise<string> =>
  (await sql('SELECT id FROM subscriptions WHERE user_id = $1', [userId]))[0]?.id

/** Every table, but for the turns that processes take. */
async function everything() {
  const tables = ['users', 'stripe_events', 'stripe_prices', 'stripe_account', 'audit_log']
  const more = ['reconcile_runs', 'reconcile_drift', 'leases']
  const rows = await Promise.all([...tables, ...more].map((table) => sql(`SELECT * FROM ${table}`)))
  return { rows, billing: await rowsOf(core.ctx) }
}

test('finds nothing where nothing differs', async () => {
  expect(await repair()).toMatchObject({ complete: true, counts: [], drift: [] })
})

describe('rows that were broken', () => {
  // biome-ignore format: a table
  const broken: [string, string, string[]][] = [
    ['a lost subscription', 'DELETE FROM subscriptions', ['quota_missing', 'subscription_missing']],
    ['a status', `UPDATE subscriptions SET status = 'canceled'`, ['subscription_differs']],
    ['an amount', 'UPDATE subscriptions SET unit_amount = 1', ['subscription_differs']],
    ['a period', 'UPDATE subscriptions SET current_period_end = now()', ['subscription_differs']],
    ['who counts', 'UPDATE subscriptions SET is_current = false', ['subscription_differs']],
    ['a limit', `UPDATE quotas SET limit_amount = 5 WHERE meter = 'tokens'`, ['quota_differs']],
    ['a lost quota', `DELETE FROM quotas WHERE meter = 'apiCalls'`, ['quota_missing']],
    ['an endless quota', 'UPDATE quotas SET unlimited = true', ['quota_differs']],
    ['a lost invoice', 'DELETE FROM invoices', ['invoice_missing']],
    ['what was paid', 'UPDATE invoices SET amount_paid = 0', ['invoice_differs']],
    ['a draft that is none', `UPDATE invoices SET id = 'in_gone', status = 'draft'`, ['invoice_missing', 'invoice_unknown']],
    ['a price that was forgotten', 'DELETE FROM stripe_prices', ['price_missing']],
  ]

  test.each(broken)('%s: named, repaired, and then not found again', async (_, breaks, kinds) => {
    const whole = await rowsOf(core.ctx)
    await sql(breaks)
    const found = await repair()
    expect(kindsOf(found)).toEqual(kinds)
    expect(found.drift.every(({ repaired }) => repaired)).toBe(true)
    expect(await rowsOf(core.ctx)).toEqual(whole)
    expect(await repair()).toMatchObject({ drift: [] })
  })

  test('a row that was given to another user comes back', async () => {
    const whole = await rowsOf(core.ctx)
    const other = await addUser(core.ctx)
    await sql('UPDATE invoices SET user_id = $2 WHERE user_id = $1', [payer, other])
    expect(kindsOf(await repair())).toEqual(['invoice_differs'])
    expect(await rowsOf(core.ctx)).toEqual(whole)
  })
})

describe('events that Stripe could not deliver', () => {
  test('a cancellation, a purchase and a subscription made by hand are found', async () => {
    const [canceled, buyer, made] = [
      await addPayer(),
      await addUser(core.ctx),
      await addUser(core.ctx),
    ]
    await repair()
    const id = await subscriptionIdOf(canceled)
    await core.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(id))
    const { url } = await createCheckout(core.ctx, { userId: buyer, plan: 'basic' })
    await payWith(GOOD_CARD, url)
    await makeByHand(made)
    const found = await repair()
    expect(kindsOf(found)).toEqual([
      'customer_unbound',
      'event_undelivered',
      'invoice_missing',
      'quota_missing',
      'quota_unknown',
      'subscription_differs',
      'subscription_missing',
    ])
    expect(
      await sql('SELECT user_id, status FROM subscriptions WHERE user_id = ANY ($1)', [
        [canceled, buyer, made],
      ]),
    ).toEqual(
      expect.arrayContaining([
        { user_id: canceled, status: 'canceled' },
        { user_id: buyer, status: 'active' },
        { user_id: made, status: 'active' },
      ]),
    )
    expect(await repair()).toMatchObject({ drift: [] })
  })

  test('every event that we need is in the inbox afterwards, and handled', async () => {
    const states = (await inboxOf(core.ctx)).map(({ state }) => state)
    expect(states.length).toBeGreaterThan(0)
    expect(new Set(states)).toEqual(new Set(['handled']))
  })
})

describe('a dry run', () => {
  test('names the same differences, and writes nothing', async () => {
    await sql('UPDATE quotas SET limit_amount = 5')
    const before = await everything()
    const looked = await reconcile(core.ctx, { dryRun: true, actor })
    expect(kindsOf(looked)).toEqual(['quota_differs'])
    expect(looked.drift.some(({ repaired }) => repaired)).toBe(false)
    expect(await everything()).toEqual(before)
  })

  test('in parts finds what it finds as a whole', async () => {
    await sql('UPDATE quotas SET limit_amount = 6')
    const whole = await reconcile(core.ctx, { dryRun: true })
    const parts: Reconciliation[] = []
    for (let cursor: string | undefined; ; ) {
      const part = await reconcile(core.ctx, { dryRun: true, maxRequests: 1, cursor })
      parts.push(part)
      if (part.nextCursor === null) break
      cursor = part.nextCursor
    }
    expect(parts.flatMap(({ drift }) => drift)).toEqual(whole.drift)
    expect(parts.reduce((sum, { customers }) => sum + customers, 0)).toBe(whole.customers)
    expect(parts.length).toBeGreaterThan(whole.customers)
  })
})

describe('a reconcile run', () => {
  test('that ends early goes on where it stopped, in whatever process', async () => {
    const whole = await repair()
    const first = await reconcile(core.ctx, { dryRun: false, maxRequests: 4 })
    expect(first).toMatchObject({ complete: false, customers: 1 })
    expect(await lastReconcile(core.ctx)).toMatchObject({ finishedAt: null, customers: 1 })
    const signal = AbortSignal.abort()
    const second = await reconcile(core.another(), { dryRun: false, signal })
    expect(second).toMatchObject({ complete: false, customers: 2 })
    const rest = await reconcile(core.another(), { dryRun: false })
    expect(rest).toMatchObject({ complete: true, customers: whole.customers })
  })

  test('keeps a second one out while it is at work', async () => {
    let second: Promise<unknown> | undefined
    const sleep = async () => {
      second ??= reconcile(core.another(), { dryRun: false, waitMs: 0 }).catch(
        (error: unknown) => error,
      )
      await second
    }
    expect(await reconcile(core.ctx, { dryRun: false, sleep })).toMatchObject({ complete: true })
    expect(await second).toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('is audited where an actor asked for it', async () => {
    await repair()
    expect((await listAudit(core.ctx, { limit: 1 })).items).toMatchObject([
      { action: 'stripe.reconcile', actor, details: { complete: true } },
    ])
  })
})

test('a subscription to a plan whose customer is unknown is reported each time, until a user is named', async () => {
  await sellSomethingElse()
  const userId = await addUser(core.ctx)
  const customer = await makeByHand()
  const unclaimed = [{ kind: 'subscription_unclaimed', customerId: customer, repaired: false }]
  expect(ofSubscriptions(await repair())).toMatchObject(unclaimed)
  expect(ofSubscriptions(await repair())).toMatchObject(unclaimed)
  expect(ofSubscriptions(await reconcile(core.ctx, { dryRun: true }))).toMatchObject(unclaimed)
  await core.ctx.stripe.call((stripe) =>
    stripe.customers.update(customer, { metadata: { userId } }),
  )
  expect(ofSubscriptions(await repair())).toMatchObject([
    { kind: 'customer_unbound', repaired: true },
  ])
  expect(await getSubscription(core.ctx, { userId })).toMatchObject({ plan: 'basic' })
  expect(await repair()).toMatchObject({ drift: [] })
})

/** The drift about subscriptions and their customers, without the events that Stripe could not deliver. */
function ofSubscriptions({ drift }: Reconciliation) {
  return drift.filter(({ kind }) => kind !== 'event_undelivered')
}

/** What the same Stripe account sells beside our plans. */
async function sellSomethingElse() {
  await core.ctx.stripe.call(async (stripe) => {
    const product = await stripe.products.create({ name: 'Consulting' })
    const { id } = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 100,
      recurring: { interval: 'month' },
    })
    await subscribeByHand(id)
  })
}

/** As in Stripe's dashboard, for a customer whose metadata names the user, or none. Returns the customer's id. */
async function makeByHand(userId?: string) {
  const { data } = await core.ctx.stripe.call((stripe) =>
    stripe.prices.list({ lookup_keys: ['tollgate_basic'] }),
  )
  return subscribeByHand(data[0]?.id ?? '', userId)
}

async function subscribeByHand(price: string, userId?: string) {
  return core.ctx.stripe.call(async (stripe) => {
    const customer = await stripe.customers.create(
      userId === undefined ? {} : { metadata: { userId } },
    )
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
    await stripe.subscriptions.create({
      customer: customer.id,
      default_payment_method: card.id,
      items: [{ price }],
    })
    return customer.id
  })
}
