import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  checkUsage,
  getOverview,
  getSubscription,
  getUser,
  listAllInvoices,
  listInvoices,
  receiveWebhook,
  reconcile,
} from '../../src/index.ts'
import { handleEvent, syncCustomer } from '../../src/sync/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, inboxOf, rowsOf, sign, startCoreWith } from '../stripe/stripe-harness.ts'
import { chargeOf, DAY, invoiceOf, NOW, subscriptionOf } from '../stripe/stripe-objects.ts'

// What an invoice's payment and a subscription's collection go through besides being paid.

let stripe: ScriptedStripe
let core: StripeHarness
let userId: string

beforeEach(async () => {
  stripe = await startScriptedStripe()
  stripe.subscriptions = [subscriptionOf()]
  stripe.invoices = [invoiceOf()]
  stripe.charges = [chargeOf()]
  stripe.objects['/v1/charges/ch_1'] = chargeOf()
  stripe.objects['/v1/events'] = list([])
  core = await startCoreWith(stripe.apiBase)
  userId = await addCustomer(core.ctx, 'cus_1')
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

const list = (data: object[]) => ({ object: 'list', url: '/v1/disputes', has_more: false, data })
const sync = () => syncCustomer(core.ctx, { customerId: 'cus_1' })
const subscription = () => getSubscription(core.ctx, { userId })
const canUse = async () => (await checkUsage(core.ctx, { userId, meter: 'tokens' })).reason
const noticeCodes = async () => (await getOverview(core.ctx)).notices.map(({ code }) => code)
const warnings = async () => (await getUser(core.ctx, { userId })).warnings
const at = (seconds: number) => new Date(seconds * 1_000)

/** From now on Stripe has this dispute about the charge of the invoice. */
function dispute(status: string, created = NOW + 10 * DAY) {
  const found = { id: 'dp_1', object: 'dispute', charge: 'ch_1', amount: 4_900, status, created }
  stripe.charges = [chargeOf({ disputed: true })]
  stripe.objects['/v1/disputes'] = list([found])
  return found
}

test('a draft is the operator’s until it is sent', async () => {
  stripe.invoices = [invoiceOf(), invoiceOf({ id: 'in_draft', status: 'draft', number: null })]
  await sync()
  const ids = (items: { id: string }[]) => items.map(({ id }) => id).toSorted()
  expect(ids((await listInvoices(core.ctx, { userId })).items)).toEqual(['in_1'])
  expect(ids((await listAllInvoices(core.ctx)).items)).toEqual(['in_1', 'in_draft'])
  expect(ids((await getUser(core.ctx, { userId })).invoices)).toEqual(['in_1', 'in_draft'])
})

test('a pause of collection is shown to both, and takes no quota', async () => {
  const pause_collection = { behavior: 'void', resumes_at: NOW + 30 * DAY }
  stripe.subscriptions = [subscriptionOf({ pause_collection })]
  await sync()
  expect(await subscription()).toMatchObject({
    status: 'active',
    collectionPaused: { resumesAt: at(NOW + 30 * DAY).toISOString() },
  })
  expect(await canUse()).toBeNull()
  expect(await noticeCodes()).toEqual(['paused_collections'])
  expect(await warnings()).toEqual(['collection_paused'])
  stripe.subscriptions = [subscriptionOf()]
  await sync()
  expect(await subscription()).toMatchObject({ collectionPaused: null })
  expect(await noticeCodes()).toEqual([])
})

test('an uncollectible invoice is shown to both', async () => {
  stripe.invoices = [invoiceOf({ status: 'uncollectible' })]
  await sync()
  expect((await listInvoices(core.ctx, { userId })).items).toMatchObject([
    { status: 'uncollectible' },
  ])
  expect(await warnings()).toEqual(['uncollectible'])
})

describe('a dispute', () => {
  test.each(['needs_response', 'under_review', 'warning_needs_response'])(
    'that is open (%s) is shown to both, and takes no quota',
    async (status) => {
      dispute(status)
      await sync()
      expect((await listInvoices(core.ctx, { userId })).items).toMatchObject([
        { status: 'paid', disputeStatus: status, amountDisputed: 4_900 },
      ])
      core.clock.set(at(NOW + 300 * DAY))
      expect(await subscription()).toMatchObject({ graceEndsAt: null })
      expect(await canUse()).toBeNull()
      expect(await noticeCodes()).toEqual(['open_disputes'])
      expect(await warnings()).toEqual(['dispute_open'])
    },
  )

  test.each(['won', 'warning_closed', 'prevented'])(
    'that is %s changes nothing',
    async (status) => {
      dispute(status)
      await sync()
      core.clock.set(at(NOW + 300 * DAY))
      expect(await canUse()).toBeNull()
      expect(await noticeCodes()).toEqual([])
      expect(await warnings()).toEqual([])
    },
  )

  test('that is lost counts as not paid: grace from when the money was taken, then no quota', async () => {
    dispute('lost')
    await sync()
    expect(await subscription()).toMatchObject({
      status: 'active',
      graceEndsAt: at(NOW + 17 * DAY).toISOString(),
    })
    expect(await noticeCodes()).toEqual(['lost_disputes'])
    expect(await warnings()).toEqual(['dispute_lost'])
    core.clock.set(at(NOW + 17 * DAY - 1))
    expect(await canUse()).toBeNull()
    core.clock.set(at(NOW + 17 * DAY))
    expect(await canUse()).toBe('subscription_inactive')
  })

  test('that is lost ends nothing where a later invoice was paid', async () => {
    dispute('lost')
    stripe.invoices = [
      invoiceOf(),
      invoiceOf({
        id: 'in_2',
        created: NOW + 30 * DAY,
        payments: list([]),
        status_transitions: { finalized_at: NOW + 30 * DAY, paid_at: NOW + 30 * DAY },
      }),
    ]
    await sync()
    expect(await subscription()).toMatchObject({ graceEndsAt: null })
    core.clock.set(at(NOW + 300 * DAY))
    expect(await canUse()).toBeNull()
  })

  test('about another subscription’s invoice takes nothing from this one', async () => {
    dispute('lost')
    stripe.invoices = [invoiceOf({ subscription: 'sub_other' })]
    await sync()
    expect(await subscription()).toMatchObject({ graceEndsAt: null })
  })

  test('is what Stripe says at last, in whatever order a burst of its events comes', async () => {
    const types = ['created', 'funds_withdrawn', 'updated', 'closed', 'funds_reinstated']
    const order = fc.shuffledSubarray(types, { minLength: types.length })
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.constantFrom('lost', 'won', 'under_review'),
        async (burst, end) => {
          run += 1
          const events = burst.map((type) => ({ id: `evt_${run}_${type}`, type }))
          for (const [nth, { id, type }] of events.entries()) {
            // The state moves on between the events; each carries an older one.
            const now = dispute(nth === events.length - 1 ? end : 'needs_response')
            const body = JSON.stringify({
              id,
              object: 'event',
              type: `charge.dispute.${type}`,
              created: NOW,
              livemode: false,
              data: { object: { ...now, status: 'a lie' } },
            })
            const signature = sign(body, { at: core.clock.now() })
            await receiveWebhook(core.ctx, { rawBody: Buffer.from(body), signature })
          }
          await Promise.all(
            events.map(({ id }) => handleEvent(core.ctx, { customerId: null, eventId: id })),
          )
          const after = await rowsOf(core.ctx)
          await sync()
          expect(await rowsOf(core.ctx)).toEqual(after)
          expect(after.invoices).toMatchObject([{ row: { dispute_status: end } }])
          const states = (await inboxOf(core.ctx)).map(({ state }) => state)
          expect(new Set(states)).toEqual(new Set(['handled']))
        },
      ),
      { numRuns: 10 },
    )
  })
})

