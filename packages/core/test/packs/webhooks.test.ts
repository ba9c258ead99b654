import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { receiveWebhook } from '../../src/index.ts'
import { writePacksOpened } from '../../src/packs/index.ts'
import { handleEvent, syncCustomer } from '../../src/sync/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, inboxOf, sign, startCoreWith } from '../stripe/stripe-harness.ts'
import { chargeOf, NOW } from '../stripe/stripe-objects.ts'
import { grantsOf, packCatalog } from './pack-harness.ts'

// What the local Stripe has not: payments that take days, events that are lost or come in any order, refunds that fail.

let stripe: ScriptedStripe
let core: StripeHarness
let userId: string

const list = (data: object[]) => ({ object: 'list', url: '/v1', has_more: false, data })

function session(fields: object = {}) {
  return {
    id: 'cs_1',
    object: 'checkout.session',
    mode: 'payment',
    status: 'complete',
    payment_status: 'paid',
    payment_intent: 'pi_pack',
    customer: 'cus_1',
    created: NOW,
    metadata: {
      tollgate_pack: 'renders10',
      tollgate_pack_meter: 'renders',
      tollgate_pack_amount: '10',
      tollgate_pack_quantity: '2',
      tollgate_pack_expires_after_days: 'never',
    },
    ...fields,
  }
}
const charge = (fields: object = {}) =>
  chargeOf({
    id: 'ch_pack',
    payment_intent: 'pi_pack',
    status: 'succeeded',
    amount: 1_400,
    ...fields,
  })

beforeEach(async () => {
  stripe = await startScriptedStripe()
  stripe.objects['/v1/checkout/sessions'] = list([session()])
  stripe.objects['/v1/charges/ch_pack'] = charge()
  stripe.charges = [charge()]
  core = await startCoreWith(stripe.apiBase, undefined, packCatalog)
  userId = await addCustomer(core.ctx, 'cus_1')
  await writePacksOpened(core.ctx.db.pool, userId)
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

const grants = () => grantsOf(core.ctx, userId)
const sync = () => syncCustomer(core.ctx, { customerId: 'cus_1' })

/** Stripe sends an event about an object, and the worker handles it. */
async function send(id: string, type: string, object: object, ctx = core.ctx): Promise<void> {
  const event = { id, object: 'event', type, created: NOW, livemode: false, data: { object } }
  const body = JSON.stringify(event, null, 2)
  const signature = sign(body, { at: ctx.clock.now() })
  await receiveWebhook(ctx, { rawBody: Buffer.from(body), signature })
  const customerId = 'customer' in object ? String(object.customer) : null
  await handleEvent(ctx, { customerId, eventId: id })
}

describe('a delayed payment', () => {
  test('is granted once it has succeeded, and not when its checkout is complete', async () => {
    const waiting = session({ payment_status: 'unpaid' })
    stripe.objects['/v1/checkout/sessions'] = list([waiting])
    stripe.charges = []
    await send('evt_1', 'checkout.session.completed', waiting)
    expect(await grants()).toEqual([])
    stripe.objects['/v1/checkout/sessions'] = list([session()])
    stripe.charges = [charge()]
    await send('evt_2', 'checkout.session.async_payment_succeeded', session())
    expect(await grants()).toMatchObject([{ session: 'cs_1', amount: 20 }])
  })

  test('that failed is never granted', async () => {
    const failed = session({ payment_status: 'unpaid' })
    stripe.objects['/v1/checkout/sessions'] = list([failed])
    stripe.charges = [charge({ status: 'failed' })]
    await send('evt_1', 'checkout.session.completed', failed)
    await send('evt_2', 'checkout.session.async_payment_failed', failed)
    expect(await grants()).toEqual([])
  })
})

test('a checkout for which nothing was due is granted, and can’t be refunded', async () => {
  const free = session({ payment_status: 'no_payment_required', payment_intent: null })
  stripe.objects['/v1/checkout/sessions'] = list([free])
  stripe.charges = [charge({ payment_intent: null, amount_refunded: 1_400, refunded: true })]
  await send('evt_1', 'checkout.session.completed', free)
  expect(await grants()).toMatchObject([{ amount: 20, isRevoked: false }])
})

test('both webhooks, each twice and in two processes at once, and the success page: one grant', async () => {
  const other = core.another()
  await Promise.all([
    send('evt_1', 'checkout.session.completed', session()),
    send('evt_1', 'checkout.session.completed', session(), other),
    send('evt_2', 'checkout.session.async_payment_succeeded', session(), other),
    send('evt_2', 'checkout.session.async_payment_succeeded', session()),
    sync(),
    syncCustomer(other, { customerId: 'cus_1' }),
  ])
  expect(await grants()).toMatchObject([{ session: 'cs_1', amount: 20 }])
  expect(await inboxOf(core.ctx)).toMatchObject([
    { id: 'evt_1', state: 'handled' },
    { id: 'evt_2', state: 'handled' },
  ])
})

test('a process that was overtaken while it asked Stripe writes nothing: one grant', async () => {
  let overtaken: Promise<void> | undefined
  stripe.beforeAnswer = async () => {
    stripe.beforeAnswer = async () => undefined
    await core.ctx.db.pool.query(`UPDATE leases SET held_until = now() - interval '1 second'`)
    overtaken = syncCustomer(core.another(), { customerId: 'cus_1' })
    await overtaken
  }
  await expect(sync()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(overtaken).toBeDefined()
  expect(await grants()).toHaveLength(1)
})

test('a refund that fails after all gives the credits back, and its event names only the charge', async () => {
  await sync()
  stripe.charges = [charge({ amount_refunded: 1_400, refunded: true })]
  await send('evt_1', 'charge.refunded', charge())
  expect(await grants()).toMatchObject([{ isRevoked: true, remaining: 20 }])
  stripe.charges = [charge({ amount_refunded: 0 })]
  await send('evt_2', 'refund.failed', { id: 're_1', object: 'refund', charge: 'ch_pack' })
  expect(await grants()).toMatchObject([{ isRevoked: false, remaining: 20 }])
})

test('the events of one story in any order, and late: the grant is as Stripe has it now', async () => {
  // All of it is over at Stripe when the first event comes: paid, disputed, lost.
  const dispute = {
    id: 'dp_1',
    object: 'dispute',
    charge: 'ch_pack',
    status: 'lost',
    amount: 1_400,
    created: NOW,
  }
  stripe.charges = [charge({ disputed: true })]
  stripe.objects['/v1/disputes'] = list([dispute])
  await send('evt_3', 'charge.dispute.closed', dispute)
  await send('evt_2', 'charge.dispute.created', { ...dispute, status: 'needs_response' })
  await send('evt_1', 'checkout.session.completed', session())
  expect(await grants()).toEqual([])
})

describe('a session that is not ours', () => {
  test.each([
    ['has no metadata', { metadata: {} }],
    ['sells a plan', { mode: 'subscription' }],
    ['is open', { status: 'open', payment_status: 'unpaid' }],
    [
      'has an amount of somebody’s own',
      { metadata: { ...session().metadata, tollgate_pack_amount: '-5' } },
    ],
    [
      'has more than can be counted',
      {
        metadata: { ...session().metadata, tollgate_pack_amount: '9007199254740991' },
      },
    ],
  ])('grants nothing: it %s', async (_, fields) => {
    stripe.objects['/v1/checkout/sessions'] = list([session(fields)])
    await sync()
    expect(await grants()).toEqual([])
  })
})
