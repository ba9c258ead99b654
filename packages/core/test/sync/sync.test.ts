import { EventEmitter, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLease } from '../../src/database/index.ts'
import { checkUsage, getSubscription, startWorker, syncBilling } from '../../src/index.ts'
import { syncCustomer } from '../../src/sync/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, deliver, inboxOf, rowsOf, startCoreWith } from '../stripe/stripe-harness.ts'
import { chargeOf, DAY, invoiceOf, NOW, priceOf, subscriptionOf } from '../stripe/stripe-objects.ts'

/** Retries until it holds; generous, for a machine that is busy. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

let stripe: ScriptedStripe
let core: StripeHarness
let userId: string

beforeEach(async () => {
  stripe = await startScriptedStripe()
  core = await startCoreWith(stripe.apiBase)
  userId = await addCustomer(core.ctx, 'cus_1')
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

const sync = () => syncCustomer(core.ctx, { customerId: 'cus_1' })
const canUse = async () =>
  (await checkUsage(core.ctx, { userId, meter: 'tokens', amount: 1 })).reason

/** An error of Stripe's own, that it asks not to be bothered about again at once. */
const serverError = {
  status: 500,
  body: { error: { type: 'api_error', message: 'An unknown error occurred' } },
  headers: { 'stripe-should-retry': 'false' },
}

/** Resolves when `release` is called. */
function gate() {
  const opening = new EventEmitter()
  return {
    opened: once(opening, 'open').then(() => undefined),
    release: () => opening.emit('open'),
  }
}

