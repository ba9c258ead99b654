import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, receiver, refusal, START, seconds, start } from '../harness.ts'

const NOW = seconds(START)

/** The error of a call, as Stripe sends it. */
async function errorOf(promise: Promise<unknown>) {
  const { statusCode, code, param, message } = await refusal(promise)
  return { status: statusCode, code, param, message }
}

describe('a coupon', () => {
  test('has the defaults of Stripe, and an id of eight letters and digits', async () => {
    const { stripe } = await start()
    const coupon = await stripe.coupons.create({ percent_off: 22.5 })
    expect(coupon).toMatchObject({
      object: 'coupon',
      amount_off: null,
      currency: null,
      duration: 'once',
      duration_in_months: null,
      percent_off: 22.5,
      times_redeemed: 0,
      valid: true,
    })
    expect(coupon.id).toMatch(/^[0-9A-Za-z]{8}$/)
    expect(coupon).not.toHaveProperty('applies_to')
    expect(coupon).not.toHaveProperty('currency_options')
  })

  test('keeps its own id, and shows its products and its amounts where they are expanded', async () => {
    const { stripe } = await start()
    const product = await stripe.products.create({ name: 'Pro' })
    await stripe.coupons.create({
      id: 'FIVE',
      amount_off: 500,
      currency: 'USD',
      currency_options: { eur: { amount_off: 400 } },
      duration: 'repeating',
      duration_in_months: 3,
      applies_to: { products: [product.id] },
      name: 'Five off',
    })
    const shown = await stripe.coupons.retrieve('FIVE', {
      expand: ['applies_to', 'currency_options'],
    })
    expect(shown).toMatchObject({
      applies_to: { products: [product.id] },
      currency: 'usd',
      currency_options: { usd: { amount_off: 500 }, eur: { amount_off: 400 } },
      duration_in_months: 3,
    })
    const { data } = await stripe.coupons.list()
    expect(data.map(({ id }) => id)).toEqual(['FIVE'])
  })

  test('changes its name, metadata and amounts alone, and says what changed', async () => {
    const { stripe } = await start()
    const { id } = await stripe.coupons.create({ amount_off: 500, currency: 'usd' })
    await stripe.coupons.update(id, {
      name: 'Renamed',
      metadata: { k: 'v' },
      currency_options: { gbp: { amount_off: 300 } },
    })
    const shown = await stripe.coupons.retrieve(id, { expand: ['currency_options'] })
    expect(shown).toMatchObject({ name: 'Renamed', currency_options: { gbp: { amount_off: 300 } } })
    const { data } = await stripe.events.list({ type: 'coupon.updated' })
    expect(data[0]?.data.previous_attributes).toEqual({ name: null, metadata: { k: null } })
  })

  test('is gone after it was deleted: 404, and the event says that it is not valid', async () => {
    const { stripe } = await start()
    const { id } = await stripe.coupons.create({ percent_off: 10 })
    expect(await stripe.coupons.del(id)).toEqual({ id, object: 'coupon', deleted: true })
    expect(await errorOf(stripe.coupons.retrieve(id))).toEqual({
      status: 404,
      code: 'resource_missing',
      param: 'coupon',
      message: `No such coupon: '${id}'`,
    })
    const { data } = await stripe.events.list({ type: 'coupon.deleted' })
    expect(data[0]?.data.object).toMatchObject({ id, valid: false })
  })

  test('is not valid any more after its last time to be redeemed', async () => {
    const { stripe, emulator } = await start()
    const { id } = await stripe.coupons.create({ percent_off: 10, redeem_by: NOW + 3600 })
    expect((await stripe.coupons.retrieve(id)).valid).toBe(true)
    emulator.clock.advanceBy(DAY_MS)
    expect((await stripe.coupons.retrieve(id)).valid).toBe(false)
  })

  test.each<[string, Stripe.CouponCreateParams, object]>([
    [
      'no worth',
      {},
      { code: 'parameter_missing', message: 'Must provide percent_off or amount_off.' },
    ],
    [
      'two worths',
      { percent_off: 10, amount_off: 500, currency: 'usd' },
      { message: 'Received both percent_off and amount_off parameters. Please pass in only one.' },
    ],
    [
      'an amount without a currency',
      { amount_off: 500 },
      { param: 'currency', message: 'You must pass currency when passing amount_off' },
    ],
    [
      'months missing',
      { percent_off: 10, duration: 'repeating' },
      {
        param: 'duration',
        message:
          'The duration_in_months param must be set when creating a coupon with a repeating duration',
      },
    ],
    [
      'months of a coupon that lasts forever',
      { percent_off: 10, duration: 'forever', duration_in_months: 3 },
      { param: 'duration_in_months' },
    ],
    [
      'a percentage of 0',
      { percent_off: 0 },
      {
        param: 'percent_off',
        message: "This value must be greater than or equal to 0.01 (it currently is '0.0').",
      },
    ],
    ['a percentage above 100', { percent_off: 100.01 }, { param: 'percent_off' }],
    ['three decimals', { percent_off: 33.333 }, { param: 'percent_off' }],
    ['an amount of 0', { amount_off: 0, currency: 'usd' }, { param: 'amount_off' }],
    [
      'a name of more than 40 characters',
      { percent_off: 10, name: 'x'.repeat(41) },
      { param: 'name' },
    ],
    [
      'a time in the past',
      { percent_off: 10, redeem_by: 1000 },
      {
        param: 'redeem_by',
        message:
          'The parameter `redeem_by` expects a unix timestamp representing a date and time in the future. You specified the value `1000` which is in the past.',
      },
    ],
    [
      'a time more than five years ahead',
      { percent_off: 10, redeem_by: NOW + 6 * 365 * 86_400 },
      { param: 'redeem_by' },
    ],
    [
      'amounts of a percentage',
      { percent_off: 5, currency_options: { eur: { amount_off: 4 } } },
      {
        param: 'currency_options',
        message: 'You may only specify one of these parameters: currency_options, percent_off.',
      },
    ],
    [
      'a currency in capitals as a key',
      { amount_off: 500, currency: 'usd', currency_options: { EUR: { amount_off: 4 } } },
      {
        message:
          'Currencies must be lowercase when used as keys in a map. Use `eur` instead of `EUR`.',
      },
    ],
    [
      'a currency that does not exist',
      { amount_off: 500, currency: 'xyz' },
      {
        param: 'currency',
        message: expect.stringContaining(
          'Invalid currency: xyz. Stripe currently supports these currencies: usd, aed, afn',
        ),
      },
    ],
    [
      'a product that does not exist',
      { percent_off: 5, applies_to: { products: ['prod_x'] } },
      { code: 'resource_missing', param: 'applies_to[products][0]' },
    ],
  ])('with %s is refused', async (_what, params, expected) => {
    const { stripe } = await start()
    expect(await errorOf(stripe.coupons.create(params))).toMatchObject({ status: 400, ...expected })
    expect((await stripe.coupons.list()).data).toEqual([])
  })

  test('with the id of another is refused', async () => {
    const { stripe } = await start()
    await stripe.coupons.create({ id: 'TEN', percent_off: 10 })
    expect(await errorOf(stripe.coupons.create({ id: 'TEN', percent_off: 5 }))).toMatchObject({
      status: 400,
      code: 'resource_already_exists',
      message: 'Coupon already exists.',
    })
  })
})

