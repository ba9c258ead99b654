import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { firstItem, payer, refusal } from '../harness.ts'
import type { World } from './world.ts'
import { DAY, previewWorld } from './world.ts'

type Preview = Stripe.InvoiceCreatePreviewParams

interface Scene extends World {
  subscription: Stripe.Subscription
  schedule: Stripe.SubscriptionSchedule
  stranger: Stripe.Customer
}

async function scene(): Promise<Scene> {
  const world = await previewWorld()
  const { customer, prices, stripe } = world
  const subscribe = () =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: prices.basic.id }] })
  const subscription = await subscribe()
  const schedule = await stripe.subscriptionSchedules.create({
    from_subscription: (await subscribe()).id,
  })
  return { ...world, subscription, schedule, stranger: (await payer(stripe)).customer }
}

const ofNew =
  (details: (all: Scene) => Preview['subscription_details']) =>
  (all: Scene): Preview => ({
    customer: all.customer.id,
    subscription_details: { items: [{ price: all.prices.basic.id }], ...details(all) },
  })

const ofExisting =
  (details: (all: Scene) => Preview['subscription_details']) =>
  (all: Scene): Preview => ({
    subscription: all.subscription.id,
    subscription_details: details(all) ?? {},
  })

const REFUSALS: readonly [string, (all: Scene) => Preview, RegExp, string?][] = [
  [
    'a customer alone (noted in public, changelog 2025-03-31)',
    ({ customer }) => ({ customer: customer.id }),
    /^You must provide at least one of: `subscription`, `schedule`, `subscription_details.items`, `schedule_details.phases`, `invoice_items`\.$/,
  ],
  [
    'an item of a subscription without the subscription (noted in public)',
    ({ customer, subscription }) => ({
      customer: customer.id,
      subscription_details: { items: [{ id: firstItem(subscription).id, quantity: 2 }] },
    }),
    /^You cannot update a subscription item without a subscription\.$/,
    'subscription_details[items][0][id]',
  ],
  [
    'details without a subscription or items (noted in public)',
    ({ customer }) => ({
      customer: customer.id,
      invoice_items: [{ amount: 1, currency: 'usd' }],
      subscription_details: { cancel_at_period_end: true },
    }),
    /^When previewing changes to a subscription, you must specify either/,
  ],
  [
    'the customer of another subscription',
    ({ stranger, subscription }) => ({ customer: stranger.id, subscription: subscription.id }),
    /is not the customer of the subscription/,
    'customer',
  ],
  [
    'the customer of another schedule',
    ({ stranger, schedule }) => ({ customer: stranger.id, schedule: schedule.id }),
    /is not the customer of the schedule/,
    'customer',
  ],
  [
    'a schedule and a subscription',
    ({ schedule, subscription }) => ({ schedule: schedule.id, subscription: subscription.id }),
    /^You may only specify one of these parameters: schedule, subscription\.$/,
    'schedule',
  ],
  [
    'phases and details of a subscription',
    ({ customer, prices }) => ({
      customer: customer.id,
      schedule_details: { phases: [{ items: [{ price: prices.basic.id }] }] },
      subscription_details: { items: [{ price: prices.basic.id }] },
    }),
    /^You may only specify one of these parameters: schedule_details, subscription_details\.$/,
    'schedule_details',
  ],
  [
    'automatic tax of nobody',
    ({ prices }) => ({
      automatic_tax: { enabled: true },
      subscription_details: { items: [{ price: prices.taxable.id }] },
    }),
    /^If `automatic_tax` is enabled then one of/,
    'automatic_tax',
  ],
  [
    'another currency than the subscription has',
    ({ subscription }) => ({
      subscription: subscription.id,
      invoice_items: [{ amount: 5, currency: 'eur' }],
    }),
    /doesn't match the expected currency: `usd`/,
    'invoice_items[0][currency]',
  ],
  [
    'another currency than the schedule has',
    ({ schedule }) => ({ schedule: schedule.id, currency: 'eur' }),
    /^You cannot combine currencies on a single customer/,
  ],
  [
    'an invoice item that is not pending',
    ({ subscription }) => ({
      subscription: subscription.id,
      invoice_items: [{ invoiceitem: 'ii_missing', amount: 3 }],
    }),
    /^No such invoiceitem: 'ii_missing'/,
    'invoice_items[0][invoiceitem]',
  ],
  [
    'two ends',
    ofNew((all) => ({ cancel_at: all.now() + DAY, cancel_at_period_end: true })),
    /^Received both cancel_at_period_end and cancel_at parameters/,
  ],
  [
    'a word as the anchor of a new subscription',
    ofNew(() => ({ billing_cycle_anchor: { type: 'now' } })),
    /^stripe-emulator: .*billing_cycle_anchor/,
    'subscription_details[billing_cycle_anchor]',
  ],
  [
    'an anchor without its timestamp',
    ofNew(() => ({ billing_cycle_anchor: { type: 'timestamp' } })),
    /^Missing required param: billing_cycle_anchor\[timestamp\]/,
    'subscription_details[billing_cycle_anchor][timestamp]',
  ],
  [
    'an anchor in the past',
    ofNew((all) => ({
      billing_cycle_anchor: { type: 'timestamp', timestamp: all.now() - DAY },
    })),
    /expects a unix timestamp representing a date and time in the future/,
    'subscription_details[billing_cycle_anchor]',
  ],
  ['an end now of a new subscription', ofNew(() => ({ cancel_now: true })), /only for existing/],
  [
    'a pause of a new subscription',
    ofNew(() => ({ pause: { type: 'subscription' } })),
    /only for existing/,
  ],
  ['a resumption of a new subscription', ofNew(() => ({ resume_at: 'now' })), /only for existing/],
  [
    'a date of proration of a new subscription',
    ofNew((all) => ({ proration_date: all.now() })),
    /only for existing/,
    'subscription_details[proration_date]',
  ],
  [
    'a date of proration without a change',
    ofExisting((all) => ({ proration_date: all.now() })),
    /^To use `proration_date`, you must also specify one of `items` or `trial_end`/,
    'subscription_details[proration_date]',
  ],
  [
    'the start of an existing subscription',
    ofExisting((all) => ({ start_date: all.now() - DAY })),
    /only for new subscriptions/,
    'subscription_details[start_date]',
  ],
  [
    'a timestamp as the anchor of an existing subscription',
    ofExisting((all) => ({
      billing_cycle_anchor: { type: 'timestamp', timestamp: all.now() + DAY },
    })),
    /can only be `now` or `unchanged`/,
    'subscription_details[billing_cycle_anchor]',
  ],
  [
    'an end now with another change',
    ofExisting(() => ({ cancel_now: true, trial_end: 'now' })),
    /^stripe-emulator: /,
    'subscription_details[trial_end]',
  ],
  [
    'a resumption of a subscription that runs',
    ofExisting(() => ({ resume_at: 'now' })),
    /^You can only resume a subscription if it is `paused`/,
  ],
  [
    'a price that does not exist, by its place in the request',
    ofExisting(() => ({ items: [{ price: 'price_missing' }] })),
    /^No such price: 'price_missing'/,
    'subscription_details[items][0][price]',
  ],
  [
    'the payment method of another customer in a phase',
    ({ prices, stranger, customer }) => ({
      customer: customer.id,
      schedule_details: {
        phases: [
          {
            duration: { interval: 'month' },
            items: [{ price: prices.basic.id }],
            default_payment_method: String(stranger.invoice_settings.default_payment_method),
          },
        ],
      },
    }),
    /./,
    'schedule_details[phases][0][default_payment_method]',
  ],
  [
    'phases of a running schedule without a start',
    ({ prices, schedule }) => ({
      schedule: schedule.id,
      schedule_details: {
        phases: [{ duration: { interval: 'month' }, items: [{ price: prices.basic.id }] }],
      },
    }),
    /missing at least one phase with a `start_date`/,
  ],
  [
    'the proration of a new schedule',
    ({ customer, prices }) => ({
      customer: customer.id,
      schedule_details: {
        phases: [{ duration: { interval: 'month' }, items: [{ price: prices.basic.id }] }],
        proration_behavior: 'none',
      },
    }),
    /^stripe-emulator: /,
    'schedule_details[proration_behavior]',
  ],
]

