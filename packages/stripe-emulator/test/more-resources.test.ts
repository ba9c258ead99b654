import { describe, expect, test } from 'vitest'
import {
  DAY_MS,
  firstItem,
  HOUR_MS,
  latestInvoice,
  payer,
  post,
  refusal,
  START,
  seconds,
  shop,
  start,
  subscriber,
} from './harness.ts'

const DAY = 86_400

describe('prices', () => {
  test('are found by lookup key, which is transferred only on request', async () => {
    const { stripe } = await start()
    const { id: product } = await stripe.products.create({ name: 'Pro' })
    const make = (amount: number, transfer: boolean) =>
      stripe.prices.create({
        product,
        currency: 'usd',
        unit_amount: amount,
        recurring: { interval: 'month' },
        lookup_key: 'pro',
        transfer_lookup_key: transfer,
      })
    const first = await make(100, false)
    expect(await refusal(make(200, false))).toMatchObject({ statusCode: 400, param: 'lookup_key' })
    const second = await make(300, true)
    const { data } = await stripe.prices.list({ lookup_keys: ['pro', 'other'] })
    expect(data.map((price) => price.id)).toEqual([second.id])
    expect((await stripe.prices.retrieve(first.id)).lookup_key).toBeNull()
  })

  test('in a zero-decimal currency are formatted without decimals', async () => {
    const { stripe } = await start()
    const { id: product } = await stripe.products.create({ name: 'Pro' })
    const price = await stripe.prices.create({
      product,
      currency: 'jpy',
      unit_amount: 500,
      recurring: { interval: 'month' },
    })
    const { subscription } = await subscriber(stripe, price.id)
    expect((await latestInvoice(stripe, subscription.id)).lines.data[0]?.description).toBe(
      '1 × Pro (at ¥500 / month)',
    )
  })

  test('that are inactive cannot be subscribed to', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    await stripe.prices.update(pro.id, { active: false })
    expect((await refusal(subscriber(stripe, pro.id))).message).toContain('inactive')
  })
})

describe('customers', () => {
  test('are found by e-mail and by metadata', async () => {
    const { stripe } = await start()
    const a = await stripe.customers.create({ email: 'a@example.org', metadata: { userId: 'u-1' } })
    const b = await stripe.customers.create({ email: 'b@example.org', metadata: { userId: 'u-2' } })
    const search = async (query: string) =>
      (await stripe.customers.search({ query })).data.map((one) => one.id)
    expect(await search("metadata['userId']:'u-1'")).toEqual([a.id])
    expect(await search('email:"b@example.org"')).toEqual([b.id])
    expect(await search("email~'example' AND -metadata['userId']:'u-1'")).toEqual([b.id])
    expect(await search("email:'a@example.org' OR email:'b@example.org'")).toEqual([b.id, a.id])
    expect((await refusal(stripe.customers.search({ query: 'nonsense' }))).param).toBe('query')
    expect(
      (await stripe.customers.list({ email: 'a@example.org' })).data.map((one) => one.id),
    ).toEqual([a.id])
  })
})

describe('a deleted customer', () => {
  test('has no further events, and the clock can be advanced', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await subscriber(stripe, pro.id)
    await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: 'usd' })
    const draft = await stripe.invoices.create({ customer: customer.id, auto_advance: true })
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: seconds(START) + DAY,
      phases: [{ items: [{ price: pro.id }] }],
    })
    await stripe.customers.del(customer.id)
    emulator.clock.advanceBy(40 * DAY_MS)
    expect((await stripe.invoices.retrieve(draft.id)).status).toBe('draft')
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('canceled')
  })
})

describe('the account', () => {
  test('stays the same while the state is kept', async () => {
    const { stripe } = await start()
    const account = await stripe.accounts.retrieveCurrent()
    expect(account).toMatchObject({ object: 'account', country: 'US', charges_enabled: true })
    expect((await stripe.accounts.retrieveCurrent()).id).toBe(account.id)
    const other = await start()
    expect((await other.stripe.accounts.retrieveCurrent()).id).not.toBe(account.id)
  })
})

