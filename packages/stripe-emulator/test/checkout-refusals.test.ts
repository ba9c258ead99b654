import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { refusal, START, seconds, shop, start } from './harness.ts'

type Params = Stripe.Checkout.SessionCreateParams
type Prices = Awaited<ReturnType<typeof shop>> & { mug: Stripe.Price; cup: Stripe.Price }

const DAY = 86_400
const URLS = { success_url: 'https://app.test/done' }
const NOW = seconds(START)

/** What Stripe refuses: the parameters, and what the error says. */
const REFUSED: readonly (readonly [
  what: string,
  params: (prices: Prices) => Params,
  error: { message?: string | RegExp; param?: string | undefined; code?: string },
])[] = [
  [
    'payment_intent_data in subscription mode',
    (of) => ({ ...monthly(of), payment_intent_data: { description: 'x' } }),
    { message: 'You can not pass `payment_intent_data` in `subscription` mode.' },
  ],
  [
    'subscription_data in payment mode',
    (of) => ({ ...once(of), subscription_data: { description: 'x' } }),
    { message: 'You can not pass `subscription_data` in `payment` mode.' },
  ],
  [
    'line_items in setup mode',
    (of) => ({ ...once(of), mode: 'setup', currency: 'usd' }),
    { message: 'You can not pass `line_items` in `setup` mode.', param: 'line_items' },
  ],
  [
    'setup mode without a currency or types of payment methods',
    () => ({ ...URLS, mode: 'setup' }),
    { code: 'parameter_missing', message: 'Missing required param: currency.' },
  ],
  [
    'customer_creation in subscription mode',
    (of) => ({ ...monthly(of), customer_creation: 'always' }),
    { message: '`customer_creation` can only be used in `payment` mode.' },
  ],
  [
    'invoice_creation in subscription mode',
    (of) => ({ ...monthly(of), invoice_creation: { enabled: true } }),
    { message: /^You can only enable invoice creation when mode is set to payment\./ },
  ],
  [
    'payment_method_collection without recurring prices',
    (of) => ({ ...once(of), payment_method_collection: 'always' }),
    { message: 'You can only set `payment_method_collection` if there are recurring prices.' },
  ],
  [
    'customer_update without a customer',
    (of) => ({ ...once(of), customer_update: { address: 'auto' } }),
    { message: '`customer_update` can only be used with `customer` or `customer_account`.' },
  ],
  [
    'a recurring price in payment mode',
    ({ basic }) => ({ ...URLS, mode: 'payment', line_items: [{ price: basic.id, quantity: 1 }] }),
    { message: /^You specified `payment` mode but passed a recurring price\./ },
  ],
  [
    'no recurring price in subscription mode',
    ({ mug }) => ({ ...URLS, mode: 'subscription', line_items: [{ price: mug.id, quantity: 1 }] }),
    {
      message:
        'You must provide at least one recurring price in `subscription` mode when using prices.',
    },
  ],
  [
    'prices of different intervals',
    ({ basic, yearly }) => ({
      ...URLS,
      mode: 'subscription',
      line_items: [
        { price: basic.id, quantity: 1 },
        { price: yearly.id, quantity: 1 },
      ],
    }),
    {
      message: 'Checkout does not support multiple prices with different billing intervals.',
    },
  ],
  [
    'prices of different currencies',
    ({ mug, cup }) => ({
      ...URLS,
      mode: 'payment',
      line_items: [
        { price: mug.id, quantity: 1 },
        { price: cup.id, quantity: 1 },
      ],
    }),
    {
      message:
        "The price specified only supports `eur`. This doesn't match the expected currency: `usd`.",
      param: 'line_items[1][price]',
    },
  ],
  [
    'no quantity',
    ({ mug }) => ({ ...URLS, mode: 'payment', line_items: [{ price: mug.id }] }),
    { message: 'Quantity is required. Add `quantity` to `line_items[0]`' },
  ],
  [
    'a quantity of 0',
    ({ mug }) => ({ ...URLS, mode: 'payment', line_items: [{ price: mug.id, quantity: 0 }] }),
    { param: 'line_items[0][quantity]' },
  ],
  [
    'neither price nor price_data',
    () => ({ ...URLS, mode: 'payment', line_items: [{ quantity: 1 }] }),
    {
      message: 'You must provide either price or price_data for each line item when using prices.',
    },
  ],
  [
    'a price that does not exist',
    () => ({ ...URLS, mode: 'payment', line_items: [{ price: 'price_x', quantity: 1 }] }),
    { code: 'resource_missing', message: "No such price: 'price_x'" },
  ],
  [
    'a quantity beyond what the buyer may choose',
    ({ mug }) => ({
      ...URLS,
      mode: 'payment',
      line_items: [{ price: mug.id, quantity: 100, adjustable_quantity: { enabled: true } }],
    }),
    { param: 'line_items[0][quantity]' },
  ],
  [
    'more than 100 line items',
    ({ mug }) => ({
      ...URLS,
      mode: 'payment',
      line_items: Array.from({ length: 101 }, () => ({ price: mug.id, quantity: 1 })),
    }),
    { message: 'Array line_items exceeded maximum 100 allowed elements.' },
  ],
  [
    'a total below what a card can be charged',
    () => ({
      ...URLS,
      mode: 'payment',
      line_items: [
        {
          quantity: 1,
          price_data: { currency: 'usd', unit_amount: 49, product_data: { name: 'Pin' } },
        },
      ],
    }),
    {
      code: 'amount_too_small',
      message: "The Checkout Session's total amount due must add up to at least $0.50 usd",
    },
  ],
  [
    'no success_url',
    (of) => ({ mode: 'payment', line_items: once(of).line_items ?? [] }),
    { code: 'parameter_missing', message: 'Missing required param: success_url.' },
  ],
  [
    'a success_url without a scheme',
    (of) => ({ ...once(of), success_url: 'app.test/done' }),
    {
      code: 'url_invalid',
      message: 'Invalid URL: An explicit scheme (such as https) must be provided.',
    },
  ],
  [
    'a success_url that is none',
    (of) => ({ ...once(of), success_url: 'https://' }),
    { code: 'url_invalid', message: 'Not a valid URL' },
  ],
  [
    'a return_url on the hosted page',
    (of) => ({ ...once(of), return_url: 'https://app.test' }),
    { param: 'return_url' },
  ],
  [
    'a success_url on the embedded page',
    (of) => ({ ...once(of), ui_mode: 'embedded_page' }),
    { param: 'success_url' },
  ],
  [
    'a reference of more than 200 characters',
    (of) => ({ ...once(of), client_reference_id: 'x'.repeat(201) }),
    { param: 'client_reference_id', message: /must be at most 200 characters$/ },
  ],
  [
    'an address of e-mail that is none',
    (of) => ({ ...once(of), customer_email: 'nobody' }),
    { code: 'email_invalid', message: 'Invalid email address: nobody' },
  ],
  [
    'a trial of 0 days',
    (of) => ({ ...monthly(of), subscription_data: { trial_period_days: 0 } }),
    { message: 'The minimum number of trial period days is 1.' },
  ],
  [
    'a trial that ends within two days',
    (of) => ({ ...monthly(of), subscription_data: { trial_end: NOW + 2 * DAY - 1 } }),
    {
      message: 'The `trial_end` date has to be at least 2 days in the future.',
      param: 'subscription_data[trial_end]',
    },
  ],
  [
    'a trial and a billing cycle anchor',
    (of) => ({
      ...monthly(of),
      subscription_data: { trial_period_days: 7, billing_cycle_anchor: NOW + DAY },
    }),
    { param: 'subscription_data[billing_cycle_anchor]' },
  ],
  [
    'four custom fields',
    (of) => ({
      ...once(of),
      custom_fields: ['a', 'b', 'c', 'd'].map((key) => ({
        key,
        label: { type: 'custom' as const, custom: key },
        type: 'text' as const,
      })),
    }),
    { message: 'Array custom_fields exceeded maximum 3 allowed elements.' },
  ],
  [
    'a gap, by its name',
    (of) => ({ ...once(of), ui_mode: 'elements' }),
    { message: /^stripe-emulator: 'elements' for the parameter 'ui_mode' is not emulated/ },
  ],
  [
    'options of shipping, by their name',
    (of) => ({ ...once(of), shipping_options: [{ shipping_rate: 'shr_x' }] }),
    { message: /^stripe-emulator: the parameter 'shipping_options'/ },
  ],
]

