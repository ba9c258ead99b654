import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../src/index.ts'
import {
  createCheckout,
  createPortalSession,
  eraseUser,
  getUser,
  grantAdmin,
  listAudit,
  recordUsage,
  syncBilling,
  upsertUser,
} from '../../src/index.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling, stripeSide, subscribe } from '../billing/billing-harness.ts'
import { addUser } from '../harness.ts'

const actor: Actor = { kind: 'admin', id: 'operator' }
const erase = (userId: string) => eraseUser(billing.ctx, { userId, actor, reason: 'asked to' })

let billing: BillingHarness
let next = 1

beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())

async function signUp(): Promise<string> {
  const id = `account_${next++}`
  await billing.ctx.db.pool.query(
    `INSERT INTO auth_users (id, name, email) VALUES ($1, 'Ada Lovelace', 'ada' || $1 || '@example.com')`,
    [id],
  )
  await billing.ctx.db.pool.query(
    `INSERT INTO auth_sessions (id, token, user_id, expires_at) VALUES ($1, $1, $1, '2999-01-01')`,
    [id],
  )
  return id
}

async function customerOf(userId: string) {
  const { stripeCustomerId } = await getUser(billing.ctx, { userId })
  const id = stripeCustomerId ?? ''
  return billing.ctx.stripe.call(async (stripe) => ({
    customer: await stripe.customers.retrieve(id),
    cards: (await stripe.paymentMethods.list({ customer: id })).data,
  }))
}

test('erasing a payer ends the subscription at once, keeps usage and invoices, and erases who they are', async () => {
  const userId = await signUp()
  await subscribe(billing, { userId })
  await recordUsage(billing.ctx, { userId, meter: 'tokens', amount: 7, idempotencyKey: 'k' })
  await erase(userId)

  const { subscriptions } = await stripeSide(billing.ctx, userId)
  expect(subscriptions.map(({ status }) => status)).toEqual(['canceled'])
  const { customer, cards } = await customerOf(userId)
  expect(customer).toMatchObject({ email: null, name: null, metadata: { userId } })
  expect(cards).toEqual([])

  const user = await getUser(billing.ctx, { userId })
  expect(user).toMatchObject({
    email: '',
    name: null,
    account: null,
    erasedAt: expect.any(String),
    subscription: null,
    events: [{ amount: 7 }],
    invoices: [{ status: 'paid' }],
  })
  for (const table of ['auth_users', 'auth_sessions', 'users', 'audit_log', 'auth_verifications']) {
    const { rows } = await billing.ctx.db.pool.query(`SELECT t::text AS row FROM ${table} t`)
    expect(JSON.stringify(rows)).not.toMatch(/lovelace|ada.*@example/i)
  }
})

test('a repeat changes nothing, and the erasure is on record once', async () => {
  const userId = await signUp()
  await erase(userId)
  await erase(userId)
  const entries = (await listAudit(billing.ctx)).items.filter((entry) => entry.userId === userId)
  expect(entries).toMatchObject([{ action: 'account.erase', actor, reason: 'asked to' }])
})

test('a checkout page that was open can not be paid after the erasure, and no other can be opened', async () => {
  const userId = await signUp()
  const { sessionId } = await createCheckout(billing.ctx, { userId, plan: 'basic' })
  await erase(userId)
  const session = await billing.ctx.stripe.call((stripe) =>
    stripe.checkout.sessions.retrieve(sessionId),
  )
  expect(session.status).toBe('expired')
  for (const call of [
    () => createCheckout(billing.ctx, { userId, plan: 'basic' }),
    () => createPortalSession(billing.ctx, { userId }),
    () => syncBilling(billing.ctx, { userId }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
  }
})

test('while Stripe does not answer, nobody is erased', async () => {
  const userId = await signUp()
  await subscribe(billing, { userId })
  billing.stripe.faults.onRequest = ({ method }) =>
    method === 'DELETE' ? { kind: 'cut', when: 'before' } : null
  await expect(erase(userId)).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
  billing.stripe.faults.onRequest = undefined
  expect(await getUser(billing.ctx, { userId })).toMatchObject({ account: { sessions: 1 } })
})

test('an admin is not erased before the role is taken away', async () => {
  const userId = await signUp()
  await grantAdmin(billing.ctx, { userId })
  await subscribe(billing, { userId })
  await expect(erase(userId)).rejects.toMatchObject({ code: 'VALIDATION' })
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  expect(subscriptions.map(({ status }) => status)).toEqual(['active'])
})

test('a user of a sibling app is erased too, and the app can not name them again', async () => {
  const userId = await addUser(billing.ctx)
  await erase(userId)
  expect(await getUser(billing.ctx, { userId })).toMatchObject({ email: '', name: null })
  await expect(
    upsertUser(billing.ctx, { userId, email: 'again@example.com' }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test('nobody is erased whom nobody knows', async () => {
  await expect(erase('nobody')).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
})
