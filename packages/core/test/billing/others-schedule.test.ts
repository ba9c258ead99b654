import type Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  previewChange,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { DAY_MS, pass, startBilling, stripeSide, subscribe } from './billing-harness.ts'

let billing: BillingHarness
let userId: string
let support: string

beforeAll(async () => {
  billing = await startBilling()
  const recurring = { interval: 'month' } as const
  const price = { product_data: { name: 'Support' }, currency: 'usd', unit_amount: 700, recurring }
  support = (await stripe((client) => client.prices.create(price))).id
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
  await subscribe(billing, { userId, plan: 'pro' })
})

function stripe<T>(work: (client: Stripe) => Promise<T>): Promise<T> {
  return billing.ctx.stripe.call(work)
}

const priceOf = (plan: string) =>
  stripe(async ({ prices }) => {
    const { data } = await prices.list({ lookup_keys: [`tollgate_${plan}`] })
    return data[0]?.id ?? ''
  })

type Later = Pick<Stripe.SubscriptionScheduleUpdateParams.Phase, 'items'>
type More = Pick<Stripe.SubscriptionScheduleUpdateParams, 'end_behavior' | 'metadata'>

/** What somebody sets up in Stripe's dashboard, or an older version of ours did. Returns the schedule's id. */
async function schedule(later: Later[], more: More = {}): Promise<string> {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const [item] = subscriptions[0]?.items.data ?? []
  if (!subscriptions[0] || !item) throw new Error('no subscription')
  const { id } = subscriptions[0]
  const made = await stripe(({ subscriptionSchedules }) =>
    subscriptionSchedules.create({ from_subscription: id }),
  )
  if (later.length > 0 || Object.keys(more).length > 0) {
    const now = {
      items: [{ price: item.price.id, quantity: 1 }],
      start_date: item.current_period_start,
      end_date: item.current_period_end,
    }
    const duration = { interval: 'month', interval_count: 1 } as const
    const phases = [now, ...later.map((phase) => ({ ...phase, duration }))]
    await stripe((client) => client.subscriptionSchedules.update(made.id, { phases, ...more }))
  }
  await syncBilling(billing.ctx, { userId })
  return made.id
}

const read = (id: string) => stripe((client) => client.subscriptionSchedules.retrieve(id))
const cancel = () => cancelSubscription(billing.ctx, { userId })
const resume = () => resumeSubscription(billing.ctx, { userId })
const change = (plan: 'basic' | 'enterprise') => changePlan(billing.ctx, { userId, plan })

const others: [string, () => Promise<string>][] = [
  ['that holds the subscription as it is', () => schedule([])],
  [
    'to more seats',
    async () => schedule([{ items: [{ price: await priceOf('pro'), quantity: 5 }] }]),
  ],
  ['to a price of no plan', () => schedule([{ items: [{ price: support, quantity: 1 }] }])],
  [
    'that adds an item',
    async () => schedule([{ items: [{ price: await priceOf('pro') }, { price: support }] }]),
  ],
  ['that ends the subscription', () => schedule([], { end_behavior: 'cancel' })],
  [
    'of several steps',
    async () =>
      schedule([
        { items: [{ price: await priceOf('pro'), quantity: 2 }] },
        { items: [{ price: await priceOf('pro'), quantity: 3 }] },
      ]),
  ],
]

describe.each(others)('somebody else’s schedule %s', (_, make) => {
  test('stays as it is, whatever is clicked here', async () => {
    const before = await read(await make())
    await resume()
    const refused = { code: 'STRIPE_REJECTED', message: /schedule that was set up/ }
    for (const click of [cancel, () => change('basic'), () => change('enterprise')]) {
      await expect(click()).rejects.toMatchObject({
        code: refused.code,
        message: expect.stringMatching(refused.message),
      })
    }
    await expect(previewChange(billing.ctx, { userId, plan: 'enterprise' })).rejects.toMatchObject({
      code: 'STRIPE_REJECTED',
    })
    expect(await read(before.id)).toEqual(before)
  })
})

describe('a schedule to another plan of ours', () => {
  const toBasic = async (more: More = {}) =>
    schedule([{ items: [{ price: await priceOf('basic'), quantity: 1 }] }], more)

  test('that does nothing else is taken back, as those were that bear no mark', async () => {
    const id = await toBasic()
    expect(await resume()).toMatchObject({ plan: 'pro', pendingPlan: null })
    expect(await read(id)).toMatchObject({ status: 'released' })
  })

  test('that somebody else marked as theirs is not, and that is said', async () => {
    const before = await read(await toBasic({ metadata: { crm: 'deal-17' } }))
    await expect(resume()).rejects.toMatchObject({ code: 'STRIPE_REJECTED' })
    expect(await read(before.id)).toEqual(before)
  })

  test('of ours, to which somebody has added a step, is theirs from then on', async () => {
    await change('basic')
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    const made = String(subscriptions[0]?.schedule)
    const { phases } = await read(made)
    const [now, next] = phases.map(({ items, start_date, end_date }) => ({
      items: items.map(({ price, quantity = 1 }) => ({ price: String(price), quantity })),
      start_date,
      end_date,
    }))
    if (!now || !next) throw new Error('no phases')
    const duration = { interval: 'month', interval_count: 3 } as const
    const added = { items: [{ price: support }], duration }
    await stripe((client) =>
      client.subscriptionSchedules.update(made, { phases: [now, next, added] }),
    )
    const before = await read(made)
    for (const click of [cancel, resume, () => change('enterprise')]) {
      await expect(click()).rejects.toMatchObject({ code: 'STRIPE_REJECTED' })
    }
    expect(await read(made)).toEqual(before)
  })
})

test('seats, further items and metadata survive a downgrade, and the end of the period', async () => {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const { id, items } = subscriptions[0] ?? {}
  await stripe(async (client) => {
    await client.subscriptions.update(id ?? '', {
      items: [
        { id: items?.data[0]?.id ?? '', quantity: 3, metadata: { team: 'red' } },
        { price: support, quantity: 2, metadata: { since: '2026' } },
      ],
      metadata: { contract: 'C-1' },
      proration_behavior: 'none',
    })
  })
  await change('basic')
  const shape = async () => {
    const found = (await stripeSide(billing.ctx, userId)).subscriptions[0]
    return {
      contract: found?.metadata['contract'],
      method: found?.default_payment_method,
      items: found?.items.data.map(({ price, quantity, metadata }) => ({
        price: price.id,
        quantity,
        metadata,
      })),
    }
  }
  const before = await shape()
  pass(billing, 32 * DAY_MS)
  await syncBilling(billing.ctx, { userId })
  const [plan, further] = before.items ?? []
  expect(before).toMatchObject({ contract: 'C-1', items: [{ quantity: 3 }, { quantity: 2 }] })
  expect(await shape()).toEqual({
    ...before,
    items: [{ ...plan, price: await priceOf('basic') }, further],
  })
})
