import { describe, expect, test } from 'vitest'
import { firstItem, HOUR_MS, refusal, START, seconds, start } from '../harness.ts'
import { draftOf, invoiceOf, taxedShop } from './shop.ts'

const DAY = 86_400

describe('tax rates of a subscription item', () => {
  test('replace the default rates for its lines, and stay until they are removed', async () => {
    const { emulator, stripe } = await start()
    const { customer, basic, pro, onTop, included } = await taxedShop(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id, tax_rates: [included.id] }, { price: pro.id }],
      default_tax_rates: [onTop.id],
      expand: ['latest_invoice'],
    })
    expect(firstItem(subscription).tax_rates?.map(({ id }) => id)).toEqual([included.id])
    const taxes = (invoice: ReturnType<typeof invoiceOf>) =>
      invoice.lines.data.map((line) => line.taxes?.map(({ amount }) => amount))
    expect(taxes(invoiceOf(subscription))).toEqual([[380], [980]])
    expect(invoiceOf(subscription).total).toBe(1900 + 4900 + 980)
    emulator.clock.advanceBy(31 * 24 * HOUR_MS)
    const [renewal] = (await stripe.invoices.list({ subscription: subscription.id })).data
    expect(renewal?.total).toBe(1900 + 4900 + 980)
    const item = firstItem(subscription).id
    const cleared = await stripe.subscriptionItems.update(item, { tax_rates: '' })
    expect(cleared.tax_rates).toEqual([])
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(preview.total).toBe((1900 + 4900) * 1.2)
  })

  test('are refused where they do not exist, at their place in the request', async () => {
    const { stripe } = await start()
    const { customer, basic, pro } = await taxedShop(stripe)
    const wrong = stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id, tax_rates: ['txr_x'] }],
    })
    expect(await refusal(wrong)).toMatchObject({ param: 'items[0][tax_rates][0]' })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    const added = stripe.subscriptionItems.create({
      subscription: id,
      price: pro.id,
      tax_rates: ['txr_x'],
    })
    expect(await refusal(added)).toMatchObject({ statusCode: 400, code: 'resource_missing' })
  })

  test('are on the charges of add_invoice_items too', async () => {
    const { stripe } = await start()
    const { customer, basic, onTop } = await taxedShop(stripe)
    const setup = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 500,
      product_data: { name: 'Setup' },
    })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      add_invoice_items: [{ price: setup.id, tax_rates: [onTop.id] }],
      expand: ['latest_invoice'],
    })
    expect(invoiceOf(subscription)).toMatchObject({ subtotal: 2400, total: 2500 })
  })
})

describe('a schedule', () => {
  test('sets the tax rates of its phase, and those that a phase does not name end', async () => {
    const { emulator, stripe } = await start()
    const { customer, basic, onTop, included } = await taxedShop(stripe)
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: seconds(START),
      phases: [
        {
          items: [{ price: basic.id }],
          default_tax_rates: [onTop.id],
          duration: { interval: 'month' },
        },
        {
          items: [{ price: basic.id, tax_rates: [included.id] }],
          duration: { interval: 'month' },
        },
      ],
    })
    expect(schedule.phases.map((one) => one.default_tax_rates?.length)).toEqual([1, 0])
    const id = String(schedule.subscription)
    const totals = async () =>
      (await stripe.invoices.list({ subscription: id })).data.map(({ subtotal, total_taxes }) => [
        subtotal,
        total_taxes?.map(({ amount, tax_behavior }) => [amount, tax_behavior]),
      ])
    expect(await totals()).toEqual([[1900, [[380, 'exclusive']]]])
    emulator.clock.advanceBy(31 * DAY * 1000)
    expect((await totals())[0]).toEqual([1900, [[380, 'inclusive']]])
    const after = await stripe.subscriptions.retrieve(id)
    expect(after.default_tax_rates).toEqual([])
    expect(firstItem(after).tax_rates?.map((rate) => rate.id)).toEqual([included.id])
  })

  test('taxes automatically where its default settings or its phase say so', async () => {
    const { stripe } = await start({ tax: { percentage: 10 } })
    const { customer } = await taxedShop(stripe)
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      tax_behavior: 'exclusive',
      recurring: { interval: 'month' },
      product_data: { name: 'Net' },
    })
    const create = (phase: { automatic_tax?: { enabled: boolean } }) =>
      stripe.subscriptionSchedules.create({
        customer: customer.id,
        start_date: 'now',
        default_settings: { automatic_tax: { enabled: true } },
        phases: [{ items: [{ price: price.id }], duration: { interval: 'month' }, ...phase }],
        expand: ['subscription.latest_invoice'],
      })
    expect(await refusal(create({}))).toMatchObject({ code: 'customer_tax_location_invalid' })
    await stripe.customers.update(customer.id, { address: { country: 'DE' } })
    const totalOf = async (phase: { automatic_tax?: { enabled: boolean } }) => {
      const { subscription } = await create(phase)
      if (subscription === null || typeof subscription === 'string') throw new Error('not expanded')
      return [subscription.automatic_tax.enabled, invoiceOf(subscription).total]
    }
    expect(await totalOf({})).toEqual([true, 1100])
    expect(await totalOf({ automatic_tax: { enabled: false } })).toEqual([false, 1000])
  })

  test('made from a subscription keeps its taxes', async () => {
    const { stripe } = await start()
    const { customer, basic, onTop, included } = await taxedShop(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id, tax_rates: [included.id] }],
      default_tax_rates: [onTop.id],
    })
    const { phases } = await stripe.subscriptionSchedules.create({ from_subscription: id })
    expect(phases[0]?.default_tax_rates?.map((rate) => rate.id)).toEqual([onTop.id])
    expect(phases[0]?.items[0]?.tax_rates?.map((rate) => rate.id)).toEqual([included.id])
  })
})

test('a pending invoice item keeps its own tax rates on the next invoice', async () => {
  const { stripe } = await start()
  const { customer, onTop } = await taxedShop(stripe)
  await stripe.invoiceItems.create({
    customer: customer.id,
    amount: 1000,
    currency: 'usd',
    tax_rates: [onTop.id],
  })
  const invoice = await stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: 'include',
  })
  expect(invoice).toMatchObject({ subtotal: 1000, total: 1200 })
  const other = await draftOf(stripe, customer.id, { amount: 1000 })
  expect(other.total).toBe(1000)
})