describe('payment methods', () => {
  test('of test ids and of numbers are cards; detached ones cannot pay', async () => {
    const { stripe } = await start()
    const { customer, method } = await payer(stripe)
    const typed = await stripe.paymentMethods.create({
      type: 'card',
      card: { number: '5555555555554444', exp_month: 4, exp_year: 2034, cvc: '123' },
    })
    expect(typed.card).toMatchObject({
      brand: 'mastercard',
      last4: '4444',
      exp_month: 4,
      exp_year: 2034,
    })
    expect(typed).not.toHaveProperty('card.number')
    await stripe.paymentMethods.attach(typed.id, { customer: customer.id })
    await stripe.paymentMethods.detach(method.id)
    expect(
      (await stripe.paymentMethods.list({ customer: customer.id })).data.map((one) => one.id),
    ).toEqual([typed.id])
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({
      invoice_settings: { default_payment_method: null },
    })
  })
})

describe('invoices', () => {
  test('of pending items are created, finalized and paid manually', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    await stripe.invoiceItems.create({
      customer: customer.id,
      amount: 700,
      currency: 'usd',
      description: 'Setup',
    })
    const draft = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    expect(draft).toMatchObject({
      status: 'draft',
      total: 700,
      hosted_invoice_url: null,
      number: null,
    })
    const open = await stripe.invoices.finalizeInvoice(draft.id)
    expect(open).toMatchObject({ status: 'open', amount_due: 700 })
    expect((await refusal(stripe.invoices.finalizeInvoice(draft.id))).message).toMatch(
      /already finalized/,
    )
    const paid = await stripe.invoices.pay(draft.id)
    expect(paid).toMatchObject({ status: 'paid', amount_remaining: 0 })
    expect((await stripe.invoices.listLineItems(draft.id)).data).toHaveLength(1)
  })

  test('that are declined stay open, with the attempt on record', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe, 'pm_card_chargeCustomerFail')
    await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: 'usd' })
    const draft = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    expect(await refusal(stripe.invoices.pay(draft.id))).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
    })
    expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
      status: 'open',
      attempted: true,
      attempt_count: 1,
    })
    expect((await stripe.invoices.voidInvoice(draft.id)).status).toBe('void')
    expect((await refusal(stripe.invoices.pay(draft.id))).statusCode).toBe(400)
  })
})

describe('refunds', () => {
  test('are made in part, then for the rest, and never for more', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    await subscriber(stripe, pro.id)
    const [charge] = (await stripe.charges.list()).data
    const id = charge?.id ?? ''
    expect(await stripe.refunds.create({ charge: id, amount: 900 })).toMatchObject({
      status: 'succeeded',
      amount: 900,
      charge: id,
    })
    expect(await stripe.charges.retrieve(id)).toMatchObject({
      amount_refunded: 900,
      refunded: false,
    })
    expect((await refusal(stripe.refunds.create({ charge: id, amount: 4001 }))).param).toBe(
      'amount',
    )
    await stripe.refunds.create({ charge: id })
    expect(await stripe.charges.retrieve(id)).toMatchObject({
      amount_refunded: 4900,
      refunded: true,
    })
    expect((await refusal(stripe.refunds.create({ charge: id }))).code).toBe(
      'charge_already_refunded',
    )
  })
})

