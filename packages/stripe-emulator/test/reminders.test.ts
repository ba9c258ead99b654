import { describe, expect, test } from 'vitest'
import { DAY_MS, payer, receiver, seconds, shop, start } from './harness.ts'

async function setUp() {
  const hook = await receiver()
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  const count = async (type: string) => {
    await emulator.webhooksSettled()
    return hook.types().filter((one) => one === type).length
  }
  return { stripe, emulator, count, prices: await shop(stripe) }
}

describe('the end of a trial', () => {
  const TYPE = 'customer.subscription.trial_will_end'

  test('sends trial_will_end three days before, once', async () => {
    const { stripe, emulator, count, prices } = await setUp()
    const { customer } = await payer(stripe)
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.basic.id }],
      trial_period_days: 10,
    })
    emulator.clock.advanceBy(7 * DAY_MS - 1000)
    expect(await count(TYPE)).toBe(0)
    emulator.clock.advanceBy(1000)
    expect(await count(TYPE)).toBe(1)
    emulator.clock.advanceBy(30 * DAY_MS)
    expect(await count(TYPE)).toBe(1)
  })

  test('sends it at once where the trial ends sooner, and follows a changed end', async () => {
    const { stripe, emulator, count, prices } = await setUp()
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.basic.id }],
      trial_period_days: 1,
    })
    expect(await count(TYPE)).toBe(1)
    const later = seconds(emulator.clock.now()) + 20 * 86_400
    await stripe.subscriptions.update(id, { trial_end: later })
    emulator.clock.advanceBy(16 * DAY_MS)
    expect(await count(TYPE)).toBe(1)
    emulator.clock.advanceBy(DAY_MS)
    expect(await count(TYPE)).toBe(2)
  })

  test('sends nothing for a subscription that has ended', async () => {
    const { stripe, emulator, count, prices } = await setUp()
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.basic.id }],
      trial_period_days: 10,
    })
    await stripe.subscriptions.cancel(id)
    emulator.clock.advanceBy(12 * DAY_MS)
    expect(await count(TYPE)).toBe(0)
  })
})

describe('the end of a schedule', () => {
  test('sends expiring seven days before, and completed at the end', async () => {
    const { stripe, emulator, count, prices } = await setUp()
    const { customer } = await payer(stripe)
    await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [{ items: [{ price: prices.basic.id }], duration: { interval: 'month' } }],
    })
    emulator.clock.advanceBy(22 * DAY_MS)
    expect(await count('subscription_schedule.expiring')).toBe(0)
    emulator.clock.advanceBy(2 * DAY_MS)
    expect(await count('subscription_schedule.expiring')).toBe(1)
    emulator.clock.advanceBy(8 * DAY_MS)
    expect(await count('subscription_schedule.released')).toBe(1)
    expect(await count('subscription_schedule.completed')).toBe(1)
  })

  test('sends aborted where its subscription ends unpaid', async () => {
    const { stripe, emulator, count, prices } = await setUp()
    const { customer } = await payer(stripe)
    await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [
        {
          items: [{ price: prices.basic.id }],
          duration: { interval: 'month', interval_count: 6 },
        },
      ],
    })
    const broken = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: customer.id,
    })
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: broken.id },
    })
    emulator.clock.advanceBy(60 * DAY_MS)
    expect(await count('subscription_schedule.aborted')).toBe(1)
    expect(await count('subscription_schedule.canceled')).toBe(0)
  })
})

test('a trial that is ended early without a payment method pauses, where its settings say so', async () => {
  const { stripe, count, prices } = await setUp()
  const customer = await stripe.customers.create()
  const { id } = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: prices.basic.id }],
    trial_period_days: 7,
    trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
  })
  expect(await stripe.subscriptions.update(id, { trial_end: 'now' })).toMatchObject({
    status: 'paused',
  })
  expect(await count('customer.subscription.paused')).toBe(1)
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1)
})
