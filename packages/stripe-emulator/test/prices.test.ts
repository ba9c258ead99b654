import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { firstItem, latestInvoice, payer, refusal, start } from './harness.ts'

const MONTHLY = { recurring: { interval: 'month' as const } }

async function catalog(options: Parameters<typeof start>[0] = {}) {
  const started = await start(options)
  const product = await started.stripe.products.create({ name: 'Usage', unit_label: 'credit' })
  const price = (params: Partial<Stripe.PriceCreateParams> | object) =>
    started.stripe.prices.create({ currency: 'usd', product: product.id, ...params })
  return { ...started, product, price }
}

/** Graduated tiers as on a real invoice: 1000 credits for $9.00, then $0.036 each. */
const GRADUATED = {
  billing_scheme: 'tiered' as const,
  tiers_mode: 'graduated' as const,
  tiers: [
    { up_to: 1000, unit_amount: 0, flat_amount: 900 },
    { up_to: 'inf' as const, unit_amount_decimal: Stripe.Decimal.from('3.6'), flat_amount: 0 },
  ],
  ...MONTHLY,
}

async function subscribed(stripe: Stripe, price: string, quantity: number) {
  const { customer } = await payer(stripe)
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price, quantity }],
  })
  return { subscription, invoice: await latestInvoice(stripe, subscription.id) }
}

function linesOf(invoice: Stripe.Invoice) {
  return invoice.lines.data.map(({ description, amount, quantity, pricing }) => [
    description,
    amount,
    quantity,
    pricing?.unit_amount_decimal?.toString(),
  ])
}