describe('subscription schedules', () => {
  async function downgrade() {
    const { emulator, stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const schedule = await stripe.subscriptionSchedules.create({
      from_subscription: subscription.id,
    })
    const [current] = schedule.phases
    if (current === undefined) throw new Error('no phase')
    const planned = await stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: 'release',
      phases: [
        {
          start_date: current.start_date,
          end_date: current.end_date,
          items: [{ price: pro.id, quantity: 1 }],
        },
        {
          items: [{ price: basic.id, quantity: 1 }],
          duration: { interval: 'month', interval_count: 1 },
        },
      ],
    })
    return { emulator, stripe, basic, pro, subscription, schedule, planned }
  }

  test('are previewed with the phase that the next renewal is in', async () => {
    const { stripe, basic, schedule } = await downgrade()
    const preview = await stripe.invoices.createPreview({ schedule: schedule.id })
    expect(preview).toMatchObject({ amount_due: basic.unit_amount })
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: 'active',
    })
  })

  test('keep the metadata of an item', async () => {
    const { stripe, pro, schedule } = await downgrade()
    const [current] = schedule.phases
    const items = [{ price: pro.id, metadata: { team: 'red' } }]
    const phases = [{ items, start_date: current?.start_date ?? 0, end_date: current?.end_date }]
    const after = await stripe.subscriptionSchedules.update(schedule.id, {
      phases: phases.map(({ end_date = 0, ...phase }) => ({ ...phase, end_date })),
    })
    expect(after.phases[0]?.items[0]?.metadata).toEqual({ team: 'red' })
  })

  test('change the plan at the end of the period without a proration, and are then released', async () => {
    const { emulator, stripe, basic, pro, subscription, schedule, planned } = await downgrade()
    const end = firstItem(subscription).current_period_end
    expect(schedule).toMatchObject({
      status: 'active',
      subscription: subscription.id,
      current_phase: { start_date: seconds(START), end_date: end },
    })
    expect(planned.phases.map((phase) => [phase.start_date, phase.end_date])).toEqual([
      [seconds(START), end],
      [end, seconds(new Date('2027-01-10T18:29:24Z'))],
    ])
    expect((await stripe.subscriptions.retrieve(subscription.id)).schedule).toBe(schedule.id)
    emulator.clock.advanceTo(new Date((end - 1) * 1000))
    expect(firstItem(await stripe.subscriptions.retrieve(subscription.id)).price.id).toBe(pro.id)
    emulator.clock.advanceBy(1000 + HOUR_MS)
    const after = await stripe.subscriptions.retrieve(subscription.id)
    expect(firstItem(after)).toMatchObject({ price: { id: basic.id }, current_period_start: end })
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      total: 1900,
      status: 'paid',
      billing_reason: 'subscription_cycle',
    })
    emulator.clock.advanceBy(32 * DAY_MS)
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('released')
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'active',
      schedule: null,
    })
    expect(firstItem(await stripe.subscriptions.retrieve(subscription.id)).price.id).toBe(basic.id)
  })

  test('reject a direct cancellation while active, not after the release (fact 10)', async () => {
    const { stripe, subscription, schedule, pro } = await downgrade()
    const change = () =>
      stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    const error = await refusal(change())
    expect(error.statusCode).toBe(400)
    expect(error.message).toContain('managed by the subscription schedule')
    expect(await stripe.subscriptionSchedules.release(schedule.id)).toMatchObject({
      status: 'released',
      released_subscription: subscription.id,
      subscription: null,
    })
    expect(firstItem(await stripe.subscriptions.retrieve(subscription.id)).price.id).toBe(pro.id)
    expect((await change()).cancel_at_period_end).toBe(true)
    expect((await refusal(stripe.subscriptionSchedules.release(schedule.id))).statusCode).toBe(400)
  })

  test('allow a preview of another current phase, which changes nothing', async () => {
    const { emulator, stripe, pro, subscription, schedule } = await downgrade()
    const { yearly } = await shop(stripe)
    emulator.clock.advanceBy(10 * DAY_MS)
    const period = firstItem(subscription)
    const phase = (price: string) => ({
      start_date: period.current_period_start,
      end_date: period.current_period_end,
      items: [{ price }],
    })
    const previewed = await stripe.invoices.createPreview({
      schedule: schedule.id,
      schedule_details: { phases: [phase(yearly.id)], proration_behavior: 'always_invoice' },
    })
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: 'active',
      subscription: subscription.id,
    })
    await stripe.subscriptionSchedules.release(schedule.id)
    const updated = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: period.id, price: yearly.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await stripe.invoices.retrieve(String(updated.latest_invoice))
    expect(previewed.total).toBe(invoice.total)
    expect(firstItem(subscription).price.id).toBe(pro.id)
  })

  test('end with their subscription', async () => {
    const { stripe, subscription, schedule } = await downgrade()
    await stripe.subscriptions.cancel(subscription.id)
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('canceled')
  })

  test('with a future start begin at their time', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { customer } = await payer(stripe)
    const begins = seconds(START) + 5 * DAY
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: begins,
      phases: [{ items: [{ price: pro.id }], duration: { interval: 'month' } }],
      end_behavior: 'cancel',
    })
    expect(schedule).toMatchObject({ status: 'not_started', subscription: null })
    emulator.clock.advanceBy(5 * DAY_MS)
    const [subscription] = (await stripe.subscriptions.list({ customer: customer.id })).data
    expect(subscription).toMatchObject({
      status: 'active',
      start_date: begins,
      schedule: schedule.id,
    })
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await stripe.subscriptions.retrieve(subscription?.id ?? '')).status).toBe('canceled')
    expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('completed')
  })
})