describe('a promotion code', () => {
  const promotion = (coupon: string) => ({ promotion: { type: 'coupon' as const, coupon } })

  async function withCoupon(params: Stripe.CouponCreateParams = { percent_off: 10 }) {
    const { stripe, emulator } = await start()
    return { stripe, emulator, coupon: (await stripe.coupons.create(params)).id }
  }

  test('has the defaults of Stripe, and a code of eight capitals and digits', async () => {
    const { stripe, coupon } = await withCoupon()
    const code = await stripe.promotionCodes.create(promotion(coupon))
    expect(code).toMatchObject({
      active: true,
      customer: null,
      expires_at: null,
      max_redemptions: null,
      promotion: { coupon, type: 'coupon' },
      restrictions: {
        first_time_transaction: false,
        minimum_amount: null,
        minimum_amount_currency: null,
      },
      times_redeemed: 0,
    })
    expect(code.code).toMatch(/^[0-9A-Z]{8}$/)
    const shown = await stripe.promotionCodes.retrieve(code.id, { expand: ['promotion.coupon'] })
    expect(shown.promotion.coupon).toMatchObject({ id: coupon, percent_off: 10 })
  })

  test('is found by its code in any case, its coupon, its customer, and by whether it is active', async () => {
    const { stripe, coupon } = await withCoupon()
    const customer = await stripe.customers.create()
    const { id } = await stripe.promotionCodes.create({
      ...promotion(coupon),
      code: 'Summer-24',
      customer: customer.id,
    })
    await stripe.promotionCodes.create(promotion(coupon))
    const found = async (params: Stripe.PromotionCodeListParams) =>
      (await stripe.promotionCodes.list(params)).data.map((one) => one.id)
    expect(await found({ code: 'SUMMER-24' })).toEqual([id])
    expect(await found({ customer: customer.id })).toEqual([id])
    expect(await found({ coupon })).toHaveLength(2)
    await stripe.promotionCodes.update(id, { active: false })
    expect(await found({ code: 'summer-24', active: true })).toEqual([])
    const { data } = await stripe.events.list({ type: 'promotion_code.updated' })
    expect(data[0]?.data.previous_attributes).toEqual({ active: true })
    expect(await errorOf(stripe.promotionCodes.list({ coupon: 'UNKNOWN1' }))).toEqual({
      status: 400,
      code: 'resource_missing',
      param: 'coupon',
      message: "No such coupon: 'UNKNOWN1'",
    })
  })

  test('is active while its coupon is valid, and can be active again only then', async () => {
    const { stripe, coupon, emulator } = await withCoupon({
      percent_off: 10,
      redeem_by: NOW + 3600,
    })
    const { id } = await stripe.promotionCodes.create(promotion(coupon))
    emulator.clock.advanceBy(DAY_MS)
    expect((await stripe.promotionCodes.retrieve(id)).active).toBe(false)
    expect(await errorOf(stripe.promotionCodes.update(id, { active: true }))).toMatchObject({
      status: 400,
      param: 'active',
    })
  })

  test('has a code that no other active one of the same customer has, in any case', async () => {
    const { stripe, coupon } = await withCoupon()
    const first = await stripe.promotionCodes.create({ ...promotion(coupon), code: 'TAKEN1' })
    const again = () => stripe.promotionCodes.create({ ...promotion(coupon), code: 'taken1' })
    expect(await errorOf(again())).toMatchObject({
      status: 400,
      message: 'An active promotion code with `code: taken1` already exists.',
    })
    await stripe.promotionCodes.update(first.id, { active: false })
    const second = await again()
    expect(second.active).toBe(true)
    expect(await errorOf(stripe.promotionCodes.update(first.id, { active: true }))).toMatchObject({
      message: 'An active promotion code with `code: TAKEN1` already exists.',
    })
    const [one, other] = [await stripe.customers.create(), await stripe.customers.create()]
    await stripe.promotionCodes.create({ ...promotion(coupon), code: 'MINE', customer: one.id })
    await stripe.promotionCodes.create({ ...promotion(coupon), code: 'MINE', customer: other.id })
  })

  test.each<[string, object, object]>([
    [
      'no promotion',
      { code: 'X1' },
      { code: 'parameter_missing', message: 'Missing required param: promotion.' },
    ],
    [
      'no coupon',
      { promotion: { type: 'coupon' } },
      {
        param: 'promotion.coupon',
        message: 'You must pass promotion.coupon when passing promotion',
      },
    ],
    [
      'an unknown coupon',
      { promotion: { type: 'coupon', coupon: 'NOPE1234' } },
      {
        code: 'resource_missing',
        param: 'promotion[coupon]',
        message: "No such coupon: 'NOPE1234'",
      },
    ],
    [
      'a coupon at the top',
      { coupon: 'TEN' },
      { code: 'parameter_unknown', message: 'Received unknown parameter: coupon' },
    ],
    [
      'spaces in the code',
      { ...promotion('TEN'), code: 'has spaces!' },
      {
        param: 'code',
        message:
          'This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value has spaces!).',
      },
    ],
    [
      'an unknown customer',
      { ...promotion('TEN'), customer: 'cus_nope' },
      { code: 'resource_missing', param: 'customer' },
    ],
    ['an end in the past', { ...promotion('TEN'), expires_at: 2000 }, { param: 'expires_at' }],
    [
      'an end more than five years ahead',
      { ...promotion('TEN'), expires_at: 4_102_444_800 },
      { message: 'Invalid timestamp: can be no more than five years in the future.' },
    ],
    [
      'an end after that of the coupon',
      { ...promotion('TEN'), expires_at: NOW + 90_000 },
      { param: 'expires_at' },
    ],
    [
      'more redemptions than the coupon',
      { ...promotion('TEN'), max_redemptions: 6 },
      { param: 'max_redemptions' },
    ],
    [
      'a minimum without a currency',
      { ...promotion('TEN'), restrictions: { minimum_amount: 1000 } },
      { param: 'restrictions[minimum_amount_currency]' },
    ],
    [
      'a minimum twice in one currency',
      {
        ...promotion('TEN'),
        restrictions: {
          minimum_amount: 1000,
          minimum_amount_currency: 'usd',
          currency_options: { usd: { minimum_amount: 900 } },
        },
      },
      { param: 'restrictions[currency_options][usd]' },
    ],
  ])('with %s is refused', async (_what, params, expected) => {
    const { stripe } = await start({ observer: {} })
    await stripe.coupons.create({
      id: 'TEN',
      percent_off: 10,
      redeem_by: NOW + 86_400,
      max_redemptions: 5,
    })
    const create = stripe.promotionCodes.create(params as Stripe.PromotionCodeCreateParams)
    expect(await errorOf(create)).toMatchObject({ status: 400, ...expected })
  })

  test('that does not exist is a 404 that names it', async () => {
    const { stripe } = await start()
    expect(await errorOf(stripe.promotionCodes.retrieve('promo_nope'))).toEqual({
      status: 404,
      code: 'resource_missing',
      param: 'promotion_code',
      message: "No such promotion code: 'promo_nope'",
    })
  })
})

test('coupons and promotion codes send their events', async () => {
  const hook = await receiver()
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  const coupon = await stripe.coupons.create({ percent_off: 10 })
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
  })
  await stripe.promotionCodes.update(code.id, { metadata: { k: 'v' } })
  await stripe.coupons.update(coupon.id, { name: 'Ten' })
  await stripe.coupons.del(coupon.id)
  await emulator.webhooksSettled()
  expect(hook.types()).toEqual([
    'coupon.created',
    'promotion_code.created',
    'promotion_code.updated',
    'coupon.updated',
    'coupon.deleted',
  ])
})
