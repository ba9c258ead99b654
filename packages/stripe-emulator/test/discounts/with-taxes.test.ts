import { describe, expect, test } from 'vitest'
import { start } from '../harness.ts'
import { invoiceOf, taxedShop } from '../tax/shop.ts'

describe('taxes of an invoice with discounts', () => {
  test('are on what is left after the discounts of lines and of the subscription', async () => {
    const { stripe } = await start()
    const { basic, customer, onTop } = await taxedShop(stripe)
    const once = await stripe.prices.create({
      product: basic.product as string,
      currency: 'usd',
      unit_amount: 1000,
    })
    const line = await stripe.coupons.create({ amount_off: 400, currency: 'usd' })
    const all = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      add_invoice_items: [{ price: once.id, discounts: [{ coupon: line.id }] }],
      discounts: [{ coupon: all.id }],
      default_tax_rates: [onTop.id],
      expand: ['latest_invoice'],
    })
    const invoice = invoiceOf(subscription)
    // 1900 and 1000 − 400, each halved, then 20 % on top.
    expect(invoice).toMatchObject({
      subtotal: 2500,
      total_excluding_tax: 1250,
      total: 1500,
      amount_paid: 1500,
      total_taxes: [{ amount: 250, taxable_amount: 1250 }],
    })
    const ofLine = (amount: number) => invoice.lines.data.find((one) => one.subtotal === amount)
    expect(ofLine(1000)).toMatchObject({
      discount_amounts: [{ amount: 400 }, { amount: 300 }],
      taxes: [{ amount: 60, taxable_amount: 300 }],
    })
    expect(ofLine(1900)).toMatchObject({
      discount_amounts: [{ amount: 950 }],
      taxes: [{ amount: 190, taxable_amount: 950 }],
    })
    for (const { id } of [line, all]) {
      expect(await stripe.coupons.retrieve(id)).toMatchObject({ times_redeemed: 1 })
    }
  })
})