describe('a preview refuses', () => {
  test.each(REFUSALS)('%s', async (_name, params, message, param) => {
    const all = await scene()
    const error = await refusal(all.stripe.invoices.createPreview(params(all)))
    expect(error.statusCode).toBe(400)
    expect(error.message).toMatch(message)
    if (param !== undefined) expect(error.param).toBe(param)
  })
})

describe('a preview finds nothing to invoice', () => {
  test.each([
    ['where the subscription ends', { cancel_at_period_end: true }],
    ['where a pause leaves its credit pending', { pause: { type: 'subscription' as const } }],
  ])('%s', async (_name, details) => {
    const { stripe, subscription } = await scene()
    const preview = stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: details,
    })
    expect(await refusal(preview)).toMatchObject({
      statusCode: 404,
      code: 'invoice_upcoming_none',
    })
  })

  test('where the subscription is paused', async () => {
    const { stripe, subscription } = await scene()
    await stripe.subscriptions.pause(subscription.id)
    const preview = stripe.invoices.createPreview({ subscription: subscription.id })
    expect(await refusal(preview)).toMatchObject({ statusCode: 404 })
  })
})

test('a preview of invoice items alone has nothing else', async () => {
  const { customer, prices, stripe } = await scene()
  const preview = await stripe.invoices.createPreview({
    customer: customer.id,
    invoice_items: [
      { price: prices.once.id, quantity: 2 },
      { amount: 46, currency: 'usd' },
    ],
  })
  expect(preview).toMatchObject({ total: 1600, parent: null, billing_reason: 'upcoming' })
})