function once({ mug }: Prices): Params {
  return { ...URLS, mode: 'payment', line_items: [{ price: mug.id, quantity: 1 }] }
}

function monthly({ basic }: Prices): Params {
  return { ...URLS, mode: 'subscription', line_items: [{ price: basic.id, quantity: 1 }] }
}

async function pricesOf(stripe: Stripe): Promise<Prices> {
  const make = (name: string, currency: string) =>
    stripe.prices.create({ currency, unit_amount: 1500, product_data: { name } })
  return { ...(await shop(stripe)), mug: await make('Mug', 'usd'), cup: await make('Cup', 'eur') }
}

describe('a session of Checkout is refused with', () => {
  test.each(REFUSED)('%s', async (_what, params, error) => {
    const { stripe } = await start()
    const prices = await pricesOf(stripe)
    const refused = await refusal(stripe.checkout.sessions.create(params(prices)))
    expect(refused).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error' })
    const { message, ...rest } = error
    expect(refused).toMatchObject(rest)
    if (typeof message === 'string') expect(refused.message).toBe(message)
    else if (message !== undefined) expect(refused.message).toMatch(message)
    expect((await stripe.checkout.sessions.list()).data).toEqual([])
  })

  test('a price or a product that is archived', async () => {
    const { stripe } = await start()
    const { mug, basic } = await pricesOf(stripe)
    const open = (price: string) =>
      refusal(
        stripe.checkout.sessions.create({
          ...URLS,
          mode: price === mug.id ? 'payment' : 'subscription',
          line_items: [{ price, quantity: 1 }],
        }),
      )
    await stripe.prices.update(mug.id, { active: false })
    expect((await open(mug.id)).message).toBe(
      'The price specified is inactive. This field only accepts active prices.',
    )
    await stripe.products.update(String(basic.product), { active: false })
    expect((await open(basic.id)).message).toBe(
      `Price \`${basic.id}\` is not available to be purchased because its product is not active.`,
    )
  })

  test('a customer beside an e-mail address, or one that is deleted', async () => {
    const { stripe } = await start()
    const prices = await pricesOf(stripe)
    const customer = (await stripe.customers.create()).id
    const open = (more: Params) =>
      refusal(stripe.checkout.sessions.create({ ...once(prices), ...more }))
    expect(await open({ customer, customer_email: 'a@example.org' })).toMatchObject({
      message: 'You may only specify one of these parameters: customer, customer_email.',
    })
    expect((await open({ customer, tax_id_collection: { enabled: true } })).message).toBe(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
    )
    await stripe.customers.del(customer)
    expect(await open({ customer })).toMatchObject({
      code: 'resource_missing',
      message: `No such customer: '${customer}'`,
      param: 'customer',
    })
  })
})

describe('a session that is over, or does not exist', () => {
  test('cannot be expired', async () => {
    const { stripe } = await start()
    const session = await stripe.checkout.sessions.create(once(await pricesOf(stripe)))
    await stripe.checkout.sessions.expire(session.id)
    expect(await refusal(stripe.checkout.sessions.expire(session.id))).toMatchObject({
      statusCode: 400,
      message:
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `expired`.',
    })
    expect(await refusal(stripe.checkout.sessions.retrieve('cs_x'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such checkout.session: 'cs_x'",
    })
  })
})
