import { describe, expect, test } from 'vitest'
import { DAY_MS, payer, receiver, seconds, shop, start } from './harness.ts'

async function watched() {
  const hook = await receiver()
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  const told = async (type: string) => {
    await emulator.webhooksSettled()
    return hook.types().filter((one) => one === type).length
  }
  return { stripe, emulator, told, prices: await shop(stripe) }
}

describe('the end of a trial', () => {
  const TYPE = 'customer.subscription.trial_will_end'

  test('is told three days before, once', async () => {
    const { stripe, emulator, told, prices } = await watched()
    const { customer } = await payer(stripe)
    await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.basic.id }],
      trial_period_days: 10,
    })
    emulator.clock.advanceBy(7 * DAY_MS - 1000)
    expect(await told(TYPE)).toBe(0)
    emulator.clock.advanceBy(1000)
    expect(await told(TYPE)).toBe(1)
    emulator.clock.advanceBy(30 * DAY_MS)
    expect(await told(TYPE)).toBe(1)
  })

  test('is told at once where it is nearer than that, and follows a trial that is moved', async () => {
    const { stripe, emulator, told, prices } = await watched()
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.basic.id }],
      trial_period_days: 1,
    })
    expect(await told(TYPE)).toBe(1)
    const later = seconds(emulator.clock.now()) + 20 * 86_400
    await stripe.subscriptions.update(id, { trial_end: later })
    emulator.clock.advanceBy(16 * DAY_MS)
    expect(await told(TYPE)).toBe(1)
    emulator.clock.advanceBy(DAY_MS)
    expect(await told(TYPE)).toBe(2)
  })

  test('of a subscription that is over already is not told', async () => {
    const { stripe, emulator, told, prices } = await watched()
    const { customer } = await payer(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: prices.basic.id }],
      trial_period_days: 10,
    })
    await stripe.subscriptions.cancel(id)
    emulator.clock.advanceBy(12 * DAY_MS)
    expect(await told(TYPE)).toBe(0)
  })
})

describe('the end of a schedule', () => {
  test('is told seven days before, and when it has come', async () => {
    const { stripe, emulator, told, prices } = await watched()
    const { customer } = await payer(stripe)
    await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [{ items: [{ price: prices.basic.id }], duration: { interval: 'month' } }],
    })
    emulator.clock.advanceBy(22 * DAY_MS)
    expect(await told('subscription_schedule.expiring')).toBe(0)
    emulator.clock.advanceBy(2 * DAY_MS)
    expect(await told('subscription_schedule.expiring')).toBe(1)
    emulator.clock.advanceBy(8 * DAY_MS)
    expect(await told('subscription_schedule.released')).toBe(1)
    expect(await told('subscription_schedule.completed')).toBe(1)
  })

  test('by a subscription that was never paid is told as aborted', async () => {
    const { stripe, emulator, told, prices } = await watched()
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
    expect(await told('subscription_schedule.aborted')).toBe(1)
    expect(await told('subscription_schedule.canceled')).toBe(0)
  })
})

test('a trial that is ended early pauses where nothing could pay, and that was asked for', async () => {
  const { stripe, told, prices } = await watched()
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
  expect(await told('customer.subscription.paused')).toBe(1)
  expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(1)
})