describe('a price', () => {
  test('of a fraction of a cent has no whole amount, and its decimal in the shortest form', async () => {
    const { price } = await catalog()
    const made = await price({ unit_amount_decimal: '0.100' })
    expect(made.unit_amount).toBeNull()
    expect(made.unit_amount_decimal?.toString()).toBe('0.1')
    const whole = await price({ unit_amount_decimal: '2500.00', ...MONTHLY })
    expect(whole.unit_amount).toBe(2500)
    expect(whole.unit_amount_decimal?.toString()).toBe('2500')
  })

  test('shows its tiers and currencies on request only, and the legacy plan follows it', async () => {
    const { stripe, price } = await catalog()
    const made = await price(GRADUATED)
    expect(made).toMatchObject({
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      unit_amount: null,
      unit_amount_decimal: null,
    })
    expect(made).not.toHaveProperty('tiers')
    expect(made).not.toHaveProperty('currency_options')
    const expanded = await stripe.prices.retrieve(made.id, { expand: ['tiers'] })
    expect(JSON.parse(JSON.stringify(expanded.tiers))).toEqual([
      {
        flat_amount: 900,
        flat_amount_decimal: '900',
        unit_amount: 0,
        unit_amount_decimal: '0',
        up_to: 1000,
      },
      {
        flat_amount: 0,
        flat_amount_decimal: '0',
        unit_amount: null,
        unit_amount_decimal: '3.6',
        up_to: null,
      },
    ])
    const plan = await stripe.plans.retrieve(made.id, { expand: ['tiers'] })
    expect(plan).toMatchObject({ amount: null, tiers_mode: 'graduated', transform_usage: null })
    expect(plan.tiers).toHaveLength(2)
    const plain = await price({
      unit_amount: 5,
      transform_quantity: { divide_by: 5, round: 'up' },
      ...MONTHLY,
    })
    const withoutTiers = await stripe.prices.retrieve(plain.id, {
      expand: ['tiers', 'currency_options'],
    })
    expect(withoutTiers).not.toHaveProperty('tiers')
    expect(withoutTiers.currency_options).toMatchObject({ usd: { unit_amount: 5 } })
    expect(await stripe.plans.retrieve(plain.id)).toMatchObject({
      amount: 5,
      transform_usage: { divide_by: 5, round: 'up' },
    })
  })

  test('is created by the legacy plan endpoint, tiers and packages included', async () => {
    const { stripe, product } = await catalog()
    const plan = await stripe.plans.create({
      currency: 'usd',
      interval: 'month',
      product: product.id,
      billing_scheme: 'tiered',
      tiers_mode: 'volume',
      tiers: [
        { up_to: 5, unit_amount: 500 },
        { up_to: 'inf', unit_amount: 400 },
      ],
    })
    const { subscription, invoice } = await subscribed(stripe, plan.id, 6)
    expect(firstItem(subscription).plan).toMatchObject({ amount: null, tiers_mode: 'volume' })
    expect(linesOf(invoice)).toEqual([
      ['6 credit × Usage (Tier 2 at $4.00 / month)', 2400, 6, '400'],
    ])
    const packages = await stripe.plans.create({
      amount: 8,
      currency: 'usd',
      interval: 'month',
      product: product.id,
      transform_usage: { divide_by: 60, round: 'up' },
    })
    expect(linesOf((await subscribed(stripe, packages.id, 9892)).invoice)).toEqual([
      ['9892 credit × Usage (at $0.08 per 60 units / month)', 1320, 9892, '8'],
    ])
    const missing = stripe.plans.create({ currency: 'usd', interval: 'month', product: product.id })
    expect(await refusal(missing)).toMatchObject({
      statusCode: 400,
      param: 'amount',
      message: 'Plans require an `amount` parameter to be set.',
    })
  })

  test('with a chosen amount keeps its limits, and is for one-time purchases', async () => {
    const { price } = await catalog()
    const custom_unit_amount = { enabled: true, maximum: 10_000, minimum: 100, preset: 500 }
    expect(await price({ custom_unit_amount })).toMatchObject({
      custom_unit_amount: { maximum: 10_000, minimum: 100, preset: 500 },
      unit_amount: null,
      unit_amount_decimal: null,
    })
    const error = await refusal(price({ custom_unit_amount, ...MONTHLY }))
    expect(error).toMatchObject({ statusCode: 400, param: 'custom_unit_amount' })
  })

  test.each<[string, object, { param?: string; message: RegExp; code?: string }]>([
    [
      'no amount',
      {},
      {
        message: /^Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set\.$/,
      },
    ],
    [
      'two amounts',
      { unit_amount: 1, unit_amount_decimal: '1' },
      {
        param: 'unit_amount',
        message: /only specify one of these parameters: unit_amount, unit_amount_decimal\.$/,
      },
    ],
    [
      'an amount and a chosen one',
      { unit_amount: 1, custom_unit_amount: { enabled: true } },
      { param: 'custom_unit_amount', message: /only specify one/ },
    ],
    [
      'a decimal that is none',
      { unit_amount_decimal: '1,5' },
      { param: 'unit_amount_decimal', message: /^Invalid decimal: 1,5$/ },
    ],
    [
      'thirteen places',
      { unit_amount_decimal: '0.1234567890123' },
      {
        param: 'unit_amount_decimal',
        message: /^Invalid decimal: 0\.1234567890123e0; must contain at most 12 decimal places\.$/,
      },
    ],
    [
      'a negative decimal',
      { unit_amount_decimal: '-1.5' },
      {
        param: 'unit_amount_decimal',
        message: /greater than or equal to 0 \(it currently is '-0\.15e1'\)/,
      },
    ],
    [
      'too much',
      { unit_amount: 100_000_000 },
      {
        param: 'unit_amount',
        code: 'amount_too_large',
        message: /^Amount must be no more than \$999,999\.99$/,
      },
    ],
    [
      'an unknown currency',
      { unit_amount: 1, currency: 'xyz' },
      {
        param: 'currency',
        message:
          /^Invalid currency: xyz\. Stripe currently supports these currencies: usd, aed, afn, /,
      },
    ],
    [
      'a digit too many of a dinar',
      { unit_amount: 1234, currency: 'kwd' },
      { param: 'unit_amount', message: /multiple of 10\./ },
    ],
    [
      'a decimal of a króna',
      { unit_amount: 12_350, currency: 'isk' },
      { param: 'unit_amount', message: /multiple of 100\./ },
    ],
    [
      'a decimal of a shilling',
      { unit_amount: 12_350, currency: 'ugx' },
      { param: 'unit_amount', message: /multiple of 100\./ },
    ],
    [
      'tiers for a one-time price',
      { ...GRADUATED, recurring: undefined },
      {
        param: 'interval',
        message: /^Prices with `type=one_time` are not supported with tiered billing\.$/,
      },
    ],
    [
      'a tiered price without tiers',
      { ...GRADUATED, tiers: undefined },
      { param: 'tiers', code: 'parameter_missing', message: /tiers/ },
    ],
    [
      'a tiered price without a mode',
      { ...GRADUATED, tiers_mode: undefined },
      { param: 'tiers_mode', code: 'parameter_missing', message: /tiers_mode/ },
    ],
    [
      'a tiered price with an amount',
      { ...GRADUATED, unit_amount: 5 },
      { param: 'tiers', message: /only specify one of these parameters: tiers, unit_amount/ },
    ],
    [
      'tiers of packages',
      { ...GRADUATED, transform_quantity: { divide_by: 5, round: 'up' } },
      {
        param: 'tiers',
        message: /^You may only specify one of these parameters: tiers, transform_quantity\.$/,
      },
    ],
    [
      'tiers without the scheme',
      { ...GRADUATED, billing_scheme: undefined, unit_amount: 5 },
      { param: 'tiers', message: /billing_scheme/ },
    ],
    [
      'a mode without the scheme',
      { unit_amount: 5, tiers_mode: 'volume', ...MONTHLY },
      { param: 'tiers_mode', message: /billing_scheme/ },
    ],
    [
      'a tier without an amount',
      { ...GRADUATED, tiers: [{ up_to: 'inf' }] },
      { param: 'tiers[0]', message: /^An entry in the tiers array is missing an amount\.$/ },
    ],
    [
      'a tier with two amounts',
      { ...GRADUATED, tiers: [{ up_to: 'inf', unit_amount: 1, unit_amount_decimal: '1' }] },
      {
        param: 'tiers[0][unit_amount]',
        message:
          /^You may only specify one of these parameters: unit_amount, unit_amount_decimal\.$/,
      },
    ],
    [
      'a last tier with a bound',
      { ...GRADUATED, tiers: [{ up_to: 5, unit_amount: 1 }] },
      { param: 'tiers', message: /`inf`/ },
    ],
    [
      'an endless tier before the last',
      {
        ...GRADUATED,
        tiers: [
          { up_to: 'inf', unit_amount: 1 },
          { up_to: 'inf', unit_amount: 1 },
        ],
      },
      { param: 'tiers[0][up_to]', message: /`inf`/ },
    ],
    [
      'tiers that do not ascend',
      {
        ...GRADUATED,
        tiers: [
          { up_to: 5, unit_amount: 1 },
          { up_to: 5, unit_amount: 1 },
          { up_to: 'inf', unit_amount: 1 },
        ],
      },
      { param: 'tiers[1][up_to]', message: /greater/ },
    ],
    [
      'a tier without a bound',
      { ...GRADUATED, tiers: [{ unit_amount: 1 }] },
      {
        param: 'tiers[0][up_to]',
        code: 'parameter_missing',
        message: /^Missing required param: tiers\[0\]\[up_to\]\.$/,
      },
    ],
    [
      'its own currency as another',
      { unit_amount: 1, currency_options: { usd: { unit_amount: 1 } } },
      { param: 'currency_options', message: /usd/ },
    ],
    [
      'a currency in capitals',
      { unit_amount: 1, currency_options: { EUR: { unit_amount: 1 } } },
      {
        param: 'currency_options',
        message:
          /^Currencies must be lowercase when used as keys in a map\. Use `eur` instead of `EUR`\.$/,
      },
    ],
    [
      'a currency without an amount',
      { unit_amount: 1, currency_options: { eur: { tax_behavior: 'inclusive' } } },
      {
        param: 'currency_options[eur]',
        message: /^If the billing scheme is set to per_unit, the amount parameter must be set$/,
      },
    ],
    [
      'no package size',
      { unit_amount: 1, transform_quantity: { round: 'up' } },
      { param: 'transform_quantity[divide_by]', code: 'parameter_missing', message: /divide_by/ },
    ],
    [
      'an interval of more than three years',
      { unit_amount: 1, recurring: { interval: 'month', interval_count: 37 } },
      {
        param: 'recurring[interval_count]',
        message: /^The interval_count for monthly prices can't be greater than 36$/,
      },
    ],
    [
      'an unknown product',
      { unit_amount: 1, product: 'prod_x' },
      { param: 'product', code: 'resource_missing', message: /^No such product: 'prod_x'$/ },
    ],
    [
      'two products',
      { unit_amount: 1, product_data: { name: 'x' } },
      {
        param: 'product',
        message: /^You may only specify one of these parameters: product, product_data\.$/,
      },
    ],
    [
      'no product',
      { unit_amount: 1, product: undefined },
      { message: /^You must specify either `product` or `product_data` when creating a price\.$/ },
    ],
  ])('is refused with %s', async (_case, params, expected) => {
    const { price } = await catalog({ observer: {} })
    const error = await refusal(price(params))
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' })
    expect(error.message).toMatch(expected.message)
    expect({ param: error.param, code: error.code }).toEqual({
      param: expected.param,
      code: expected.code,
    })
  })
})