test('an invoice with days to pay: the grace counts from its due date, where that is later', async () => {
  const due = NOW + 14 * DAY
  const sent = { status: 'open', collection_method: 'send_invoice', due_date: due }
  // Until it is due Stripe has the subscription as active.
  stripe.invoices = [invoiceOf(sent)]
  await sync()
  core.clock.set(at(due - 1))
  expect(await canUse()).toBeNull()
  expect((await listInvoices(core.ctx, { userId })).items).toMatchObject([
    { status: 'open', dueAt: at(due).toISOString() },
  ])
  stripe.subscriptions = [subscriptionOf({ status: 'past_due' })]
  core.clock.set(at(due))
  await sync()
  expect(await subscription()).toMatchObject({ graceEndsAt: at(due + 7 * DAY).toISOString() })
  core.clock.set(at(due + 7 * DAY - 1))
  expect(await canUse()).toBeNull()
  core.clock.advance(1_000)
  expect(await canUse()).toBe('subscription_inactive')
  // Of several the first to be due counts; one that is due before it is finalised counts from there.
  stripe.invoices = [
    invoiceOf(sent),
    invoiceOf({ id: 'in_2', status: 'open', due_date: NOW, finalizedAt: NOW + 2 * DAY }),
  ]
  await sync()
  expect(await subscription()).toMatchObject({ graceEndsAt: at(NOW + 9 * DAY).toISOString() })
})

test.each([
  [`UPDATE invoices SET dispute_status = NULL`, 'invoice_differs'],
  [`UPDATE invoices SET amount_disputed = 0`, 'invoice_differs'],
  [`UPDATE invoices SET due_at = now()`, 'invoice_differs'],
  [`UPDATE subscriptions SET pause_behavior = NULL`, 'subscription_differs'],
  [`UPDATE subscriptions SET pause_resumes_at = now()`, 'subscription_differs'],
  [`UPDATE quotas SET past_due_since = NULL`, 'quota_differs'],
])('a reconcile run finds and repairs: %s', async (breaks, kind) => {
  dispute('lost')
  stripe.subscriptions = [
    subscriptionOf({ pause_collection: { behavior: 'void', resumes_at: null } }),
  ]
  await sync()
  const before = await rowsOf(core.ctx)
  await core.ctx.db.pool.query(breaks)
  const { counts } = await reconcile(core.ctx, { dryRun: false })
  expect(counts.map((count) => count.kind)).toEqual([kind])
  expect(await rowsOf(core.ctx)).toEqual(before)
})
