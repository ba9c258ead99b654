import { describe, expect, test } from 'vitest'
import { firstItem, HOUR_MS, refusal, start, subscriber } from '../harness.ts'
import { draftOf, invoiceOf, taxedShop } from './shop.ts'

describe('a tax rate', () => {
  test('is created with up to four decimals, and only its texts and its state change', async () => {
    const { stripe } = await start()
    const rate = await stripe.taxRates.create({
      display_name: 'Sales Tax',
      percentage: 8.3125,
      inclusive: false,
      country: 'us',
      state: 'NY',
      jurisdiction: 'US - NY',
      tax_type: 'sales_tax',
      metadata: { a: '1' },
    })
    expect(rate).toMatchObject({
      active: true,
      country: 'US',
      percentage: 8.3125,
      effective_percentage: null,
      rate_type: null,
    })
    const changed = await stripe.taxRates.update(rate.id, { active: false, description: 'old' })
    expect(changed).toMatchObject({ active: false, description: 'old', metadata: { a: '1' } })
    const list = async (active: boolean) => (await stripe.taxRates.list({ active })).data
    expect([(await list(true)).length, (await list(false)).length]).toEqual([0, 1])
  })

  test('is refused with a percentage that Stripe does not take', async () => {
    const { stripe } = await start()
    const create = (percentage: number) =>
      refusal(stripe.taxRates.create({ display_name: 'x', percentage, inclusive: false }))
    expect(await create(8.33333)).toMatchObject({ statusCode: 400, param: 'percentage' })
    expect(await create(101)).toMatchObject({ statusCode: 400, param: 'percentage' })
    expect(await create(-1)).toMatchObject({ statusCode: 400, param: 'percentage' })
    const unknown = await refusal(stripe.taxRates.retrieve('txr_x'))
    expect(unknown).toMatchObject({ statusCode: 404, code: 'resource_missing' })
    expect(unknown.message).toBe("No such tax rate: 'txr_x'")
  })
})

describe('default tax rates of a subscription', () => {
  test('are on top of its lines, and a renewal has them too', async () => {
    const { emulator, stripe } = await start()
    const { customer, basic, onTop } = await taxedShop(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      default_tax_rates: [onTop.id],
      expand: ['latest_invoice'],
    })
    expect(subscription.default_tax_rates?.map(({ id }) => id)).toEqual([onTop.id])
    expect(invoiceOf(subscription)).toMatchObject({
      subtotal: 1900,
      subtotal_excluding_tax: 1900,
      total: 2280,
      total_excluding_tax: 1900,
      amount_paid: 2280,
      total_taxes: [
        {
          amount: 380,
          tax_behavior: 'exclusive',
          tax_rate_details: { tax_rate: onTop.id },
          taxability_reason: 'not_available',
          taxable_amount: 1900,
          type: 'tax_rate_details',
        },
      ],
    })
    emulator.clock.advanceBy(31 * 24 * HOUR_MS)
    const [renewal] = (await stripe.invoices.list({ subscription: subscription.id })).data
    expect(renewal).toMatchObject({ billing_reason: 'subscription_cycle', total: 2280 })
  })

  test('that are included leave the total', async () => {
    const { stripe } = await start()
    const { customer, basic, included } = await taxedShop(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      default_tax_rates: [included.id],
      expand: ['latest_invoice'],
    })
    expect(invoiceOf(subscription)).toMatchObject({
      subtotal: 1900,
      subtotal_excluding_tax: 1520,
      total: 1900,
      total_excluding_tax: 1520,
      total_taxes: [{ amount: 380, tax_behavior: 'inclusive', taxable_amount: 1520 }],
    })
  })

  test('are replaced by an update and removed by an empty string', async () => {
    const { stripe } = await start()
    const { customer, basic, onTop, included } = await taxedShop(stripe)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      default_tax_rates: [onTop.id],
    })
    const changed = await stripe.subscriptions.update(id, { default_tax_rates: [included.id] })
    expect(changed.default_tax_rates?.map((rate) => rate.id)).toEqual([included.id])
    const cleared = await stripe.subscriptions.update(id, { default_tax_rates: '' })
    expect(cleared.default_tax_rates).toEqual([])
  })

  test('tax prorations, the credit with a negative amount', async () => {
    const { emulator, stripe } = await start()
    const { customer, basic, pro, onTop } = await taxedShop(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      default_tax_rates: [onTop.id],
    })
    emulator.clock.advanceBy(15 * 24 * HOUR_MS)
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: basic.id }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    })
    const invoice = invoiceOf(changed)
    const taxes = invoice.lines.data.map((line) => line.taxes?.[0]?.amount ?? 0)
    expect(taxes).toEqual([-490, 190])
    expect(invoice).toMatchObject({ subtotal: -1500, total: -1800 })
    const after = await stripe.customers.retrieve(customer.id)
    expect(after).toMatchObject({ balance: -1800, currency: 'usd' })
  })

  test('that do not exist, are archived, or are named twice are refused', async () => {
    const { stripe } = await start()
    const { customer, basic, onTop } = await taxedShop(stripe)
    const create = (rates: string[]) =>
      refusal(
        stripe.subscriptions.create({
          customer: customer.id,
          items: [{ price: basic.id }],
          default_tax_rates: rates,
        }),
      )
    expect(await create(['txr_x'])).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'default_tax_rates[0]',
      message: "No such tax rate: 'txr_x'",
    })
    expect(await create([onTop.id, onTop.id])).toMatchObject({ param: 'default_tax_rates' })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      default_tax_rates: [onTop.id],
    })
    await stripe.taxRates.update(onTop.id, { active: false })
    expect(await create([onTop.id])).toMatchObject({ param: 'default_tax_rates[0]' })
    const preview = await stripe.invoices.createPreview({ subscription: id })
    expect(preview.total).toBe(2280)
  })

  test('that contradict the tax behavior of a price are refused', async () => {
    const { stripe } = await start()
    const { customer, onTop } = await taxedShop(stripe)
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      tax_behavior: 'inclusive',
      recurring: { interval: 'month' },
      product_data: { name: 'Gross' },
    })
    const error = await refusal(
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
        default_tax_rates: [onTop.id],
      }),
    )
    expect(error.message).toBe(
      'One or more prices has a `tax_behavior` that conflicts with the tax rates that apply to the corresponding line item.',
    )
  })
})

