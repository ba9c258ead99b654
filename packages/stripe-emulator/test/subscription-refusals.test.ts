import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import {
  DAY_MS,
  firstItem,
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

type Creation = Partial<Stripe.SubscriptionCreateParams>
type Update = Stripe.SubscriptionUpdateParams

/** What a refusal says. `undefined` means that it is absent. */
interface Refused {
  statusCode?: number
  code?: string | undefined
  param?: string | undefined
  message: string | RegExp
}

function saying({ statusCode = 400, code, param, message }: Refused) {
  return {
    statusCode,
    code,
    param,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  }
}

async function refusedCreation(params: Creation, customerParams: 'payer' | 'no method' = 'payer') {
  const { stripe } = await start()
  const { pro } = await shop(stripe)
  const customer =
    customerParams === 'payer' ? (await payer(stripe)).customer : await stripe.customers.create()
  return refusal(
    stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }], ...params }),
  )
}

async function refusedUpdate(params: Update, creation: Creation = {}) {
  const { stripe } = await start()
  const { pro } = await shop(stripe)
  const { customer } = await payer(stripe)
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: pro.id }],
    ...creation,
  })
  return refusal(stripe.subscriptions.update(id, params))
}

const BOTH_ENDS =
  'Received both cancel_at_period_end and cancel_at parameters. Please pass in only one.'
const FROM_PLAN = 'You cannot set `trial_end` or `trial_period_days` when `trial_from_plan=true`.'
const PAST = (name: string, value: number) =>
  `The parameter \`${name}\` expects a unix timestamp representing a date and time in the future. You specified the value \`${value}\` which is in the past.`
const TWO_YEARS = 'The maximum number of trial period days is 730 (2 years).'
const FIVE_YEARS = 'Invalid timestamp: can be no more than five years in the future.'