describe('an update of a price', () => {
  test('adds currencies, and never changes one that is there', async () => {
    const { stripe, price } = await catalog()
    const { id } = await price({
      unit_amount: 900,
      currency_options: { eur: { unit_amount: 800 } },
    })
    const expanded = await stripe.prices.update(id, {
      currency_options: { gbp: { unit_amount: 700, tax_behavior: 'inclusive' } },
      expand: ['currency_options'],
    })
    expect(expanded.currency_options).toMatchObject({
      usd: { unit_amount: 900, tax_behavior: 'unspecified' },
      eur: { unit_amount: 800 },
      gbp: { unit_amount: 700, tax_behavior: 'inclusive' },
    })
    const again = stripe.prices.update(id, { currency_options: { gbp: { unit_amount: 800 } } })
    expect(await refusal(again)).toMatchObject({
      statusCode: 400,
      message:
        'You are attempting to update an immutable field for an existing currency in currency_options.',
    })
  })

  test('sets a tax behavior once', async () => {
    const { stripe, price } = await catalog()
    const { id } = await price({ unit_amount: 900 })
    const set = await stripe.prices.update(id, { tax_behavior: 'exclusive' })
    expect(set.tax_behavior).toBe('exclusive')
    const changed = stripe.prices.update(id, { tax_behavior: 'inclusive' })
    expect(await refusal(changed)).toMatchObject({
      statusCode: 400,
      param: 'tax_behavior',
      message: 'You cannot update `tax_behavior` field once it has been specified.',
    })
  })

  test('does not archive the default price of a product', async () => {
    const { stripe, product, price } = await catalog()
    const { id } = await price({ unit_amount: 900 })
    await stripe.products.update(product.id, { default_price: id })
    expect(await refusal(stripe.prices.update(id, { active: false }))).toMatchObject({
      statusCode: 400,
      message: 'This price cannot be archived because it is the default price of its product.',
    })
    await stripe.products.update(product.id, { default_price: '' })
    expect(await stripe.prices.update(id, { active: false })).toMatchObject({ active: false })
  })

  test('of a price that does not exist is 404 and names `price`', async () => {
    const { stripe } = await catalog()
    const expected = { statusCode: 404, code: 'resource_missing', param: 'price' }
    expect(await refusal(stripe.prices.update('price_x', {}))).toMatchObject(expected)
    expect(await refusal(stripe.prices.retrieve('price_x'))).toMatchObject(expected)
    expect(await refusal(stripe.plans.retrieve('plan_x'))).toMatchObject({
      statusCode: 404,
      param: 'plan',
    })
  })
})

