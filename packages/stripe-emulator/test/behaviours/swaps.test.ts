import { describe, expect, test } from 'vitest'
import { firstItem, refusal } from '../harness.ts'
import type { Store } from './world.ts'
import { latestIntent, store, swap } from './world.ts'

/** Cashier's SubscriptionsTest and PendingUpdatesTest, where they change the price or the quantity: see README.md. */

const AT_ONCE = { proration_behavior: 'always_invoice' } as const
const NONE = { proration_behavior: 'none' } as const
const FAILS = 'pm_card_chargeCustomerFail'
const ASKS = 'pm_card_threeDSecure2Required'

const priceOf = async ({ stripe }: Store, id: string) =>
  firstItem(await stripe.subscriptions.retrieve(id)).price.id

describe('a quantity', () => {
  test('is raised by one, lowered by one, and set', async () => {
    const { stripe, subscribe, basic } = await store()
    const item = firstItem(await subscribe(basic)).id
    for (const quantity of [2, 1, 5]) {
      expect((await stripe.subscriptionItems.update(item, { quantity })).quantity).toBe(quantity)
    }
  })

  test('is given with the subscription', async () => {
    const { subscribe, basic, invoices } = await store()
    const created = await subscribe(basic, { items: [{ price: basic, quantity: 10 }] })
    expect(firstItem(created).quantity).toBe(10)
    expect((await invoices())[0]?.total).toBe(10_000)
  })

  test('that a declined card cannot pay is kept, and the subscription is past due', async () => {
    const { stripe, subscribe, basic, payWith } = await store()
    const { id, items } = await subscribe(basic, { items: [{ price: basic, quantity: 5 }] })
    await payWith(FAILS)
    await stripe.subscriptionItems.update(items.data[0]?.id ?? '', { quantity: 8, ...AT_ONCE })
    const after = await stripe.subscriptions.retrieve(id)
    expect([after.status, firstItem(after).quantity]).toEqual(['past_due', 8])
    expect((await latestIntent(stripe, id)).status).toBe('requires_payment_method')
  })

  test('is 1 after a swap that does not say it, and else what it says', async () => {
    const of = await store()
    const { id, items } = await of.subscribe(of.basic, {
      items: [{ price: of.basic, quantity: 5 }],
    })
    const reset = await swap(of, id, of.other)
    expect(firstItem(reset)).toMatchObject({ quantity: 1, price: { id: of.other } })
    const item = items.data[0]?.id ?? ''
    const both = await of.stripe.subscriptions.update(id, {
      items: [{ id: item, price: of.basic, quantity: 3 }],
    })
    expect(firstItem(both)).toMatchObject({ quantity: 3, price: { id: of.basic } })
  })
})

describe('a first payment', () => {
  test('that is declined leaves the subscription incomplete, and asks for another card', async () => {
    const { stripe, subscribe, basic } = await store(FAILS)
    const { id, status } = await subscribe(basic)
    expect(status).toBe('incomplete')
    expect((await latestIntent(stripe, id)).status).toBe('requires_payment_method')
  })

  test('that needs authentication leaves it incomplete, and its intent is found', async () => {
    const { stripe, subscribe, basic } = await store(ASKS)
    const { id, status } = await subscribe(basic)
    expect(status).toBe('incomplete')
    expect(await latestIntent(stripe, id)).toMatchObject({
      status: 'requires_action',
      amount: 1000,
    })
  })
})

describe('a swap that is invoiced at once', () => {
  test('of the same amount is an invoice of nothing', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.basic)
    await swap(of, id, of.other, AT_ONCE)
    const [latest, first] = await of.invoices()
    expect([latest?.total, latest?.status, first?.total]).toEqual([0, 'paid', 1000])
    expect(first).toMatchObject({ starting_balance: 0, discounts: [], total_discount_amounts: [] })
  })

  test.each([
    ['that a declined card cannot pay', FAILS, 'requires_payment_method'],
    ['that needs authentication', ASKS, 'requires_action'],
  ])('%s takes effect, and the subscription is past due', async (_why, card, status) => {
    const of = await store()
    const { id } = await of.subscribe(of.basic)
    await of.payWith(card)
    expect((await swap(of, id, of.premium, AT_ONCE)).status).toBe('past_due')
    expect(await priceOf(of, id)).toBe(of.premium)
    expect((await latestIntent(of.stripe, id)).status).toBe(status)
  })

  test('with error_if_incomplete is a card error, and nothing changes', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.basic)
    await of.payWith(ASKS)
    const change = { ...AT_ONCE, payment_behavior: 'error_if_incomplete' } as const
    expect(await refusal(swap(of, id, of.premium, change))).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
    })
    expect(await priceOf(of, id)).toBe(of.basic)
    expect((await of.stripe.subscriptions.retrieve(id)).status).toBe('active')
  })

  test('with pending_if_incomplete waits, until its invoice is void', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.basic)
    await of.payWith(ASKS)
    const change = { ...AT_ONCE, payment_behavior: 'pending_if_incomplete' } as const
    const waiting = await swap(of, id, of.premium, change)
    expect(waiting).toMatchObject({ status: 'active', pending_update: expect.anything() })
    expect(await priceOf(of, id)).toBe(of.basic)
    expect((await latestIntent(of.stripe, id)).status).toBe('requires_action')
    await of.stripe.invoices.voidInvoice(String(waiting.latest_invoice))
    expect((await of.stripe.subscriptions.retrieve(id)).pending_update).toBeNull()
  })
})

