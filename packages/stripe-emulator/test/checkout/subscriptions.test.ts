import { describe, expect, test } from 'vitest'
import { refusal, start, subscriber } from '../harness.ts'
import { metered, NOW } from '../meters/usage.ts'
import { expanded, pay, plan, shown } from './sessions.ts'

const DAY_MS = 86_400_000

describe('a subscription by Checkout', () => {
  test('in another currency than the one that the customer has is refused when the session is created', async () => {
    const { stripe } = await start()
    const price = await stripe.prices.create({
      currency: 'eur',
      unit_amount: 900,
      recurring: { interval: 'month' },
      product_data: { name: 'Euro plan' },
    })
    const { customer, subscription } = await subscriber(stripe, price.id)
    const { statusCode, message } = await refusal(plan(stripe, { customer: customer.id }))
    expect(statusCode).toBe(400)
    expect(message).toContain('You cannot combine currencies on a single customer.')
    await stripe.subscriptions.cancel(subscription.id)
    expect(await plan(stripe, { customer: customer.id })).toMatchObject({ currency: 'usd' })
  })

  test('of a metered price bills the usage at the end of the period', async () => {
    const { emulator, stripe, price, customer, use } = await metered()
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'https://app.test/done',
      customer: customer.id,
      line_items: [
        { price: price.id },
        {
          quantity: 1,
          price_data: {
            currency: 'usd',
            unit_amount: 1000,
            recurring: { interval: 'month' },
            product_data: { name: 'Base' },
          },
        },
      ],
    })
    expect(session.amount_total).toBe(1000)
    const items = await stripe.checkout.sessions.listLineItems(session.id)
    expect(items.data.map(({ quantity, amount_total }) => [quantity, amount_total])).toEqual([
      [null, 0],
      [1, 1000],
    ])
    expect((await pay(session)).status).toBe(303)
    const done = await shown(stripe, session)
    expect(expanded(done.invoice)).toMatchObject({ amount_paid: 1000 })
    await use(300, { at: NOW + 1 })
    await use(200, { at: NOW + 2 })
    emulator.clock.advanceBy(31 * DAY_MS)
    const { data } = await stripe.invoices.list({ subscription: expanded(done.subscription).id })
    expect(data[0]).toMatchObject({ billing_reason: 'subscription_cycle', total: 2000 })
    expect(data[0]?.lines.data.map(({ amount }) => amount).sort()).toEqual([1000, 1000])
  })

  test('of a metered price with a coupon takes it off the usage', async () => {
    const { emulator, stripe, price, customer, use } = await metered()
    const { id } = await stripe.coupons.create({ percent_off: 50 })
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'https://app.test/done',
      customer: customer.id,
      line_items: [{ price: price.id }],
      discounts: [{ coupon: id }],
    })
    expect(session.amount_total).toBe(0)
    expect((await pay(session)).status).toBe(303)
    await use(500)
    emulator.clock.advanceBy(31 * DAY_MS)
    const { subscription } = await shown(stripe, session)
    const { data } = await stripe.invoices.list({ subscription: expanded(subscription).id })
    expect(data[0]).toMatchObject({ subtotal: 1000, total: 500, amount_paid: 500 })
  })
})
