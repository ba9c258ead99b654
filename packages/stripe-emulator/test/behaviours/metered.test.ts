import { describe, expect, test } from 'vitest'
import { firstItem, refusal } from '../harness.ts'
import { store } from './world.ts'

/** Cashier's MeteredBillingTest, with Billing Meters instead of usage records: see README.md. */

async function meters() {
  const of = await store()
  const { stripe, product, customer } = of
  const metered = async (event_name: string, unit_amount: number) => {
    const meter = await stripe.billing.meters.create({
      display_name: event_name,
      event_name,
      default_aggregation: { formula: 'sum' },
    })
    const price = await stripe.prices.create({
      product,
      currency: 'usd',
      unit_amount,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    })
    return { meter: meter.id, price: price.id, event_name }
  }
  const calls = await metered('calls', 100)
  const files = await metered('files', 200)
  const use = ({ event_name }: { event_name: string }, value: number) =>
    stripe.billing.meterEvents.create({
      event_name,
      payload: { stripe_customer_id: customer.id, value: String(value) },
    })
  const used = async ({ meter }: { meter: string }) => {
    const now = Math.floor(of.emulator.clock.now().getTime() / 60_000) * 60
    const { data } = await stripe.billing.meters.listEventSummaries(meter, {
      customer: customer.id,
      start_time: now - 600,
      end_time: now + 600,
    })
    return data[0]?.aggregated_value
  }
  const itemsOf = async (id: string) =>
    (await stripe.subscriptions.retrieve(id)).items.data.map((item) => [
      item.price.id,
      item.quantity,
    ])
  return { ...of, calls, files, use, used, itemsOf }
}

describe('usage', () => {
  test('adds up', async () => {
    const { subscribe, calls, use, used } = await meters()
    await subscribe(calls.price)
    await use(calls, 5)
    await use(calls, 10)
    expect(await used(calls)).toBe(15)
  })

  test('of one meter leaves the others', async () => {
    const { subscribe, basic, calls, files, use, used } = await meters()
    const { items } = await subscribe(basic, {
      items: [{ price: basic }, { price: calls.price }, { price: files.price }],
    })
    expect(items.data).toHaveLength(3)
    await use(files, 20)
    expect([await used(calls), await used(files)]).toEqual([0, 20])
  })

  test('needs a meter: a licensed price has none, and usage records are gone', async () => {
    const { stripe, subscribe, basic, use } = await meters()
    const item = firstItem(await subscribe(basic))
    expect(item.price.recurring?.meter).toBeNull()
    expect(await refusal(use({ event_name: 'licenses' }, 1))).toMatchObject({ statusCode: 400 })
    const path = `/v1/subscription_items/${item.id}/usage_records`
    const record = stripe.rawRequest('POST', path, { quantity: 5 })
    expect(await refusal(record)).toMatchObject({ statusCode: 404 })
  })
})

describe('a metered item', () => {
  test('has no quantity, and is swapped for another one, or for a licensed one', async () => {
    const { stripe, subscribe, calls, files, basic, itemsOf } = await meters()
    const { id } = await subscribe(calls.price)
    const swapTo = async (price: string) => {
      const { items } = await stripe.subscriptions.retrieve(id)
      const removed = items.data.map((item) => ({
        id: item.id,
        deleted: true,
        ...(item.price.recurring?.usage_type === 'metered' && { clear_usage: true }),
      }))
      await stripe.subscriptions.update(id, { items: [...removed, { price }] })
      return itemsOf(id)
    }
    expect(await itemsOf(id)).toEqual([[calls.price, undefined]])
    expect(await swapTo(files.price)).toEqual([[files.price, undefined]])
    expect(await swapTo(basic)).toEqual([[basic, 1]])
  })

  test('is added to others, metered or licensed', async () => {
    const { stripe, subscribe, calls, files, basic, itemsOf } = await meters()
    const { id } = await subscribe(calls.price)
    await stripe.subscriptionItems.create({ subscription: id, price: files.price })
    await stripe.subscriptionItems.create({ subscription: id, price: basic })
    expect((await itemsOf(id)).sort()).toEqual(
      [
        [calls.price, undefined],
        [files.price, undefined],
        [basic, 1],
      ].sort(),
    )
  })

  test('takes no quantity', async () => {
    const { subscribe, calls } = await meters()
    const created = subscribe(calls.price, { items: [{ price: calls.price, quantity: 2 }] })
    expect(await refusal(created)).toMatchObject({ statusCode: 400 })
  })
})

describe('a subscription with usage', () => {
  test('that is canceled at the end of its period still bills the usage', async () => {
    const { stripe, subscribe, calls, use, preview, emulator, invoices } = await meters()
    const { id } = await subscribe(calls.price)
    await use(calls, 10)
    await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    expect((await preview(id)).total).toBe(1000)
    emulator.clock.advanceBy(32 * 86_400_000)
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled')
    expect((await invoices())[0]).toMatchObject({ total: 1000, status: 'paid' })
  })

  test('that is canceled now bills the usage now, and nothing is left', async () => {
    const { stripe, subscribe, calls, use, preview, emulator, invoices } = await meters()
    const { id } = await subscribe(calls.price)
    await use(calls, 10)
    emulator.clock.advanceBy(86_400_000)
    await stripe.subscriptions.cancel(id, { invoice_now: true })
    // In flexible billing a metered subscription begins without an invoice of nothing.
    expect((await invoices()).map(({ total }) => total)).toEqual([1000])
    expect(await refusal(preview(id))).toMatchObject({ statusCode: 404 })
  })
})