describe('a new subscription is refused', () => {
  test('without a payment method (fact 2)', async () => {
    expect(await refusedCreation({}, 'no method')).toMatchObject(
      saying({ code: 'resource_missing', message: /no attached payment source/ }),
    )
  })

  test.each<{ why: string; params: Creation } & Refused>([
    {
      why: 'with days until due for automatic charges (fact 25)',
      params: { days_until_due: 5 },
      message:
        "You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.",
    },
    {
      why: 'with sent invoices that are never due',
      params: { collection_method: 'send_invoice' },
      message: "If invoice collection method is 'send_invoice', you must specify 'days_until_due'.",
    },
    {
      why: 'with pending_if_incomplete (fact 25)',
      params: { payment_behavior: 'pending_if_incomplete' },
      param: 'payment_behavior',
      message:
        'Setting `payment_behavior` to `pending_if_incomplete` has no effect when creating a subscription.',
    },
    {
      why: 'with an anchor beyond the next natural date (fact 25)',
      params: { billing_cycle_anchor: NOW + 31 * DAY },
      param: 'billing_cycle_anchor',
      message: `billing_cycle_anchor cannot be later than next natural billing date (${NOW + 30 * DAY}) for plan`,
    },
    {
      why: 'with an anchor in the past (fact 25)',
      params: { billing_cycle_anchor: NOW - 1 },
      param: 'billing_cycle_anchor',
      message: PAST('billing_cycle_anchor', NOW - 1),
    },
    {
      why: 'with two anchors',
      params: {
        billing_cycle_anchor: NOW + DAY,
        billing_cycle_anchor_config: { day_of_month: 1 },
      },
      message: /both billing_cycle_anchor and billing_cycle_anchor_config/,
    },
    {
      why: 'with a day of the month that is none',
      params: { billing_cycle_anchor_config: { day_of_month: 32 } },
      param: 'billing_cycle_anchor_config[day_of_month]',
      code: 'parameter_invalid_integer',
      message: /less than or equal to 31/,
    },
    {
      why: 'backdated to the future',
      params: { backdate_start_date: NOW + DAY },
      param: 'backdate_start_date',
      message: /in the past/,
    },
    {
      why: 'with a trial in the past',
      params: { trial_end: 1000 },
      param: 'trial_end',
      message: PAST('trial_end', 1000),
    },
    {
      why: 'with a trial of more than two years',
      params: { trial_end: NOW + 731 * DAY },
      param: 'trial_end',
      message: TWO_YEARS,
    },
    {
      why: 'with more than 730 days of trial',
      params: { trial_period_days: 731 },
      param: 'trial_period_days',
      message: TWO_YEARS,
    },
    {
      why: 'with a trial that ends in more than five years',
      params: { trial_end: NOW + 2000 * DAY },
      param: 'trial_end',
      message: FIVE_YEARS,
    },
    {
      why: 'with two lengths of a trial',
      params: { trial_end: NOW + 7 * DAY, trial_period_days: 7 },
      message: /both trial_end and trial_period_days/,
    },
    {
      why: 'with the trial of the plan and another',
      params: { trial_from_plan: true, trial_end: NOW + 7 * DAY },
      message: FROM_PLAN,
    },
    {
      why: 'with two ends',
      params: { cancel_at: NOW + DAY, cancel_at_period_end: true },
      message: BOTH_ENDS,
    },
    {
      why: 'with an end in the past',
      params: { cancel_at: NOW - 5 },
      param: 'cancel_at',
      message: PAST('cancel_at', NOW - 5),
    },
    {
      why: 'with a description of more than 500 characters',
      params: { description: 'x'.repeat(501) },
      param: 'description',
      message: /at most 500 characters/,
    },
    {
      why: 'with pending items invoiced less than once a year',
      params: { pending_invoice_item_interval: { interval: 'month', interval_count: 13 } },
      param: 'pending_invoice_item_interval[interval_count]',
      message: /maximum interval is one year/,
    },
    {
      why: 'with more than four custom fields on its invoices',
      params: {
        invoice_settings: {
          custom_fields: ['1', '2', '3', '4', '5'].map((name) => ({ name, value: name })),
        },
      },
      param: 'invoice_settings[custom_fields]',
      message: /exceeded maximum 4 allowed elements/,
    },
    {
      why: 'with a price that does not exist',
      params: { items: [{ price: 'price_nope' }] },
      code: 'resource_missing',
      param: 'items[0][price]',
      message: "No such price: 'price_nope'",
    },
    {
      why: 'without items',
      params: { items: [] },
      code: 'parameter_missing',
      param: 'items',
      message: /items/,
    },
    {
      why: 'for a customer that does not exist (probed: 404)',
      params: { customer: 'cus_nope' },
      statusCode: 404,
      code: 'resource_missing',
      param: 'customer',
      message: "No such customer: 'cus_nope'",
    },
    {
      why: 'with a payment method of nobody',
      params: { default_payment_method: 'pm_nope' },
      code: 'resource_missing',
      param: 'default_payment_method',
      message: /pm_nope/,
    },
  ])('$why', async ({ params, why: _why, ...refused }) => {
    expect(await refusedCreation(params)).toMatchObject(saying(refused))
  })

  test('with the same price twice (fact 25)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const items = [{ price: pro.id }, { price: pro.id }]
    expect(
      await refusal(stripe.subscriptions.create({ customer: customer.id, items })),
    ).toMatchObject(
      saying({
        param: 'plan',
        message: `Cannot create a Subscription with multiple Subscription Items with the same Price: ${pro.id}`,
      }),
    )
  })

  test('with more than 20 items, or more than 20 added ones', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const { pro } = await shop(stripe)
    const items = Array.from({ length: 21 }, () => ({ price: pro.id }))
    const create = (params: Creation) =>
      refusal(
        stripe.subscriptions.create({
          customer: customer.id,
          items: [{ price: pro.id }],
          ...params,
        }),
      )
    expect(await create({ items })).toMatchObject({ statusCode: 400, param: 'items' })
    expect(await create({ add_invoice_items: items })).toMatchObject(
      saying({ param: 'add_invoice_items', message: /exceeded maximum 20 allowed elements/ }),
    )
  })

  test('with a recurring price among the added items, or a one-time price among its own', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const once = await stripe.prices.create({
      product: pro.product as string,
      currency: 'usd',
      unit_amount: 500,
    })
    const { customer } = await payer(stripe)
    const create = (params: Creation) =>
      refusal(
        stripe.subscriptions.create({
          customer: customer.id,
          items: [{ price: pro.id }],
          ...params,
        }),
      )
    expect(await create({ add_invoice_items: [{ price: pro.id }] })).toMatchObject(
      saying({
        param: 'add_invoice_items[0][price]',
        message:
          'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
      }),
    )
    expect(await create({ items: [{ price: once.id }] })).toMatchObject(
      saying({
        param: 'items[0][price]',
        message:
          'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
      }),
    )
  })

  test('in another currency than what the customer has (fact 24)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await subscriber(stripe, pro.id)
    const euros = await stripe.prices.create({
      product: pro.product as string,
      currency: 'eur',
      unit_amount: 500,
      recurring: { interval: 'month' },
    })
    const error = await refusal(
      stripe.subscriptions.create({ customer: customer.id, items: [{ price: euros.id }] }),
    )
    expect(error.message).toMatch(/^You cannot combine currencies on a single customer\./)
  })

  test('with error_if_incomplete and a card that needs authentication (fact 25)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe, 'pm_card_authenticationRequired')
    const error = await refusal(
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: pro.id }],
        payment_behavior: 'error_if_incomplete',
      }),
    )
    expect(error).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code: 'subscription_payment_intent_requires_action',
    })
    const { data } = await stripe.subscriptions.list({ customer: customer.id, status: 'all' })
    expect(data).toEqual([])
  })
})

