import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { refusal } from '../harness.ts'
import { store } from './world.ts'

/** Cashier's SubscriptionsWithMultiplePricesTest: see README.md. */

const NONE = { proration_behavior: 'none' } as const
const AT_ONCE = { proration_behavior: 'always_invoice' } as const

async function two(quantity = 1) {
  const of = await store()
  const { id } = await of.subscribe(of.basic, {
    items: [{ price: of.basic }, { price: of.other, quantity }],
  })
  const items = async () => (await of.stripe.subscriptions.retrieve(id)).items.data
  const itemOf = async (price: string) => {
    const item = (await items()).find((one) => one.price.id === price)
    if (item === undefined) throw new Error('no such item')
    return item
  }
  const update = async (price: string, params: Stripe.SubscriptionItemUpdateParams) =>
    of.stripe.subscriptionItems.update((await itemOf(price)).id, params)
  return { ...of, id, items, itemOf, update }
}

describe('several prices', () => {
  test('have their own quantities and tax rates', async () => {
    const { stripe, subscribe, basic, other, premium, invoices } = await store()
    const vat = await stripe.taxRates.create({
      display_name: 'VAT',
      percentage: 21,
      inclusive: false,
    })
    const created = await subscribe(basic, {
      items: [
        { price: basic, quantity: 10 },
        { price: other, tax_rates: [vat.id] },
        { price: premium, quantity: 5 },
      ],
    })
    const found = created.items.data.map((item) => [
      item.price.id,
      item.quantity,
      item.tax_rates?.map(({ id }) => id),
    ])
    expect(found).toEqual([
      [basic, 10, []],
      [other, 1, [vat.id]],
      [premium, 5, []],
    ])
    expect((await invoices())[0]).toMatchObject({ subtotal: 21_000, total: 21_210 })
  })

  test('are added one by one', async () => {
    const { stripe, subscribe, basic, other } = await store()
    const { id } = await subscribe(basic)
    await stripe.subscriptionItems.create({ subscription: id, price: other, quantity: 5 })
    const { items } = await stripe.subscriptions.retrieve(id)
    expect(items.data.map(({ price, quantity }) => [price.id, quantity]).sort()).toEqual(
      [
        [basic, 1],
        [other, 5],
      ].sort(),
    )
  })

  test('are removed one by one, but for the last', async () => {
    const { stripe, items, itemOf, basic, other } = await two()
    await stripe.subscriptionItems.del((await itemOf(basic)).id)
    expect((await items()).map(({ price }) => price.id)).toEqual([other])
    const last = stripe.subscriptionItems.del((await itemOf(other)).id)
    expect(await refusal(last)).toMatchObject({ statusCode: 400 })
  })

  test('are canceled and resumed together', async () => {
    const { stripe, id } = await two()
    const canceling = await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    expect(canceling).toMatchObject({ status: 'active', cancel_at: expect.any(Number) })
    const resumed = await stripe.subscriptions.update(id, { cancel_at_period_end: false })
    expect(resumed).toMatchObject({ status: 'active', cancel_at: null })
  })

  test('are replaced by others at once', async () => {
    const { stripe, id, itemOf, items, basic, other, premium } = await two()
    await stripe.subscriptions.update(id, {
      items: [
        { id: (await itemOf(basic)).id, deleted: true },
        { id: (await itemOf(other)).id },
        { price: premium, quantity: 3 },
      ],
    })
    const found = (await items()).map(({ price, quantity }) => [price.id, quantity])
    expect(found.sort()).toEqual(
      [
        [other, 1],
        [premium, 3],
      ].sort(),
    )
  })

  test('are two different ones', async () => {
    const { stripe, id, basic } = await two()
    const again = stripe.subscriptionItems.create({ subscription: id, price: basic })
    expect(await refusal(again)).toMatchObject({ statusCode: 400 })
  })
})

describe('the quantity of an item', () => {
  test('is set, raised and lowered; the other item stays', async () => {
    const { update, itemOf, basic, other } = await two()
    for (const quantity of [5, 4, 7, 3, 1]) {
      expect((await update(other, { quantity })).quantity).toBe(quantity)
    }
    expect((await itemOf(basic)).quantity).toBe(1)
  })

  test('without proration costs nothing now, and less later', async () => {
    const { update, other, id, invoices, preview } = await two(3)
    expect((await invoices())[0]?.total).toBe(4000)
    await update(other, { quantity: 1, ...NONE })
    expect(await invoices()).toHaveLength(1)
    expect((await preview(id)).total).toBe(2000)
  })

  test('that cannot be paid is refused, where it is asked for, and stays', async () => {
    const { update, itemOf, other, payWith, invoices } = await two()
    expect((await invoices())[0]?.total).toBe(2000)
    await payWith('pm_card_chargeCustomerFail')
    const raised = update(other, {
      quantity: 2,
      payment_behavior: 'error_if_incomplete',
      ...AT_ONCE,
    })
    expect(await refusal(raised)).toMatchObject({ statusCode: 402, type: 'StripeCardError' })
    expect((await itemOf(other)).quantity).toBe(1)
  })
})

describe('the price of an item', () => {
  test('is swapped, with a quantity, and the item stays', async () => {
    const { stripe, subscribe, basic, other } = await store()
    const { id, items } = await subscribe(basic)
    const item = items.data[0]?.id ?? ''
    const swapped = await stripe.subscriptionItems.update(item, { price: other, quantity: 3 })
    expect(swapped).toMatchObject({ id: item, quantity: 3, price: { id: other } })
    expect((await stripe.subscriptions.retrieve(id)).items.data).toHaveLength(1)
  })
})

describe('prorations of items', () => {
  test('none, at once and none again: the invoices, and what comes next', async () => {
    const { stripe, subscribe, basic, other, premium, invoices, preview } = await store()
    const { id, items } = await subscribe(premium)
    const totals = async () => (await invoices()).map(({ total }) => total)
    await stripe.subscriptionItems.create({ subscription: id, price: other, ...NONE })
    expect(await totals()).toEqual([2000])
    await stripe.subscriptionItems.create({ subscription: id, price: basic, ...AT_ONCE })
    expect(await totals()).toEqual([1000, 2000])
    expect((await preview(id)).total).toBe(4000)
    await stripe.subscriptionItems.del(items.data[0]?.id ?? '', NONE)
    expect(await totals()).toEqual([1000, 2000])
    expect((await preview(id)).total).toBe(2000)
  })
})