describe('a swap to a cheaper price', () => {
  test.each([FAILS, ASKS])('needs no payment: %s', async (card) => {
    const of = await store()
    const { id } = await of.subscribe(of.premium)
    await of.payWith(card)
    expect((await swap(of, id, of.basic)).status).toBe('active')
    expect(await priceOf(of, id)).toBe(of.basic)
  })
})

describe('prorations', () => {
  test('none: no invoice, and the next one has the new price', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.premium)
    const [first] = await of.invoices()
    expect(first?.total).toBe(2000)
    await swap(of, id, of.basic, NONE)
    expect((await of.invoices()).map((one) => one.id)).toEqual([first?.id])
    expect((await of.preview(id)).total).toBe(1000)
  })

  test('at once: an invoice of the difference, and the next one has the new price', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.basic)
    await swap(of, id, of.premium, AT_ONCE)
    expect((await of.invoices()).map(({ total }) => total)).toEqual([1000, 1000])
    expect((await of.preview(id)).total).toBe(2000)
  })

  test('later: what was paid for is given back on the next invoice', async () => {
    const of = await store()
    const { id } = await of.subscribe(of.premium)
    await swap(of, id, of.basic, { proration_behavior: 'create_prorations' })
    expect(await of.invoices()).toHaveLength(1)
    expect((await of.preview(id)).total).toBe(0)
  })

  test('are previewed for a price that is not chosen yet', async () => {
    const of = await store()
    const { id, items } = await of.subscribe(of.basic)
    const preview = await of.preview(id, { items: [{ id: items.data[0]?.id, price: of.other }] })
    expect(preview).toMatchObject({ status: 'draft', total: 1000 })
    expect(await priceOf(of, id)).toBe(of.basic)
  })

  test('wait as items, until the subscription is invoiced on its own', async () => {
    const { stripe, customer, subscribe, basic } = await store()
    const { id, items } = await subscribe(basic)
    await stripe.subscriptionItems.update(items.data[0]?.id ?? '', { quantity: 3 })
    const draft = await stripe.invoices.create({ customer: customer.id, subscription: id })
    expect(await stripe.invoices.pay(draft.id)).toMatchObject({ status: 'paid', total: 2000 })
  })
})

describe('a swap', () => {
  test('takes a price that is made with it', async () => {
    const { stripe, subscribe, basic, product } = await store()
    const { id, items } = await subscribe(basic)
    const inline = {
      product,
      tax_behavior: 'exclusive',
      currency: 'usd',
      recurring: { interval: 'month' },
      unit_amount: 1100,
    } as const
    const swapped = await stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? '', price_data: inline }],
    })
    expect(firstItem(swapped).price).toMatchObject({ unit_amount: 1100, tax_behavior: 'exclusive' })
  })

  test('to a yearly price begins a year now, also where the cycle is set to now', async () => {
    for (const anchor of [{}, { billing_cycle_anchor: { type: 'now' } } as const]) {
      const of = await store()
      const { id } = await of.subscribe(of.basic)
      const yearly = await of.stripe.prices.create({
        product: of.product,
        currency: 'usd',
        unit_amount: 10_000,
        recurring: { interval: 'year' },
      })
      const swapped = await swap(of, id, yearly.id, { ...AT_ONCE, ...anchor })
      const { current_period_start: from, current_period_end: to, price } = firstItem(swapped)
      expect(price.id).toBe(yearly.id)
      expect((to - from) / 86_400).toBe(365)
      expect((await of.invoices())[0]?.total).toBe(9000)
    }
  })
})
