import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { receiver, refusal, start } from './harness.ts'

describe('a product', () => {
  test('keeps everything that it is given, and drops what is unset', async () => {
    const { stripe } = await start()
    const given = {
      name: 'Box',
      description: 'A box',
      images: ['https://example.org/box.png'],
      marketing_features: [{ name: 'Holds things' }],
      metadata: { size: 'small' },
      package_dimensions: { height: 1, length: 2.5, weight: 3, width: 4.25 },
      shippable: true,
      statement_descriptor: 'BOXES',
      tax_code: 'txcd_10103000',
      type: 'good' as const,
      unit_label: 'box',
      url: 'https://example.org/box',
    }
    const product = await stripe.products.create(given)
    expect(product).toMatchObject(given)
    const unset = await stripe.products.update(product.id, {
      description: '',
      images: '',
      marketing_features: '',
      package_dimensions: '',
      tax_code: '',
      unit_label: '',
      url: '',
    })
    expect(unset).toMatchObject({
      description: null,
      images: [],
      marketing_features: [],
      package_dimensions: null,
      tax_code: null,
      unit_label: null,
      url: null,
      shippable: true,
    })
  })

  test('has the default price of default_price_data, and its first event already names it', async () => {
    const hook = await receiver()
    const { emulator, stripe } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const product = await stripe.products.create({
      name: 'Gold',
      default_price_data: {
        currency: 'usd',
        unit_amount: 1500,
        currency_options: { eur: { unit_amount: 1400 } },
        recurring: { interval: 'month' },
      },
      expand: ['default_price'],
    })
    expect(product.default_price).toMatchObject({
      active: true,
      product: product.id,
      recurring: { interval: 'month' },
      unit_amount: 1500,
    })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(['product.created', 'plan.created', 'price.created'])
    const price = product.default_price as Stripe.Price
    expect(hook.received[0]?.event.data.object).toMatchObject({ default_price: price.id })
    expect((await stripe.prices.list({ product: product.id })).data).toMatchObject([
      { id: price.id },
    ])
  })

  test('takes a price of its own as the default, and no other', async () => {
    const { stripe } = await start()
    const one = await stripe.products.create({ name: 'One' })
    const other = await stripe.products.create({ name: 'Other' })
    const price = await stripe.prices.create({ product: one.id, currency: 'usd', unit_amount: 5 })
    expect(await stripe.products.update(one.id, { default_price: price.id })).toMatchObject({
      default_price: price.id,
    })
    const wrong = stripe.products.update(other.id, { default_price: price.id })
    expect(await refusal(wrong)).toMatchObject({ statusCode: 400, param: 'default_price' })
    const missing = stripe.products.update(other.id, { default_price: 'price_x' })
    expect(await refusal(missing)).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'default_price',
      message: "No such price: 'price_x'",
    })
  })

  test('is deleted only without prices, and is inactive in the event', async () => {
    const hook = await receiver()
    const { emulator, stripe } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const used = await stripe.products.create({ name: 'Used' })
    await stripe.prices.create({ product: used.id, currency: 'usd', unit_amount: 5 })
    expect(await refusal(stripe.products.del(used.id))).toMatchObject({
      statusCode: 400,
      message: 'This product cannot be deleted because it has one or more user-created prices.',
    })
    const free = await stripe.products.create({ name: 'Free' })
    await stripe.products.del(free.id)
    expect(await refusal(stripe.products.retrieve(free.id))).toMatchObject({
      statusCode: 404,
      param: 'id',
    })
    await emulator.webhooksSettled()
    const last = hook.received.at(-1)?.event
    expect(last).toMatchObject({ type: 'product.deleted', data: { object: { active: false } } })
  })

  test.each<[string, object, string, RegExp]>([
    ['no name', { name: undefined }, 'name', /Missing required param: name\./],
    ['a taken id', { id: 'taken' }, 'id', /^Product already exists\.$/],
    [
      'nine images',
      { images: Array.from({ length: 9 }, () => 'https://example.org/') },
      'images',
      /exceeded maximum 8/,
    ],
    ['an image that is no address', { images: ['box.png'] }, 'images[0]', /^Not a valid URL$/],
    ['an address that is none', { url: 'example.org' }, 'url', /^Not a valid URL$/],
    [
      'sixteen features',
      { marketing_features: Array.from({ length: 16 }, () => ({ name: 'x' })) },
      'marketing_features',
      /exceeded maximum 15/,
    ],
    [
      'a long feature',
      { marketing_features: [{ name: 'x'.repeat(81) }] },
      'marketing_features[0][name]',
      /at most 80 characters/,
    ],
    ['a long unit', { unit_label: 'x'.repeat(13) }, 'unit_label', /at most 12 characters/],
    [
      'a long descriptor',
      { statement_descriptor: 'x'.repeat(23) },
      'statement_descriptor',
      /at most 22 characters/,
    ],
    [
      'a descriptor with a quote',
      { statement_descriptor: "it's" },
      'statement_descriptor',
      /cannot include '/,
    ],
    [
      'a descriptor of digits',
      { statement_descriptor: '12345' },
      'statement_descriptor',
      /at least one Latin character/,
    ],
    ['a tax code that is none', { tax_code: 'food' }, 'tax_code', /^No such tax code: 'food'$/],
    [
      'three dimensions',
      { package_dimensions: { height: 1, length: 1, weight: 1 } },
      'package_dimensions[width]',
      /Missing required param/,
    ],
    [
      'an inch in thousandths',
      { package_dimensions: { height: 1.001, length: 1, weight: 1, width: 1 } },
      'package_dimensions[height]',
      /at most 2 decimal places/,
    ],
    [
      'a default price without an amount',
      { default_price_data: { currency: 'usd' } },
      '',
      /Prices require an `unit_amount`/,
    ],
    [
      'a default price without a currency',
      { default_price_data: { unit_amount: 1 } },
      'default_price_data[currency]',
      /Missing required param/,
    ],
  ])('is refused with %s', async (_case, params, param, message) => {
    const { stripe } = await start({ observer: {} })
    await stripe.products.create({ id: 'taken', name: 'Taken' })
    const error = await refusal(stripe.products.create({ name: 'Box', ...params }))
    expect(error.statusCode).toBe(400)
    expect(error.param ?? '').toBe(param)
    expect(error.message).toMatch(message)
  })
})