describe('the rows', () => {
  test('are equal to what Stripe says, and stay so however often it is asked', async () => {
    stripe.subscriptions = [subscriptionOf(), subscriptionOf({ id: 'sub_0', status: 'canceled' })]
    stripe.invoices = [
      invoiceOf(),
      invoiceOf({ id: 'in_draft', status: 'draft', number: null, payments: undefined }),
    ]
    stripe.charges = [chargeOf({ amount_refunded: 900 })]
    await sync()
    const first = await rowsOf(core.ctx)
    expect(first.subscriptions.map(({ row }) => [row.id, row.is_current, row.plan])).toEqual([
      ['sub_0', false, 'pro'],
      ['sub_1', true, 'pro'],
    ])
    expect(first.invoices.map(({ row }) => [row.id, row.amount_refunded])).toEqual([
      ['in_1', 900],
      ['in_draft', 0],
    ])
    expect(first.quotas).toHaveLength(3)
    await sync()
    expect(await rowsOf(core.ctx)).toEqual(first)
  })

  test('follow from one subscription to the next', async () => {
    stripe.subscriptions = [subscriptionOf()]
    await sync()
    stripe.subscriptions = [
      subscriptionOf({
        id: 'sub_2',
        price: priceOf({ id: 'price_b', lookup_key: 'tollgate_basic' }),
      }),
      subscriptionOf({ status: 'canceled', ended_at: NOW }),
    ]
    await sync()
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({
      id: 'sub_2',
      plan: 'basic',
    })
    stripe.subscriptions = stripe.subscriptions.map((one) => ({ ...one, status: 'canceled' }))
    await sync()
    expect(await getSubscription(core.ctx, { userId })).toBeNull()
    expect((await rowsOf(core.ctx)).quotas).toEqual([])
    expect(await canUse()).toBe('no_subscription')
  })

  test('forget a draft that was deleted, and nothing else that Stripe no longer lists', async () => {
    stripe.invoices = [invoiceOf(), invoiceOf({ id: 'in_draft', status: 'draft' })]
    await sync()
    stripe.invoices = []
    await sync()
    expect((await rowsOf(core.ctx)).invoices.map(({ row }) => row.id)).toEqual(['in_1'])
  })

  test('keep the plan of a price that lost its lookup key to its successor', async () => {
    stripe.subscriptions = [subscriptionOf()]
    await sync()
    stripe.subscriptions = [subscriptionOf({ price: priceOf({ lookup_key: null }) })]
    await sync()
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({ plan: 'pro' })
  })

  test('give nothing for an unknown price, and show it', async () => {
    stripe.subscriptions = [subscriptionOf({ price: priceOf({ id: 'price_x', lookup_key: null }) })]
    await sync()
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({
      plan: null,
      status: 'active',
    })
    expect(await canUse()).toBe('quota_exceeded')
  })

  test('give quota past due until the grace ends, by the clock alone', async () => {
    stripe.subscriptions = [subscriptionOf({ status: 'past_due' })]
    stripe.invoices = [invoiceOf({ status: 'open', finalizedAt: NOW })]
    await sync()
    expect((await getSubscription(core.ctx, { userId }))?.graceEndsAt).toBe(
      new Date((NOW + 7 * DAY) * 1_000).toISOString(),
    )
    core.clock.set(new Date((NOW + 7 * DAY) * 1_000 - 1))
    expect(await canUse()).toBeNull()
    core.clock.advance(1)
    expect(await canUse()).toBe('subscription_inactive')
    stripe.subscriptions = [subscriptionOf()]
    await sync()
    expect(await canUse()).toBeNull()
  })

  test('stay as they are where Stripe does not answer, or does not know the customer', async () => {
    stripe.subscriptions = [subscriptionOf()]
    stripe.invoices = [invoiceOf()]
    await sync()
    const before = await rowsOf(core.ctx)
    const error = { type: 'invalid_request_error', code: 'resource_missing', message: 'No such' }
    stripe.failing = { status: 404, body: { error } }
    await expect(sync()).rejects.toMatchObject({ code: 'STRIPE_REJECTED' })
    stripe.failing = serverError
    await expect(sync()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    expect(await rowsOf(core.ctx)).toEqual(before)
  })
})

describe('who comes while a sync is under way', () => {
  test('gets an answer that is at least as new as the call', async () => {
    const { opened, release } = gate()
    stripe.beforeAnswer = () => opened
    const early = sync()
    await soon(() => stripe.fetches).toBe(1)
    // The first fetch has its answer already: that there is nothing.
    stripe.subscriptions = [subscriptionOf()]
    const late = syncBilling(core.another(), { userId })
    release()
    expect(await late).toMatchObject({ id: 'sub_1' })
    await early
    expect(stripe.fetches).toBe(2)
  })

  test('is not overwritten by a holder whose lease was lost', async () => {
    const { opened, release } = gate()
    stripe.beforeAnswer = () => opened
    const slow = sync()
    await soon(() => stripe.fetches).toBe(1)
    await core.ctx.db.pool.query('UPDATE leases SET held_until = now()')
    expect(await takeLease(core.ctx.db.pool, 'sync:cus_1', 60_000)).not.toBeNull()
    stripe.subscriptions = [subscriptionOf()]
    release()
    await expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect((await rowsOf(core.ctx)).subscriptions).toEqual([])
  })
})

describe('the worker', () => {
  test('makes two syncs at most of a burst, the last of it landing during the first', async () => {
    const { opened, release } = gate()
    stripe.beforeAnswer = () => opened
    const workers = await Promise.all([startWorker(core.ctx), startWorker(core.another())])
    for (let i = 0; i < 5; i++) await deliver(core.ctx, { id: `evt_${i}` })
    await soon(() => stripe.fetches).toBe(1)
    for (let i = 5; i < 10; i++) await deliver(core.ctx, { id: `evt_${i}` })
    stripe.subscriptions = [subscriptionOf()]
    release()
    const open = async () => (await inboxOf(core.ctx)).filter(({ state }) => state !== 'handled')
    await soon(open).toEqual([])
    const left = async () =>
      (await core.ctx.db.pool.query('SELECT FROM graphile_worker.jobs')).rowCount
    await soon(left).toBe(0)
    expect(stripe.fetches).toBe(2)
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({ id: 'sub_1' })
    await Promise.all(workers.map((worker) => worker.stop()))
  })

  test('notes a failure on the events that wait, tries again, and then clears it', async () => {
    stripe.failing = serverError
    const worker = await startWorker(core.ctx)
    await deliver(core.ctx, { id: 'evt_1' })
    await soon(() => inboxOf(core.ctx)).toMatchObject([
      { state: 'pending', attempts: 1, last_error: expect.stringContaining('Stripe') },
    ])
    stripe.failing = null
    await soon(() => inboxOf(core.ctx)).toMatchObject([{ state: 'handled', last_error: null }])
    await worker.stop()
  })

  test('ends only when the sync under way has', async () => {
    const { opened, release } = gate()
    stripe.beforeAnswer = () => opened
    stripe.subscriptions = [subscriptionOf()]
    const worker = await startWorker(core.ctx)
    await deliver(core.ctx, { id: 'evt_1' })
    await soon(() => stripe.fetches).toBe(1)
    const stopped = worker.stop()
    release()
    await stopped
    expect(await inboxOf(core.ctx)).toMatchObject([{ state: 'handled' }])
  })
})
