import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { getSubscription, receiveWebhook, startWorker } from '../../src/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, deliver, inboxOf, sign, startCoreWith } from '../stripe/stripe-harness.ts'
import { priceOf, subscriptionOf } from '../stripe/stripe-objects.ts'

let stripe: ScriptedStripe
let core: StripeHarness
let userId: string

beforeEach(async () => {
  stripe = await startScriptedStripe()
  stripe.subscriptions = [subscriptionOf()]
  core = await startCoreWith(stripe.apiBase)
  userId = await addCustomer(core.ctx, 'cus_1')
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

/** Runs a worker until nothing waits in the inbox. */
async function handleAll() {
  const worker = await startWorker(core.ctx)
  const waiting = async () => (await inboxOf(core.ctx)).filter(({ state }) => state === 'pending')
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([])
  await worker.stop()
}

/** A thin event as Stripe writes it: it names an object, and says nothing of it. */
async function deliverThin(id: string, related: { id: string; type: string }) {
  const notification = {
    id,
    object: 'v2.core.event',
    type: `v1.${related.type === 'customer' ? 'customer.deleted' : 'customer.subscription.updated'}`,
    created: '2026-11-15T12:00:00.000Z',
    livemode: false,
    related_object: { ...related, url: `/v1/${related.type}s/${related.id}` },
  }
  const body = JSON.stringify(notification)
  const signature = sign(body, { at: core.clock.now() })
  await receiveWebhook(core.ctx, { rawBody: Buffer.from(body), signature })
}

const customerOf = async (id: string) =>
  (
    await core.ctx.db.pool.query('SELECT stripe_customer_id AS customer FROM users WHERE id = $1', [
      id,
    ])
  ).rows[0]?.customer

async function addUser(id: string, email = `${id}@example.com`) {
  await core.ctx.db.pool.query(`INSERT INTO users (id, kind, email) VALUES ($1, 'subject', $2)`, [
    id,
    email,
  ])
}

describe('a thin event', () => {
  test('about a subscription that we never saw makes a sync of its customer', async () => {
    stripe.objects['/v1/subscriptions/sub_1'] = subscriptionOf()
    await deliverThin('evt_1', { id: 'sub_1', type: 'subscription' })
    await handleAll()
    expect(await inboxOf(core.ctx)).toMatchObject([{ id: 'evt_1', state: 'handled' }])
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({ id: 'sub_1' })
  })

  test('about a subscription that we have a row of is not looked up at Stripe', async () => {
    await deliver(core.ctx, { id: 'evt_1' })
    await handleAll()
    stripe.subscriptions = [subscriptionOf({ status: 'paused' })]
    await deliverThin('evt_2', { id: 'sub_1', type: 'subscription' })
    await handleAll()
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({ status: 'paused' })
  })

  test('about a customer makes a sync of it', async () => {
    await deliverThin('evt_1', { id: 'cus_1', type: 'customer' })
    await handleAll()
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({ id: 'sub_1' })
  })

  test('about what does not exist is ignored', async () => {
    await deliverThin('evt_1', { id: 'sub_none', type: 'subscription' })
    await handleAll()
    expect(await inboxOf(core.ctx)).toMatchObject([
      { state: 'ignored', ignored_because: 'no_customer' },
    ])
  })
})

describe('an event about an unknown customer', () => {
  const stranger = { id: 'cus_new', object: 'customer', email: 'ada@example.com' }
  const deliverStranger = async (metadata: Record<string, string>) => {
    stripe.objects['/v1/customers/cus_new'] = { ...stranger, metadata }
    stripe.subscriptions = [subscriptionOf({ customer: 'cus_new' })]
    await deliver(core.ctx, { id: 'evt_1', customer: 'cus_new' })
    await handleAll()
  }
  const ignored = [{ state: 'ignored', ignored_because: 'unknown_customer' }]

  test('binds the user whom the customer’s metadata names', async () => {
    await addUser('ada')
    await deliverStranger({ userId: 'ada' })
    expect(await inboxOf(core.ctx)).toMatchObject([{ state: 'handled' }])
    expect(await customerOf('ada')).toBe('cus_new')
    expect(await getSubscription(core.ctx, { userId: 'ada' })).toMatchObject({ id: 'sub_1' })
  })

  test('never binds by e-mail address', async () => {
    await addUser('ada', 'ada@example.com')
    await deliverStranger({})
    expect(await inboxOf(core.ctx)).toMatchObject(ignored)
    expect(await customerOf('ada')).toBeNull()
  })

  test('never takes a user away from the customer they have', async () => {
    await deliverStranger({ userId })
    expect(await inboxOf(core.ctx)).toMatchObject(ignored)
    expect(await customerOf(userId)).toBe('cus_1')
  })

  test('is ignored where the user, or the customer, does not exist', async () => {
    await deliverStranger({ userId: 'nobody' })
    await deliver(core.ctx, { id: 'evt_2', customer: 'cus_none' })
    await handleAll()
    expect(await inboxOf(core.ctx)).toMatchObject([...ignored, ...ignored])
  })
})

test('an event about a price stores what plans cost now', async () => {
  const list = { object: 'list', url: '/v1/prices', has_more: false, data: [priceOf()] }
  stripe.objects['/v1/prices'] = list
  await deliver(core.ctx, { id: 'evt_1', type: 'price.updated', customer: null })
  await handleAll()
  expect(await inboxOf(core.ctx)).toMatchObject([{ state: 'handled' }])
  const { rows } = await core.ctx.db.pool.query('SELECT id, plan FROM stripe_prices')
  expect(rows).toEqual([{ id: 'price_pro', plan: 'pro' }])
})
