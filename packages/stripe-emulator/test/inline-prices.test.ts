import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import {
  firstItem,
  latestInvoice,
  payer,
  receiver,
  refusal,
  shop,
  start,
  subscriber,
} from './harness.ts'

async function seller(options: Parameters<typeof start>[0] = {}) {
  const started = await start(options)
  const product = await started.stripe.products.create({ name: 'Seats', unit_label: 'seat' })
  const data = (more: object = {}) => ({
    currency: 'usd',
    product: product.id,
    recurring: { interval: 'month' as const },
    unit_amount: 1100,
    ...more,
  })
  return { ...started, product, data }
}

describe('price_data of a subscription item', () => {
  test('makes an inactive price of the product, which is billed and sends its events', async () => {
    const hook = await receiver()
    const { emulator, stripe, product, data } = await seller({
      webhooks: [{ url: hook.url, secret: 'whsec_x' }],
    })
    const { customer } = await payer(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price_data: data({ tax_behavior: 'exclusive' }), quantity: 2 }],
    })
    const { price } = firstItem(subscription)
    expect(price).toMatchObject({
      active: false,
      product: product.id,
      recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
      tax_behavior: 'exclusive',
      unit_amount: 1100,
    })
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice).toMatchObject({ status: 'paid', total: 2200 })
    expect(invoice.lines.data[0]?.description).toBe('2 seat × Seats (at $11.00 / month)')
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(expect.arrayContaining(['plan.created', 'price.created']))
    expect((await stripe.prices.list({ active: false })).data).toEqual([])
    const again = stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    })
    expect(await refusal(again)).toMatchObject({
      statusCode: 400,
      param: 'items[0][price]',
      message: 'The price specified is inactive. This field only accepts active prices.',
    })
  })

  test('replaces and adds prices by an update and by the endpoints of items', async () => {
    const { stripe, data } = await seller()
    const { basic } = await shop(stripe)
    const { subscription } = await subscriber(stripe, basic.id)
    const swapped = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price_data: data() }],
    })
    expect(firstItem(swapped)).toMatchObject({
      id: firstItem(subscription).id,
      price: { active: false, unit_amount: 1100 },
    })
    const item = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price_data: data({ unit_amount: undefined, unit_amount_decimal: '0.5' }),
      quantity: 3,
    })
    expect(item).toMatchObject({ quantity: 3, price: { active: false, unit_amount: null } })
    const changed = await stripe.subscriptionItems.update(item.id, {
      price_data: data({ unit_amount: 300 }),
    })
    expect(changed).toMatchObject({ id: item.id, price: { unit_amount: 300 } })
  })

  test.each<[string, object, string, RegExp]>([
    [
      'an unknown product',
      { product: 'prod_x' },
      'items[0][price_data][product]',
      /No such product/,
    ],
    ['no amount', { unit_amount: undefined }, '', /Prices require an `unit_amount`/],
    [
      'two amounts',
      { unit_amount_decimal: '1' },
      'items[0][price_data][unit_amount]',
      /only specify one of these parameters: unit_amount, unit_amount_decimal/,
    ],
    [
      'no interval',
      { recurring: undefined },
      'items[0][price_data][recurring]',
      /Missing required param/,
    ],
    [
      'product_data',
      { product_data: { name: 'x' } },
      'items[0][price_data][product_data]',
      /unknown parameter/,
    ],
    [
      'no product',
      { product: undefined },
      'items[0][price_data][product]',
      /Missing required param/,
    ],
    [
      'an unknown currency',
      { currency: 'xyz' },
      'items[0][price_data][currency]',
      /Invalid currency: xyz/,
    ],
    [
      'a long interval',
      { recurring: { interval: 'year', interval_count: 4 } },
      'items[0][price_data][recurring][interval_count]',
      /yearly prices can't be greater than 3/,
    ],
  ])('is refused with %s', async (_case, more, param, message) => {
    const { stripe, data } = await seller({ observer: {} })
    const { customer } = await payer(stripe)
    const error = await refusal(
      stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price_data: data(more) } as Stripe.SubscriptionCreateParams.Item],
      }),
    )
    expect(error.statusCode).toBe(400)
    expect(error.param ?? '').toBe(param)
    expect(error.message).toMatch(message)
  })

  test('is refused beside a price, and in another currency than the subscription', async () => {
    const { stripe, data } = await seller()
    const { basic } = await shop(stripe)
    const { customer, subscription } = await subscriber(stripe, basic.id)
    const both = stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id, price_data: data() }],
    })
    expect(await refusal(both)).toMatchObject({ statusCode: 400, param: 'items[0][price]' })
    const euros = stripe.subscriptions.update(subscription.id, {
      items: [{ price_data: data({ currency: 'eur' }) }],
    })
    expect(await refusal(euros)).toMatchObject({
      statusCode: 400,
      message:
        "The price specified only supports `eur`. This doesn't match the expected currency: `usd`.",
    })
  })
})