describe('an invoice', () => {
  test('has lines for the units and for the flat amount of each graduated tier, each rounded half up', async () => {
    const { stripe, price } = await catalog()
    const { id } = await price(GRADUATED)
    const { invoice } = await subscribed(stripe, id, 1031)
    expect(linesOf(invoice)).toEqual([
      ['1000 credit × Usage (Tier 1 at $0.00 / month)', 0, 1000, '0'],
      ['Usage (Tier 1 at $9.00 / month)', 900, 0, '900'],
      ['31 credit × Usage (Tier 2 at $0.036 / month)', 112, 31, '3.6'],
      ['Usage (Tier 2 at $0.00 / month)', 0, 0, '0'],
    ])
    expect(invoice.total).toBe(1012)
  })

  test('of a quantity of 0 has the flat amount of the first tier', async () => {
    const { stripe, price } = await catalog()
    const { id } = await price(GRADUATED)
    expect(linesOf((await subscribed(stripe, id, 0)).invoice)).toEqual([
      ['0 credit × Usage (Tier 1 at $0.00 / month)', 0, 0, '0'],
      ['Usage (Tier 1 at $9.00 / month)', 900, 0, '900'],
    ])
  })

  test('says the rate of decimals, packages and long intervals as Stripe does', async () => {
    const { stripe, product, price } = await catalog()
    await stripe.products.update(product.id, { unit_label: '' })
    const text = async (params: object, quantity: number) => {
      const { id } = await price(params)
      return linesOf((await subscribed(stripe, id, quantity)).invoice).map(([line]) => line)
    }
    expect(await text({ unit_amount_decimal: '0.1', ...MONTHLY }, 1000)).toEqual([
      '1000 × Usage (at $0.001 / month)',
    ])
    const quarter = { interval: 'month', interval_count: 3 }
    expect(await text({ unit_amount: 90_000, recurring: quarter }, 1)).toEqual([
      '1 × Usage (at $900.00 / every 3 months)',
    ])
    const down = { transform_quantity: { divide_by: 60, round: 'down' } }
    expect(await text({ unit_amount: 500, ...down, ...MONTHLY }, 119)).toEqual([
      '119 × Usage (at $5.00 per 60 units / month)',
    ])
  })

  test('of a changed quantity credits and charges what the tiers say', async () => {
    const { stripe, price } = await catalog()
    const { id } = await price({
      ...GRADUATED,
      tiers: [
        { up_to: 1, unit_amount: 1000 },
        { up_to: 'inf', unit_amount: 500 },
      ],
    })
    const { subscription } = await subscribed(stripe, id, 1)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, quantity: 3 }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice.lines.data.map((line) => line.amount)).toEqual([-1000, 2000])
  })
})
