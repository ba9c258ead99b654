import type { NotedAnswer } from './noted-answer.ts'

/** What Stripe answered about products, prices, coupons, promotion codes and tax rates (probed at 2026-08-26.dahlia). */

const price = (form: object = {}) =>
  ['prices', { currency: 'usd', product: '{product}', ...form }] as const
const coupon = (form: object = {}) =>
  ['coupons', { percent_off: 10, duration: 'once', ...form }] as const
const code = (form: object = {}) =>
  ['promotion_codes', { promotion: { type: 'coupon', coupon: '{it}' }, ...form }] as const
const past = 'You specified the value `1000` which is in the past.'

const PRODUCTS: readonly NotedAnswer[] = [
  {
    about: 'without a name',
    request: ['POST', 'products', {}],
    status: 400,
    code: 'parameter_missing',
    param: 'name',
    message: 'Missing required param: name.',
  },
  {
    about: 'an unknown default price',
    request: ['POST', 'products/{product}', { default_price: 'price_nope' }],
    status: 400,
    code: 'resource_missing',
    message: "No such price: 'price_nope'",
  },
  {
    about: 'deleted with prices',
    request: ['DELETE', 'products/{product}'],
    status: 400,
    code: null,
    param: null,
    message: 'This product cannot be deleted because it has one or more user-created prices.',
  },
  {
    about: 'an unknown product',
    request: ['GET', 'products/prod_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'id',
    message: "No such product: 'prod_nope'",
  },
]

const PRICES: readonly NotedAnswer[] = [
  {
    about: 'without a product',
    request: ['POST', 'prices', { currency: 'usd', unit_amount: 1000 }],
    status: 400,
    message: 'You must specify either `product` or `product_data` when creating a price.',
  },
  {
    about: 'with two products',
    request: ['POST', ...price({ unit_amount: 1000, product_data: { name: 'x' } })],
    status: 400,
    param: 'product',
    message: 'You may only specify one of these parameters: product, product_data.',
  },
  {
    about: 'of an unknown product',
    request: ['POST', ...price({ unit_amount: 100, product: 'prod_nope' })],
    status: 400,
    code: 'resource_missing',
    param: 'product',
    message: "No such product: 'prod_nope'",
  },
  {
    about: 'without an amount',
    request: ['POST', ...price()],
    status: 400,
    message: 'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.',
  },
  {
    about: 'one-time with tiers',
    request: [
      'POST',
      ...price({
        billing_scheme: 'tiered',
        tiers_mode: 'volume',
        tiers: [{ up_to: 'inf', unit_amount: 500 }],
      }),
    ],
    status: 400,
    param: 'interval',
    message: 'Prices with `type=one_time` are not supported with tiered billing.',
  },
  {
    about: 'metered without a meter',
    request: [
      'POST',
      ...price({ unit_amount: 5, recurring: { interval: 'month', usage_type: 'metered' } }),
    ],
    status: 400,
    message:
      'Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.',
  },
  {
    about: 'a lookup key that another price has, also an inactive one',
    before: [price({ unit_amount: 1, lookup_key: 'k1' }), ['prices/{it}', { active: false }]],
    request: ['POST', ...price({ unit_amount: 2, lookup_key: 'k1' })],
    status: 400,
    param: 'lookup_key',
    message: 'A price (`…`) already uses that lookup key.',
  },
  {
    about: 'the prices of an unknown product',
    request: ['GET', 'prices', { product: 'prod_nope' }],
    status: 400,
    message: "No such product: 'prod_nope'",
  },
  {
    about: 'an unknown price',
    request: ['GET', 'prices/price_nope'],
    status: 404,
    code: 'resource_missing',
    param: 'price',
    message: "No such price: 'price_nope'",
  },
  {
    about: 'with decimals',
    request: ['POST', ...price({ unit_amount_decimal: '123.45' })],
    status: 200,
    body: { unit_amount: null, unit_amount_decimal: '123.45', type: 'one_time' },
  },
]

const COUPONS: readonly NotedAnswer[] = [
  {
    about: 'without a value',
    request: ['POST', 'coupons', { duration: 'once' }],
    status: 400,
    code: 'parameter_missing',
    param: null,
    message: 'Must provide percent_off or amount_off.',
  },
  {
    about: 'with two values',
    request: ['POST', ...coupon({ amount_off: 500, currency: 'usd' })],
    status: 400,
    code: null,
    param: null,
    message: 'Received both percent_off and amount_off parameters. Please pass in only one.',
  },
  {
    about: 'an amount without a currency',
    request: ['POST', 'coupons', { amount_off: 500, duration: 'once' }],
    status: 400,
    code: null,
    param: 'currency',
    message: 'You must pass currency when passing amount_off',
  },
  {
    about: 'repeating without months',
    request: ['POST', ...coupon({ duration: 'repeating' })],
    status: 400,
    code: null,
    param: 'duration',
    message:
      'The duration_in_months param must be set when creating a coupon with a repeating duration',
  },
  {
    about: 'of nothing',
    request: ['POST', ...coupon({ percent_off: 0 })],
    status: 400,
    code: null,
    param: 'percent_off',
    message: "This value must be greater than or equal to 0.01 (it currently is '0.0').",
  },
  {
    about: 'redeemed in the past',
    request: ['POST', ...coupon({ redeem_by: 1000 })],
    status: 400,
    param: 'redeem_by',
    message: `The parameter \`redeem_by\` expects a unix timestamp representing a date and time in the future. ${past}`,
  },
  {
    about: 'an id that is taken',
    before: [coupon({ id: 'TENOFF' })],
    request: ['POST', ...coupon({ id: 'TENOFF' })],
    status: 400,
    code: 'resource_already_exists',
    message: 'Coupon already exists.',
  },
  {
    about: 'a percentage with amounts by currency',
    request: ['POST', ...coupon({ currency_options: { eur: { amount_off: 4 } } })],
    status: 400,
    param: 'currency_options',
    message: 'You may only specify one of these parameters: currency_options, percent_off.',
  },
  {
    about: 'amounts by currency that are none',
    request: [
      'POST',
      'coupons',
      { amount_off: 500, currency: 'usd', duration: 'once', currency_options: 5 },
    ],
    status: 400,
    param: 'currency_options',
    message: 'Invalid object',
  },
  {
    about: 'a currency in capitals as a key',
    request: [
      'POST',
      'coupons',
      {
        amount_off: 500,
        currency: 'usd',
        duration: 'once',
        currency_options: { EUR: { amount_off: 4 } },
      },
    ],
    status: 400,
    message: 'Currencies must be lowercase when used as keys in a map. Use `eur` instead of `EUR`.',
  },
  {
    about: 'an unknown currency as a key',
    request: [
      'POST',
      'coupons',
      {
        amount_off: 500,
        currency: 'usd',
        duration: 'once',
        currency_options: { xyz: { amount_off: 4 } },
      },
    ],
    status: 400,
    message: 'Invalid currency: xyz. Stripe currently supports these currencies: usd, aed, afn',
  },
  {
    about: 'a name of more than 40 characters',
    request: ['POST', ...coupon({ name: 'Company — first month intro (basic/USD/value)' })],
    status: 400,
    param: 'name',
    message: 'Invalid string: Comp...lue); must be at most 40 characters',
  },
  {
    about: 'a deleted coupon',
    before: [coupon({ id: 'GONE' }), ['DELETE coupons/{it}', {}]],
    request: ['GET', 'coupons/GONE'],
    status: 404,
    code: 'resource_missing',
    param: 'coupon',
    message: "No such coupon: 'GONE'",
  },
]

const PROMOTION_CODES: readonly NotedAnswer[] = [
  {
    about: 'without a promotion',
    request: ['POST', 'promotion_codes', { code: 'XCODE1' }],
    status: 400,
    code: 'parameter_missing',
    param: 'promotion',
    message: 'Missing required param: promotion.',
  },
  {
    about: 'without a coupon',
    request: ['POST', 'promotion_codes', { promotion: { type: 'coupon' } }],
    status: 400,
    param: 'promotion.coupon',
    message: 'You must pass promotion.coupon when passing promotion',
  },
  {
    about: 'of an unknown coupon',
    request: ['POST', 'promotion_codes', { promotion: { type: 'coupon', coupon: 'NOPE1234' } }],
    status: 400,
    code: 'resource_missing',
    param: 'promotion[coupon]',
    message: "No such coupon: 'NOPE1234'",
  },
  {
    about: 'with the coupon of older versions',
    before: [coupon()],
    request: ['POST', 'promotion_codes', { coupon: '{it}' }],
    status: 400,
    code: 'parameter_unknown',
    param: 'coupon',
    message: 'Received unknown parameter: coupon',
  },
  {
    about: 'a code with a space',
    before: [coupon()],
    request: ['POST', ...code({ code: 'has spaces!' })],
    status: 400,
    param: 'code',
    message:
      'This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value has spaces!).',
  },
  {
    about: 'a code that is taken',
    before: [coupon(), code({ code: 'TAKEN1' }), coupon()],
    request: ['POST', ...code({ code: 'TAKEN1' })],
    status: 400,
    message: 'An active promotion code with `code: TAKEN1` already exists.',
  },
  {
    about: 'for an unknown customer',
    before: [coupon()],
    request: ['POST', ...code({ customer: 'cus_nope' })],
    status: 400,
    code: 'resource_missing',
    param: 'customer',
  },
  {
    about: 'expired from the start',
    before: [coupon()],
    request: ['POST', ...code({ expires_at: 1000 })],
    status: 400,
    param: 'expires_at',
  },
  {
    about: 'for more than five years',
    before: [coupon()],
    request: ['POST', ...code({ expires_at: 4_102_444_800 })],
    status: 400,
    message: 'Invalid timestamp: can be no more than five years in the future.',
  },
  {
    about: 'the codes of an unknown coupon',
    request: ['GET', 'promotion_codes', { coupon: 'UNKNOWN1' }],
    status: 400,
    param: 'coupon',
    message: "No such coupon: 'UNKNOWN1'",
  },
  {
    about: 'an unknown code',
    request: ['GET', 'promotion_codes/promo_nope'],
    status: 404,
    param: 'promotion_code',
    message: "No such promotion code: 'promo_nope'",
  },
]

const TAX_RATES: readonly NotedAnswer[] = [
  {
    about: 'without a percentage',
    request: ['POST', 'tax_rates', { display_name: 'T', inclusive: true }],
    status: 400,
    code: 'parameter_missing',
    param: 'percentage',
    message: 'Missing required param: percentage.',
  },
  {
    about: 'neither inclusive nor exclusive',
    request: ['POST', 'tax_rates', { display_name: 'T', percentage: 10 }],
    status: 400,
    param: 'inclusive',
  },
  {
    about: 'an unknown rate',
    request: ['GET', 'tax_rates/txr_nope'],
    status: 404,
    param: 'tax_rate',
    message: "No such tax rate: 'txr_nope'",
  },
]

export const CATALOG_NOTED = {
  products: PRODUCTS,
  prices: PRICES,
  coupons: COUPONS,
  'promotion codes': PROMOTION_CODES,
  'tax rates': TAX_RATES,
}