describe('tax rates of an invoice', () => {
  test('apply to the lines without their own; each line is rounded by itself', async () => {
    const { stripe } = await start()
    const { customer, onTop } = await taxedShop(stripe)
    const low = await stripe.taxRates.create({
      display_name: 'Low',
      percentage: 7.5,
      inclusive: false,
    })
    const draft = await draftOf(
      stripe,
      customer.id,
      { amount: 333, tax_rates: [low.id] },
      { default_tax_rates: [onTop.id] },
    )
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 102,
      currency: 'usd',
    })
    const invoice = await stripe.invoices.retrieve(draft.id)
    expect(invoice.lines.data.map((line) => line.taxes?.map(({ amount }) => amount))).toEqual([
      [25],
      [20],
    ])
    expect(invoice).toMatchObject({ subtotal: 435, total: 480 })
    const cleared = await stripe.invoices.update(draft.id, { default_tax_rates: '' })
    expect(cleared).toMatchObject({ subtotal: 435, total: 460 })
    const paid = await stripe.invoices.pay(draft.id)
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 460 })
    expect(
      await refusal(stripe.invoices.update(draft.id, { default_tax_rates: [onTop.id] })),
    ).toMatchObject({ statusCode: 400, param: 'default_tax_rates' })
  })

  test('are zero for a customer who is exempt, with the reason', async () => {
    const { stripe } = await start()
    const { customer, onTop } = await taxedShop(stripe)
    const draft = await draftOf(
      stripe,
      customer.id,
      { amount: 1000 },
      { default_tax_rates: [onTop.id] },
    )
    expect(draft.total).toBe(1200)
    const reasonFor = async (exempt: 'exempt' | 'none' | 'reverse') => {
      await stripe.customers.update(customer.id, { tax_exempt: exempt })
      const { customer_tax_exempt, total, total_taxes } = await stripe.invoices.retrieve(draft.id)
      return [customer_tax_exempt, total, total_taxes?.[0]?.taxability_reason]
    }
    expect(await reasonFor('exempt')).toEqual(['exempt', 1000, 'customer_exempt'])
    expect(await reasonFor('reverse')).toEqual(['reverse', 1000, 'reverse_charge'])
    expect(await reasonFor('none')).toEqual(['none', 1200, 'not_available'])
  })
})

test('a preview has the tax rates of the request and of the subscription', async () => {
  const { stripe } = await start()
  const { basic, onTop } = await taxedShop(stripe)
  const { customer, subscription } = await subscriber(stripe, basic.id)
  const preview = await stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: { default_tax_rates: [onTop.id] },
  })
  expect(preview).toMatchObject({ subtotal: 1900, total: 2280 })
  const exempt = await stripe.invoices.createPreview({
    customer: customer.id,
    customer_details: { tax_exempt: 'exempt' },
    subscription_details: { items: [{ price: basic.id }], default_tax_rates: [onTop.id] },
  })
  expect(exempt).toMatchObject({ total: 1900, customer_tax_exempt: 'exempt' })
  const [, untouched] = await Promise.all([
    stripe.subscriptions.retrieve(subscription.id).then((one) => {
      expect(one.default_tax_rates).toEqual([])
    }),
    stripe.customers.retrieve(customer.id),
  ])
  expect(untouched).toMatchObject({ tax_exempt: 'none' })
})
