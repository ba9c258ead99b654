import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import {
  DAY_MS,
  firstItem,
  latestInvoice,
  payer,
  refusal,
  START,
  seconds,
  shop,
  start,
  subscriber,
} from './harness.ts'
import { checkedObserver } from './schemas/observe.ts'

const DAY = 86_400
const NOW = seconds(START)

type Creation = Partial<Stripe.SubscriptionScheduleCreateParams>
type Phases = (price: string) => Stripe.SubscriptionScheduleCreateParams.Phase[]

/** A schedule that begins now. */
async function scheduled(phases: Phases, params: Creation = {}) {
  const { emulator, stripe } = await start()
  const prices = await shop(stripe)
  const { customer, method } = await payer(stripe)
  const schedule = await stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: 'now',
    phases: phases(prices.pro.id),
    ...params,
  })
  return { emulator, stripe, prices, customer, method, schedule, id: String(schedule.subscription) }
}

const month: Phases = (price) => [
  { items: [{ price }], duration: { interval: 'month', interval_count: 1 } },
]

async function refusedPhases(phases: Phases) {
  const { stripe } = await start({ observer: checkedObserver({ provoking: true }) })
  const { pro } = await shop(stripe)
  const { customer } = await payer(stripe)
  return refusal(
    stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: phases(pro.id),
    }),
  )
}

describe('a phase', () => {
  test('gives its settings to the subscription, which merges its metadata', async () => {
    const { emulator, stripe, id } = await scheduled((price) => [
      {
        items: [{ price, quantity: 2 }],
        duration: { interval: 'month', interval_count: 1 },
        description: 'The first',
        metadata: { a: '1', b: '1' },
      },
      {
        items: [{ price, quantity: 3 }],
        duration: { interval: 'month', interval_count: 1 },
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: 14 },
        description: 'The second',
        metadata: { b: '2' },
        proration_behavior: 'none',
      },
    ])
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      description: 'The first',
      metadata: { a: '1', b: '1' },
      collection_method: 'charge_automatically',
    })
    emulator.clock.advanceBy(31 * DAY_MS)
    const second = await stripe.subscriptions.retrieve(id)
    expect(second).toMatchObject({
      description: 'The second',
      metadata: { a: '1', b: '2' },
      collection_method: 'send_invoice',
      days_until_due: 14,
    })
    expect(firstItem(second).quantity).toBe(3)
  })

  test('adds its items to the invoice with which it begins', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const fee = await stripe.prices.create({
      product: (await stripe.products.create({ name: 'Fee' })).id,
      currency: 'usd',
      unit_amount: 500,
    })
    const duration = { interval: 'month', interval_count: 1 } as const
    const { subscription } = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [
        { items: [{ price: pro.id }], duration },
        { items: [{ price: pro.id }], duration, add_invoice_items: [{ price: fee.id }] },
      ],
    })
    emulator.clock.advanceBy(31 * DAY_MS)
    const { data } = await stripe.invoices.list({ subscription: String(subscription) })
    expect(data.map((one) => one.lines.data.map((line) => line.amount))).toEqual([
      [500, 4900],
      [4900],
    ])
  })

  test('of a trial is free, and the next one is billed', async () => {
    const { emulator, stripe, id } = await scheduled((price) => [
      { items: [{ price }], trial: true, duration: { interval: 'week', interval_count: 2 } },
      { items: [{ price }], duration: { interval: 'month', interval_count: 1 } },
    ])
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'trialing',
      trial_end: NOW + 14 * DAY,
    })
    emulator.clock.advanceBy(15 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' })
    expect(await latestInvoice(stripe, id)).toMatchObject({ total: 4900 })
  })

  test('may begin a new billing cycle', async () => {
    const { emulator, stripe, id } = await scheduled((price) => [
      { items: [{ price }], duration: { interval: 'day', interval_count: 10 } },
      {
        items: [{ price, quantity: 2 }],
        billing_cycle_anchor: 'phase_start',
        duration: { interval: 'month', interval_count: 1 },
      },
    ])
    emulator.clock.advanceBy(11 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      billing_cycle_anchor: NOW + 10 * DAY,
    })
  })

  test('has what the default settings say where it says nothing', async () => {
    const { stripe, schedule, id } = await scheduled(month, {
      default_settings: {
        collection_method: 'send_invoice',
        description: 'By default',
        invoice_settings: { days_until_due: 9 },
      },
    })
    expect(schedule.default_settings).toMatchObject({
      collection_method: 'send_invoice',
      description: 'By default',
      invoice_settings: { days_until_due: 9 },
    })
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      collection_method: 'send_invoice',
      days_until_due: 9,
      description: 'By default',
    })
  })

  test('has one length only', async () => {
    const error = await refusedPhases((price) => [
      {
        items: [{ price }],
        duration: { interval: 'month', interval_count: 1 },
        end_date: NOW + 30 * DAY,
      },
    ])
    expect(error).toMatchObject({ statusCode: 400, code: 'parameters_exclusive' })
  })

  test('has one kind of trial only', async () => {
    const error = await refusedPhases((price) => [
      { items: [{ price }], end_date: NOW + 30 * DAY, trial: true, trial_end: NOW + DAY },
    ])
    expect(error).toMatchObject({ statusCode: 400, code: 'parameters_exclusive' })
  })

  test('cannot end before it begins', async () => {
    const error = await refusedPhases((price) => [{ items: [{ price }], end_date: NOW - DAY }])
    expect(error.statusCode).toBe(400)
  })
})