describe('subscription items', () => {
  test('are listed, and changed like an update of their subscription', async () => {
    const { stripe } = await start()
    const { basic, pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id)
    const { id } = firstItem(subscription)
    expect(
      (await stripe.subscriptionItems.list({ subscription: subscription.id })).data.map(
        (item) => item.id,
      ),
    ).toEqual([id])
    expect(await stripe.subscriptionItems.update(id, { price: pro.id, quantity: 3 })).toMatchObject(
      { id, price: { id: pro.id }, quantity: 3 },
    )
    const added = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: basic.id,
    })
    expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({
      id: added.id,
      deleted: true,
    })
    expect((await refusal(stripe.subscriptionItems.del(id))).statusCode).toBe(400)
  })
})

describe('test clocks', () => {
  test('have their own time for their customers: advancing, then ready, with events (fact 15)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const frozen = seconds(new Date('2030-01-31T00:00:00Z'))
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: frozen })
    const customer = await stripe.customers.create({
      test_clock: clock.id,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
    })
    expect(subscription).toMatchObject({ created: frozen, test_clock: clock.id })
    const goal = frozen + 29 * DAY
    const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: goal })
    expect(advancing.status).toBe('advancing')
    expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({
      status: 'ready',
      frozen_time: goal,
    })
    const { data } = await stripe.invoices.list({ customer: customer.id })
    expect(data.map((invoice) => [invoice.status, invoice.created])).toEqual([
      ['paid', seconds(new Date('2030-02-28T00:00:00Z'))],
      ['paid', frozen],
    ])
    const types = (await stripe.events.list({ type: 'test_helpers.*' })).data.map(
      (event) => event.type,
    )
    expect(types.reverse()).toEqual([
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.advancing',
      'test_helpers.test_clock.ready',
    ])
  })

  test('only move forward, and at most two intervals at once (fact 15)', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const frozen = seconds(START)
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: frozen })
    const customer = await stripe.customers.create({
      test_clock: clock.id,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
    await stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }] })
    const advance = (to: number) =>
      refusal(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to }))
    expect(await advance(frozen)).toMatchObject({ param: 'frozen_time' })
    expect(await advance(frozen + 62 * DAY)).toMatchObject({ param: 'frozen_time' })
  })

  test('do not affect other customers, and are deleted with their own', async () => {
    const { emulator, stripe } = await start()
    const { pro } = await shop(stripe)
    const { subscription } = await subscriber(stripe, pro.id)
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: seconds(START) })
    const customer = await stripe.customers.create({ test_clock: clock.id })
    await stripe.testHelpers.testClocks.advance(clock.id, {
      frozen_time: seconds(START) + 60 * DAY,
    })
    expect((await stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(1)
    emulator.clock.advanceBy(DAY_MS)
    expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).frozen_time).toBe(
      seconds(START) + 60 * DAY,
    )
    await stripe.testHelpers.testClocks.del(clock.id)
    expect((await refusal(stripe.customers.retrieve(customer.id))).statusCode).toBe(404)
  })
})

describe('setup intents', () => {
  test('attach a card; one that requires 3-D Secure needs it once, and then pays without', async () => {
    const { stripe } = await start()
    const { pro } = await shop(stripe)
    const customer = await stripe.customers.create()
    const intent = await stripe.setupIntents.create({
      customer: customer.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
    })
    expect(intent).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'use_stripe_sdk' },
    })
    const url = intent.next_action?.use_stripe_sdk?.['stripe_js']
    await post(String(url), { result: 'complete' })
    const done = await stripe.setupIntents.retrieve(intent.id)
    expect(done.status).toBe('succeeded')
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: String(done.payment_method) },
    })
    expect(
      (await stripe.subscriptions.create({ customer: customer.id, items: [{ price: pro.id }] }))
        .status,
    ).toBe('active')
  })
})
