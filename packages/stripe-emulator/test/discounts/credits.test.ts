import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, firstItem, payer, start } from '../harness.ts'

/** A subscription to a price at a quantity, 15 % off, ten days after it began. */
async function discounted(price: Partial<Stripe.PriceCreateParams>, quantity: number) {
  const { stripe, emulator } = await start()
  await stripe.coupons.create({ id: 'P15', percent_off: 15, duration: 'forever' })
  const { id } = await stripe.prices.create({
    currency: 'usd',
    recurring: { interval: 'month' },
    product_data: { name: 'Seats' },
    ...price,
  })
  const { customer } = await payer(stripe)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: id, quantity }],
    discounts: [{ coupon: 'P15' }],
  })
  emulator.clock.advanceBy(10 * DAY_MS)
  const change = async (quantity: number) => {
    const { latest_invoice } = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, quantity }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    })
    if (latest_invoice === null || typeof latest_invoice === 'string') throw new Error('no invoice')
    return latest_invoice.lines.data
  }
  return { change }
}

const credited = (line: Stripe.InvoiceLineItem | undefined) =>
  line?.parent?.subscription_item_details?.proration_details?.credited_items?.invoice_line_items

describe('what is credited is what was charged', () => {
  test('for all tiers of a price', async () => {
    const tiers: Partial<Stripe.PriceCreateParams> = {
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 5, unit_amount: 700, flat_amount: 100 },
        { up_to: 'inf', unit_amount: 650 },
      ],
    }
    const { change } = await discounted(tiers, 6)
    const [credit, charge] = await change(9)
    // (3500 + 100 + 650) less 15 %, for 20 of 30 days; then (3500 + 100 + 2600) less 15 %.
    expect(credit?.amount).toBe(-2408)
    expect(charge?.amount).toBe(3513)
    expect(credited(credit)).toHaveLength(3)
  })

  test('after a discount, also where the charge was one for remaining time', async () => {
    const { change } = await discounted({ unit_amount: 1000 }, 3)
    const [, charge] = await change(6)
    expect(charge?.amount).toBe(3400)
    const [credit] = await change(2)
    expect(credit?.amount).toBe(-3400)
  })
})
