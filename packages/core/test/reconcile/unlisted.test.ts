import { afterAll, beforeAll, expect, test } from 'vitest'
import { getOverview, reconcile } from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { rightTo, startBilling, stripeSide, subscribe } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'

// Rows of subscriptions that Stripe does not list any more.

let core: BillingHarness
beforeAll(async () => {
  core = await startBilling()
})
afterAll(() => core.close())

const sql = async (text: string, values: unknown[] = []) =>
  (await core.ctx.db.pool.query(text, values)).rows
const repair = () => reconcile(core.ctx, { dryRun: false })
const statusOf = async (id: string) =>
  (await sql('SELECT status, is_current, ended_at FROM subscriptions WHERE id = $1', [id]))[0]
const revenue = async () => (await getOverview(core.ctx)).monthlyRevenue

async function payer(): Promise<{ userId: string; id: string; customer: string }> {
  const userId = await addUser(core.ctx)
  const { id } = await subscribe(core, { userId, plan: 'pro' })
  return { userId, id, customer: (await stripeSide(core.ctx, userId)).customer }
}

/** A row beside a user's own, as active as that. */
async function leaveBehind(of: string, id: string): Promise<void> {
  await sql(
    `INSERT INTO subscriptions SELECT (jsonb_populate_record(s,
       jsonb_build_object('id', $2::text, 'is_current', false))).* FROM subscriptions s WHERE id = $1`,
    [of, id],
  )
}

test('a row left over from another account is settled, and reported once', async () => {
  const { id, customer } = await payer()
  const before = await revenue()
  await leaveBehind(id, 'sub_remains')
  expect(await revenue()).not.toEqual(before)
  expect((await reconcile(core.ctx, { dryRun: true })).drift).toMatchObject([
    { kind: 'subscription_unknown', objectId: 'sub_remains', repaired: false },
  ])
  expect((await repair()).drift).toMatchObject([
    {
      kind: 'subscription_unknown',
      objectId: 'sub_remains',
      customerId: customer,
      detail: 'active',
      repaired: true,
    },
  ])
  expect(await statusOf('sub_remains')).toMatchObject({ status: 'canceled', is_current: false })
  expect(await statusOf(id)).toMatchObject({ status: 'active', is_current: true })
  expect(await revenue()).toEqual(before)
  expect(await repair()).toMatchObject({ drift: [] })
})

test('a subscription of a former customer ends when it ended at Stripe', async () => {
  const { userId, id, customer } = await payer()
  await core.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(id))
  const next = await core.ctx.stripe.call((stripe) => stripe.customers.create({}))
  // No event came, and the user is another customer by now.
  await sql('UPDATE users SET stripe_customer_id = $2 WHERE id = $1', [userId, next.id])
  core.clock.advance(3_600_000)
  const { drift } = await repair()
  expect(drift.filter(({ objectId }) => objectId === id)).toMatchObject([
    { kind: 'subscription_unknown', repaired: true },
  ])
  expect(await statusOf(id)).toEqual({
    status: 'canceled',
    is_current: false,
    ended_at: new Date('2026-11-15T12:00:00.000Z'),
  })
  expect(await rightTo(core.ctx, userId)).toMatchObject({ refusal: 'no_subscription' })
  expect(customer).not.toBe(next.id)
})

test('one that still runs at Stripe stays, and is reported', async () => {
  const { userId, id } = await payer()
  const next = await core.ctx.stripe.call((stripe) => stripe.customers.create({}))
  await sql('UPDATE users SET stripe_customer_id = $2 WHERE id = $1', [userId, next.id])
  const { drift } = await repair()
  // Its customer is nobody's by now: that is reported as well.
  expect(drift.filter(({ objectId }) => objectId === id)).toMatchObject([
    { kind: 'subscription_unclaimed', repaired: false },
    { kind: 'subscription_unknown', repaired: false },
  ])
  expect(await statusOf(id)).toMatchObject({ status: 'active' })
  await core.ctx.stripe.call((stripe) => stripe.subscriptions.cancel(id))
  await repair()
  expect(await statusOf(id)).toMatchObject({ status: 'canceled' })
})

test.each(['cus_000', 'cus_zzz'])(
  'the subscriptions of %s, which Stripe does not know although it knows others, end',
  async (customer) => {
    const userId = await addUser(core.ctx)
    const { id } = await payer()
    const lost = `sub_of_${customer}`
    await leaveBehind(id, lost)
    await sql('UPDATE users SET stripe_customer_id = $2 WHERE id = $1', [userId, customer])
    await sql(
      'UPDATE subscriptions SET user_id = $2, customer_id = $3, is_current = true WHERE id = $1',
      [lost, userId, customer],
    )
    const { drift, complete } = await repair()
    expect(complete).toBe(true)
    expect(drift.filter(({ customerId }) => customerId === customer)).toMatchObject([
      { kind: 'customer_unknown', customerId: customer, repaired: false },
      { kind: 'subscription_unknown', objectId: lost, repaired: true },
    ])
    expect(await statusOf(lost)).toMatchObject({ status: 'canceled', is_current: false })
    await sql('UPDATE users SET stripe_customer_id = NULL WHERE id = $1', [userId])
  },
)