describe('a schedule', () => {
  test('takes nothing else beside the subscription that it is made from', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const create = (params: Creation) =>
      stripe.subscriptionSchedules.create({ from_subscription: subscription.id, ...params })
    expect(await refusal(create({ metadata: { a: 'b' } }))).toMatchObject({
      statusCode: 400,
      message: 'You cannot set `metadata` if `from_subscription` is set.',
    })
    await create({})
    expect(await refusal(create({}))).toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/already attached to a schedule/),
    })
  })

  test('cannot be made from a subscription that has ended', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    await stripe.subscriptions.cancel(subscription.id)
    const error = await refusal(
      stripe.subscriptionSchedules.create({ from_subscription: subscription.id }),
    )
    expect(error).toMatchObject({ statusCode: 400 })
  })

  test('decides alone when its subscription ends (fact 10)', async () => {
    const { stripe, id } = await scheduled(month)
    const endings: Stripe.SubscriptionUpdateParams[] = [
      { cancel_at_period_end: true },
      { cancel_at: NOW + 90 * DAY },
      { cancel_at: 'min_period_end' },
    ]
    for (const params of endings) {
      expect(await refusal(stripe.subscriptions.update(id, params))).toMatchObject({
        statusCode: 400,
        message: expect.stringMatching(/managed by the subscription schedule/),
      })
    }
  })

  test('takes up a direct change of the items in its running phase', async () => {
    const { emulator, stripe, id, schedule } = await scheduled(month)
    emulator.clock.advanceBy(5 * DAY_MS)
    const item = firstItem(await stripe.subscriptions.retrieve(id))
    await stripe.subscriptions.update(id, { items: [{ id: item.id, quantity: 4 }] })
    const { phases } = await stripe.subscriptionSchedules.retrieve(schedule.id)
    expect(phases.map((phase) => phase.items[0]?.quantity)).toEqual([1, 4])
    expect(phases[1]?.start_date).toBe(NOW + 5 * DAY)
  })

  test('that is released or canceled stays as it is', async () => {
    const { stripe, schedule } = await scheduled(month)
    await stripe.subscriptionSchedules.release(schedule.id)
    const refused = (verb: string, done: string) =>
      `You cannot ${verb} a subscription schedule that is currently in the \`released\` status. It must be in \`not_started, active\` status to be ${done}.`
    expect(await refusal(stripe.subscriptionSchedules.release(schedule.id))).toMatchObject({
      statusCode: 400,
      message: refused('release', 'released'),
    })
    expect(await refusal(stripe.subscriptionSchedules.cancel(schedule.id))).toMatchObject({
      message: refused('cancel', 'canceled'),
    })
    expect(
      await refusal(stripe.subscriptionSchedules.update(schedule.id, { metadata: { a: 'b' } })),
    ).toMatchObject({ message: refused('update', 'updated') })
  })

  test('ends with its subscription where it says so', async () => {
    const { emulator, stripe, id, schedule } = await scheduled(month, { end_behavior: 'cancel' })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled')
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('completed')
  })

  test('gives back what is unused when it is canceled, unless told not to', async () => {
    const canceled = async (params: Stripe.SubscriptionScheduleCancelParams) => {
      const { emulator, stripe, id, schedule } = await scheduled(month)
      emulator.clock.advanceBy(15 * DAY_MS)
      await stripe.subscriptionSchedules.cancel(schedule.id, params)
      expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled')
      return (await latestInvoice(stripe, id)).total
    }
    expect(await canceled({})).toBe(-2450)
    expect(await canceled({ prorate: false })).toBe(4900)
    expect(await canceled({ invoice_now: false })).toBe(4900)
  })

  test('keeps the phases that have begun', async () => {
    const { emulator, stripe, prices, schedule } = await scheduled(month)
    emulator.clock.advanceBy(5 * DAY_MS)
    const update = (start: number) =>
      stripe.subscriptionSchedules.update(schedule.id, {
        phases: [
          { items: [{ price: prices.pro.id }], start_date: start, end_date: NOW + 40 * DAY },
        ],
      })
    expect(await refusal(update(NOW + DAY))).toMatchObject({
      statusCode: 400,
      message: 'You can not modify the start date of the current phase.',
    })
    expect((await update(NOW)).phases).toMatchObject([{ end_date: NOW + 40 * DAY }])
  })

  test('is listed by its customer and by what became of it', async () => {
    const { stripe, customer, schedule } = await scheduled(month)
    const ids = async (params: Stripe.SubscriptionScheduleListParams) =>
      (await stripe.subscriptionSchedules.list(params)).data.map((one) => one.id)
    expect(await ids({ customer: customer.id })).toEqual([schedule.id])
    expect(await ids({ scheduled: true })).toEqual([])
    await stripe.subscriptionSchedules.release(schedule.id)
    expect(await ids({ released_at: { gte: NOW } })).toEqual([schedule.id])
    expect(await ids({ canceled_at: { gte: NOW } })).toEqual([])
  })
})