describe('an update is refused', () => {
  test.each<{ why: string; params: Update; creation?: Creation } & Refused>([
    {
      why: 'with two ends, also where one is taken back',
      params: { cancel_at: '', cancel_at_period_end: false },
      message: BOTH_ENDS,
    },
    {
      why: 'with a date of proration beside a new anchor',
      params: { billing_cycle_anchor: { type: 'now' }, proration_date: NOW },
      message: 'You cannot specify `proration_date` when `billing_cycle_anchor=now`.',
    },
    {
      why: 'with a date of proration without prorations',
      params: { proration_behavior: 'none', proration_date: NOW },
      message: /proration_date/,
    },
    {
      why: 'with a date of proration outside the period',
      params: { proration_date: NOW - DAY },
      param: 'proration_date',
      message: /outside of current subscription period/,
    },
    {
      why: 'with an end in the past',
      params: { cancel_at: NOW - DAY },
      param: 'cancel_at',
      message: PAST('cancel_at', NOW - DAY),
    },
    {
      why: 'with a trial in the past',
      params: { trial_end: NOW - DAY },
      param: 'trial_end',
      message: PAST('trial_end', NOW - DAY),
    },
    {
      why: 'with a pause of collection that is over',
      params: { pause_collection: { behavior: 'void', resumes_at: NOW - DAY } },
      param: 'pause_collection[resumes_at]',
      message: PAST('pause_collection[resumes_at]', NOW - DAY),
    },
    {
      why: 'with days until due for automatic charges',
      params: { days_until_due: 3 },
      message: /days_until_due/,
    },
    {
      why: 'with sent invoices that are never due',
      params: { collection_method: 'send_invoice' },
      message: /you must specify 'days_until_due'/,
    },
    {
      why: 'without an item that is left',
      params: { items: [{ id: 'si_nope' }] },
      code: 'resource_missing',
      param: 'items[0][id]',
      message: /si_nope/,
    },
    {
      why: 'with a parameter that cannot wait for a payment',
      params: { payment_behavior: 'pending_if_incomplete', description: 'x' },
      param: 'description',
      message: /`description` is not supported/,
    },
  ])('$why', async ({ params, creation, why: _why, ...refused }) => {
    expect(await refusedUpdate(params, creation)).toMatchObject(saying(refused))
  })

  test('where the subscription is incomplete, but for a few fields', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      payment_behavior: 'default_incomplete',
    })
    const allowed = await stripe.subscriptions.update(id, {
      metadata: { a: 'b' },
      description: 'mine',
    })
    expect(allowed).toMatchObject({ metadata: { a: 'b' }, description: 'mine' })
    expect(
      await refusal(stripe.subscriptions.update(id, { cancel_at_period_end: true })),
    ).toMatchObject({ statusCode: 400, param: 'cancel_at_period_end' })
  })

  test('where the subscription has ended, but for two fields (fact 28)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    await stripe.subscriptions.cancel(subscription.id)
    expect(await refusal(stripe.subscriptions.cancel(subscription.id))).toMatchObject(
      saying({
        statusCode: 404,
        code: 'resource_missing',
        param: 'id',
        message: `No such subscription: '${subscription.id}'`,
      }),
    )
    const update = (params: Update) => stripe.subscriptions.update(subscription.id, params)
    expect(await refusal(update({ description: 'x' }))).toMatchObject(
      saying({
        code: 'invalid_canceled_subscription_fields',
        message: 'A canceled subscription can only update its cancellation_details and metadata.',
      }),
    )
    expect(
      await update({ metadata: { a: 'b' }, cancellation_details: { comment: 'why' } }),
    ).toMatchObject({ metadata: { a: 'b' }, cancellation_details: { comment: 'why' } })
  })
})