describe('an invoice item', () => {
  test('by price_data has a price of the product, also of a negative amount', async () => {
    const { stripe, product } = await seller()
    const { customer } = await payer(stripe)
    const item = await stripe.invoiceItems.create({
      customer: customer.id,
      price_data: {
        currency: 'usd',
        product: product.id,
        unit_amount: 599,
        tax_behavior: 'exclusive',
      },
      quantity: 2,
    })
    expect(item).toMatchObject({ amount: 1198, currency: 'usd', description: 'Seats', quantity: 2 })
    const price = await stripe.prices.retrieve(item.pricing?.price_details?.price as string)
    expect(price).toMatchObject({
      active: false,
      type: 'one_time',
      unit_amount: 599,
      tax_behavior: 'exclusive',
    })
    const credit = await stripe.invoiceItems.create({
      customer: customer.id,
      price_data: { currency: 'usd', product: product.id, unit_amount: -100 },
    })
    expect(credit.amount).toBe(-100)
  })

  test('by amount or decimal gets the price of that amount, the same one each time', async () => {
    const { stripe } = await seller()
    const { customer } = await payer(stripe)
    const owe = (more: object) =>
      stripe.invoiceItems.create({ customer: customer.id, currency: 'usd', ...more })
    const first = await owe({ amount: 1000, description: 'Setup' })
    const second = await owe({ amount: 1000 })
    expect(first.pricing).toMatchObject({ type: 'price_details' })
    expect(first.pricing?.unit_amount_decimal?.toString()).toBe('1000')
    expect(second.pricing?.price_details).toEqual(first.pricing?.price_details)
    const precise = await owe({ unit_amount_decimal: '0.25', quantity: 10 })
    expect(precise.amount).toBe(3)
    expect(precise.pricing?.unit_amount_decimal?.toString()).toBe('0.25')
    expect((await stripe.products.list()).data.map(({ name }) => name)).toEqual(['Seats'])
    expect((await stripe.prices.list({ active: false })).data).toEqual([])
    const invoice = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    expect(invoice.lines.data.map(({ pricing }) => pricing?.price_details?.price)).toContain(
      first.pricing?.price_details?.price,
    )
  })

  test.each<[string, object, string, RegExp]>([
    [
      'an amount and a decimal',
      { amount: 1, unit_amount_decimal: '1' },
      'amount',
      /amount, unit_amount_decimal/,
    ],
    ['nothing to pay', {}, 'amount', /Missing required param: amount/],
  ])('is refused with %s', async (_case, more, param, message) => {
    const { stripe } = await seller()
    const { customer } = await payer(stripe)
    const error = await refusal(stripe.invoiceItems.create({ customer: customer.id, ...more }))
    expect(error).toMatchObject({ statusCode: 400, param })
    expect(error.message).toMatch(message)
  })

  test('is refused for a recurring, an inactive and a chosen price', async () => {
    const { stripe, product } = await seller()
    const { customer } = await payer(stripe)
    const common = { currency: 'usd', product: product.id }
    const recurring = await stripe.prices.create({
      ...common,
      unit_amount: 5,
      recurring: { interval: 'day' },
    })
    const inactive = await stripe.prices.create({ ...common, unit_amount: 5, active: false })
    const chosen = await stripe.prices.create({ ...common, custom_unit_amount: { enabled: true } })
    const owe = (price: string) =>
      refusal(stripe.invoiceItems.create({ customer: customer.id, pricing: { price } }))
    expect(await owe(recurring.id)).toMatchObject({
      statusCode: 400,
      param: 'pricing[price]',
      message:
        'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
    })
    expect((await owe(inactive.id)).message).toContain('inactive')
    expect(await owe(chosen.id)).toMatchObject({ statusCode: 400, param: 'pricing[price]' })
  })
})

test('a price whose product is archived cannot be sold', async () => {
  const { stripe } = await seller()
  const { basic } = await shop(stripe)
  await stripe.products.update(basic.product as string, { active: false })
  const error = await refusal(subscriber(stripe, basic.id))
  expect(error).toMatchObject({
    statusCode: 400,
    param: 'items[0][price]',
    message: `Price \`${basic.id}\` is not available to be purchased because its product is not active.`,
  })
})