describe('the lists of the catalogue', () => {
  test('of products can be narrowed by ids, shipping, type and address', async () => {
    const { stripe } = await start()
    const url = 'https://example.org/one'
    const one = await stripe.products.create({ name: 'One', shippable: true, url })
    const two = await stripe.products.create({ name: 'Two', type: 'good' })
    const names = async (params: Stripe.ProductListParams) =>
      (await stripe.products.list(params)).data.map(({ name }) => name)
    expect(await names({ ids: [one.id, 'prod_x'] })).toEqual(['One'])
    expect(await names({ shippable: true })).toEqual(['One'])
    expect(await names({ type: 'good' })).toEqual(['Two'])
    expect(await names({ url })).toEqual(['One'])
    const both = stripe.products.list({ ids: [one.id], starting_after: two.id })
    expect(await refusal(both)).toMatchObject({ statusCode: 400, param: 'ids' })
  })

  test('of prices have the active ones, where the inactive ones are not asked for', async () => {
    const { stripe } = await start()
    const { id: product } = await stripe.products.create({ name: 'One' })
    const common = { product, currency: 'usd', unit_amount: 5 }
    const daily = await stripe.prices.create({ ...common, recurring: { interval: 'day' } })
    const old = await stripe.prices.create({ ...common, active: false })
    const ids = async (params: Stripe.PriceListParams) =>
      (await stripe.prices.list(params)).data.map(({ id }) => id)
    expect(await ids({})).toEqual([daily.id])
    expect(await ids({ active: false })).toEqual([old.id])
    expect(await ids({ recurring: { interval: 'day', usage_type: 'licensed' } })).toEqual([
      daily.id,
    ])
    expect(await ids({ recurring: { usage_type: 'metered' } })).toEqual([])
    expect(await refusal(stripe.prices.list({ product: 'prod_x' }))).toMatchObject({
      statusCode: 400,
      param: 'product',
      message: "No such product: 'prod_x'",
    })
    const keys = Array.from({ length: 11 }, (_, index) => `key_${index}`)
    expect(await refusal(stripe.prices.list({ lookup_keys: keys }))).toMatchObject({
      statusCode: 400,
      param: 'lookup_keys',
    })
  })
})

test('a plan moves to another product until a subscription uses it', async () => {
  const { stripe } = await start()
  const one = await stripe.products.create({ name: 'One' })
  const other = await stripe.products.create({ name: 'Other' })
  const plan = await stripe.plans.create({
    amount: 500,
    currency: 'usd',
    interval: 'month',
    product: one.id,
  })
  expect(await stripe.plans.update(plan.id, { product: other.id })).toMatchObject({
    product: other.id,
  })
  const customer = await stripe.customers.create({ source: 'tok_visa' })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: plan.id }] })
  const moved = stripe.plans.update(plan.id, { product: one.id })
  expect(await refusal(moved)).toMatchObject({ statusCode: 400, param: 'product' })
})
