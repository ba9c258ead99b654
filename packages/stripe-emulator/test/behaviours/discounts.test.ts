import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { refusal } from '../harness.ts'
import { store, swap } from './world.ts'

/** Cashier's DiscountTest and its tests of coupons, and Pay's: see README.md. */

async function coupons() {
  const of = await store()
  const five = await of.stripe.coupons.create({
    duration: 'repeating',
    amount_off: 500,
    duration_in_months: 3,
    currency: 'usd',
  })
  const fifth = await of.stripe.coupons.create({ duration: 'once', percent_off: 20 })
  const code = await of.stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: fifth.id },
    code: 'Twenty-Off',
  })
  return { ...of, five: five.id, fifth: fifth.id, code }
}

const discountsOf = async (stripe: Stripe, id: string) => {
  const { discounts } = await stripe.subscriptions.retrieve(id, {
    expand: ['discounts.promotion_code'],
  })
  return discounts
}

describe('a coupon', () => {
  test('on a new subscription is on its first invoice, with its terms', async () => {
    const { stripe, subscribe, basic, five, invoices } = await coupons()
    const { id, status } = await subscribe(basic, { discounts: [{ coupon: five }] })
    expect(status).toBe('active')
    const [{ id: invoice = '' } = {}] = await invoices()
    const expand = ['total_discount_amounts.discount.source.coupon']
    expect(await stripe.invoices.retrieve(invoice, { expand })).toMatchObject({
      subtotal: 1000,
      total: 500,
      total_discount_amounts: [
        { amount: 500, discount: { source: { coupon: { amount_off: 500, percent_off: null } } } },
      ],
    })
    expect(await discountsOf(stripe, id)).toMatchObject([{ source: { coupon: five } }])
  })

  test('is put on a subscription that runs, and a promotion code in its place', async () => {
    const { stripe, subscribe, basic, five, code, fifth } = await coupons()
    const { id } = await subscribe(basic)
    await stripe.subscriptions.update(id, { discounts: [{ coupon: five }] })
    expect(await discountsOf(stripe, id)).toMatchObject([{ source: { coupon: five } }])
    await stripe.subscriptions.update(id, { discounts: [{ promotion_code: code.id }] })
    expect(await discountsOf(stripe, id)).toMatchObject([
      {
        source: { coupon: fifth },
        promotion_code: { id: code.id, code: 'Twenty-Off', promotion: { coupon: fifth } },
      },
    ])
  })

  test('is put on with a swap', async () => {
    const of = await coupons()
    const { id } = await of.subscribe(of.basic)
    await swap(of, id, of.other, { discounts: [{ coupon: of.five }] })
    expect(await discountsOf(of.stripe, id)).toMatchObject([{ source: { coupon: of.five } }])
  })

  test('for some months ends after them', async () => {
    const { emulator, subscribe, basic, five, invoices } = await coupons()
    await subscribe(basic, { discounts: [{ coupon: five }] })
    for (let month = 0; month < 4; month += 1) emulator.clock.advanceBy(31 * 86_400_000)
    expect((await invoices()).map(({ total }) => total).reverse()).toEqual([
      500, 500, 500, 1000, 1000,
    ])
  })

  test('that does not exist is refused, also with a swap', async () => {
    const of = await coupons()
    const { id } = await of.subscribe(of.basic)
    const swapped = swap(of, id, of.other, { discounts: [{ coupon: 'none' }] })
    expect(await refusal(swapped)).toMatchObject({
      code: 'resource_missing',
      message: "No such coupon: 'none'",
    })
  })

  test('on one item of an invoice is the only discount, with its coupon', async () => {
    const { stripe, customer, invoices } = await coupons()
    const half = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const { id } = await stripe.invoices.create({ customer: customer.id })
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: id,
      amount: 1900,
      currency: 'usd',
      discounts: [{ coupon: half.id }],
    })
    await stripe.invoices.pay(id)
    const expand = ['total_discount_amounts.discount.source.coupon']
    expect(await stripe.invoices.retrieve(id, { expand })).toMatchObject({
      total: 950,
      total_discount_amounts: [
        { amount: 950, discount: { source: { coupon: { id: half.id, percent_off: 50 } } } },
      ],
    })
    expect(await invoices()).toHaveLength(1)
  })
})

describe('a customer', () => {
  test('has a coupon, and then a promotion code instead: as versions before basil do it', async () => {
    const { stripe, customer, five, fifth, code } = await coupons()
    const set = (form: Record<string, string>) =>
      stripe.rawRequest('POST', `/v1/customers/${customer.id}`, form, {
        apiVersion: '2025-02-24.acacia',
      })
    expect(await set({ coupon: five })).toMatchObject({ discount: { coupon: { id: five } } })
    expect(await set({ promotion_code: code.id })).toMatchObject({
      discount: { coupon: { id: fifth }, promotion_code: code.id },
    })
  })
})

describe('a promotion code', () => {
  test('is found by its code; an inactive one only where it is not asked for active ones', async () => {
    const { stripe, five } = await coupons()
    const found = await stripe.promotionCodes.list({ code: 'Twenty-Off' })
    expect(found.data.map(({ code }) => code)).toEqual(['Twenty-Off'])
    await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: five },
      active: false,
      code: 'NEWYEAR',
    })
    const listed = async (form: object) =>
      (await stripe.promotionCodes.list({ code: 'NEWYEAR', ...form })).data.length
    expect([await listed({}), await listed({ active: true })]).toEqual([1, 0])
  })

  test('that is inactive is refused', async () => {
    const { stripe, subscribe, basic, code } = await coupons()
    await stripe.promotionCodes.update(code.id, { active: false })
    const created = subscribe(basic, { discounts: [{ promotion_code: code.id }] })
    expect(await refusal(created)).toMatchObject({ statusCode: 400 })
  })

  test('counts what it was redeemed for, and its coupon too', async () => {
    const { stripe, subscribe, basic, code, fifth } = await coupons()
    await subscribe(basic, { discounts: [{ promotion_code: code.id }] })
    expect((await stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(1)
    expect((await stripe.coupons.retrieve(fifth)).times_redeemed).toBe(1)
  })
})