describe('the end of a trial without a payment method (fact 26)', () => {
  async function trialing(missing: 'cancel' | 'create_invoice' | 'pause') {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const customer = await stripe.customers.create()
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: missing } },
    })
    return stripe.subscriptions.update(id, { trial_end: 'now' })
  }

  test('is refused where it should be invoiced', async () => {
    expect(await refusal(trialing('create_invoice'))).toMatchObject(
      saying({ code: 'resource_missing', message: /no attached payment source/ }),
    )
  })

  test('pauses or cancels where that is asked for', async () => {
    expect((await trialing('pause')).status).toBe('paused')
    expect(await trialing('cancel')).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'cancellation_requested' },
    })
  })
})

describe('subscription items (fact 28)', () => {
  async function subscribed() {
    const { emulator, stripe } = await start()
    const prices = await shop(stripe)
    const { subscription } = await subscriber(stripe, prices.pro.id)
    return { emulator, stripe, prices, subscription, item: firstItem(subscription) }
  }

  test('are missing with an answer of their own', async () => {
    const { stripe } = await subscribed()
    const missing = saying({ statusCode: 404, message: 'Invalid subscription_item id: si_nope' })
    expect(await refusal(stripe.subscriptionItems.retrieve('si_nope'))).toMatchObject(missing)
    expect(await refusal(stripe.subscriptionItems.update('si_nope', {}))).toMatchObject(missing)
    expect(await refusal(stripe.subscriptionItems.del('si_nope'))).toMatchObject(missing)
  })

  test('are not listed without a subscription', async () => {
    const { stripe } = await start({ observer: checkedObserver({ provoking: true }) })
    expect(
      await refusal(stripe.subscriptionItems.list({} as Stripe.SubscriptionItemListParams)),
    ).toMatchObject(
      saying({
        code: 'parameter_missing',
        param: 'subscription',
        message: 'Missing required param: subscription.',
      }),
    )
  })

  test('are listed oldest first', async () => {
    const { stripe, subscription, prices, item } = await subscribed()
    const added = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: prices.basic.id,
    })
    const { data } = await stripe.subscriptionItems.list({ subscription: subscription.id })
    expect(data.map(({ id }) => id)).toEqual([item.id, added.id])
  })

  test('cannot join an ended subscription, nor one that has their price', async () => {
    const { stripe, subscription, prices, item } = await subscribed()
    const join = (price: string) =>
      refusal(stripe.subscriptionItems.create({ subscription: subscription.id, price }))
    expect(await join(prices.pro.id)).toMatchObject(
      saying({
        param: 'plan',
        message: new RegExp(`existing Subscription Item ${item.id} is already using that Price`),
      }),
    )
    expect(await join('price_nope')).toMatchObject(
      saying({ code: 'resource_missing', param: 'price', message: "No such price: 'price_nope'" }),
    )
    await stripe.subscriptions.cancel(subscription.id)
    expect(await join(prices.basic.id)).toMatchObject(
      saying({
        statusCode: 404,
        code: 'resource_missing',
        param: 'subscription',
        message: `No such subscription: '${subscription.id}'`,
      }),
    )
  })

  test('cannot all leave', async () => {
    const { stripe, item } = await subscribed()
    expect(await refusal(stripe.subscriptionItems.del(item.id))).toMatchObject(
      saying({
        message:
          'A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint on /v1/subscriptions.',
      }),
    )
  })

  test('have a quantity of 1 with another price, unless it is given', async () => {
    const { stripe, prices, item } = await subscribed()
    await stripe.subscriptionItems.update(item.id, { quantity: 4 })
    const moved = await stripe.subscriptionItems.update(item.id, { price: prices.basic.id })
    expect(moved).toMatchObject({ id: item.id, quantity: 1 })
  })
})

test('a subscription can only be resumed if it is paused (fact 28)', async () => {
  const { emulator, stripe } = await start()
  const { pro } = await shop(stripe)
  const { subscription } = await subscriber(stripe, pro.id)
  emulator.clock.advanceBy(DAY_MS)
  expect(await refusal(stripe.subscriptions.resume(subscription.id))).toMatchObject(
    saying({ message: 'You can only resume a subscription if it is `paused`.' }),
  )
})
