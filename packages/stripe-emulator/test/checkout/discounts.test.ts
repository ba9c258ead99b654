import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { card, DAY_MS, HOUR_MS, payer, post, refusal, START, seconds, start } from '../harness.ts'
import { expanded, mugs, pay, plan, shown } from './sessions.ts'

async function errorOf(promise: Promise<unknown>) {
  const { statusCode, code, param, message } = await refusal(promise)
  return { status: statusCode, code, param, message }
}

/** A promotion code of a coupon that takes 25 % off once. */
async function quarterOff(
  stripe: Stripe,
  params: Partial<Stripe.PromotionCodeCreateParams> = {},
): Promise<Stripe.PromotionCode> {
  const coupon = await stripe.coupons.create({ percent_off: 25 })
  return stripe.promotionCodes.create({
    code: 'QUARTER',
    promotion: { type: 'coupon', coupon: coupon.id },
    ...params,
  })
}

function apply(session: Stripe.Checkout.Session, promotionCode: string): Promise<Response> {
  return post(`${session.url}/promotion`, { do: 'apply', promotionCode })
}

async function pageOf({ url }: Stripe.Checkout.Session): Promise<string> {
  return (await fetch(url ?? '')).text()
}

describe('a coupon of a Checkout session', () => {
  test('comes off a payment, and is redeemed once, when the session is complete', async () => {
    const { stripe } = await start()
    const { id } = await stripe.coupons.create({ amount_off: 500, currency: 'usd' })
    const session = await mugs(stripe, { discounts: [{ coupon: id }] })
    expect(session).toMatchObject({
      amount_subtotal: 3000,
      amount_total: 2500,
      discounts: [{ coupon: id, promotion_code: null }],
      total_details: { amount_discount: 500 },
    })
    expect(await stripe.coupons.retrieve(id)).toMatchObject({ times_redeemed: 0 })
    await pay(session, { cardNumber: '4000000000000002' })
    expect(await stripe.coupons.retrieve(id)).toMatchObject({ times_redeemed: 0 })
    expect((await pay(session)).status).toBe(303)
    const done = await shown(stripe, session)
    expect(expanded(done.payment_intent).amount).toBe(2500)
    expect(done.total_details?.breakdown?.discounts).toMatchObject([
      {
        amount: 500,
        discount: { object: 'discount', checkout_session: session.id, source: { coupon: id } },
      },
    ])
    expect(await stripe.coupons.retrieve(id)).toMatchObject({ times_redeemed: 1 })
    const items = await stripe.checkout.sessions.listLineItems(session.id)
    expect(items.data).toMatchObject([{ amount_discount: 500, amount_total: 2500 }])
  })

  test('is on the invoice of a payment, redeemed once', async () => {
    const { stripe } = await start()
    const { id } = await stripe.coupons.create({ percent_off: 10 })
    const session = await mugs(stripe, {
      discounts: [{ coupon: id }],
      invoice_creation: { enabled: true },
    })
    await pay(session)
    const invoice = expanded((await shown(stripe, session)).invoice)
    expect(invoice).toMatchObject({
      status: 'paid',
      subtotal: 3000,
      total: 2700,
      amount_paid: 2700,
      total_discount_amounts: [{ amount: 300 }],
    })
    expect(await stripe.coupons.retrieve(id)).toMatchObject({ times_redeemed: 1 })
  })

  test('belongs to the subscription, and comes off as long as it lasts', async () => {
    const { emulator, stripe } = await start()
    const { id } = await stripe.coupons.create({
      percent_off: 50,
      duration: 'repeating',
      duration_in_months: 2,
    })
    const session = await plan(stripe, { discounts: [{ coupon: id }] })
    expect(session).toMatchObject({ amount_subtotal: 2000, amount_total: 1000 })
    await pay(session)
    const done = await shown(stripe, session)
    expect(expanded(done.invoice)).toMatchObject({ total: 1000, amount_paid: 1000 })
    const subscription = expanded(done.subscription)
    expect(subscription.discounts).toHaveLength(1)
    expect(done.total_details?.breakdown?.discounts).toMatchObject([
      { amount: 1000, discount: { id: subscription.discounts[0], subscription: subscription.id } },
    ])
    expect(await stripe.coupons.retrieve(id)).toMatchObject({ times_redeemed: 1 })
    emulator.clock.advanceBy(65 * DAY_MS)
    const invoices = await stripe.invoices.list({ subscription: subscription.id })
    expect(invoices.data.map(({ total }) => total)).toEqual([2000, 1000, 1000])
  })

  test('takes everything off: a payment needs no card then', async () => {
    const { stripe } = await start()
    const { id } = await stripe.coupons.create({ percent_off: 100 })
    const session = await mugs(stripe, { discounts: [{ coupon: id }] })
    expect(session.amount_total).toBe(0)
    await post(session.url ?? '', { email: 'payer@example.org' })
    expect(await shown(stripe, session)).toMatchObject({
      status: 'complete',
      payment_status: 'no_payment_required',
      payment_intent: null,
    })
  })

  test('may be expanded', async () => {
    const { stripe } = await start()
    const code = await quarterOff(stripe)
    const { id } = await mugs(stripe, { discounts: [{ promotion_code: code.id }] })
    const session = await stripe.checkout.sessions.retrieve(id, {
      expand: ['discounts.promotion_code', 'discounts.coupon'],
    })
    expect(session.discounts).toMatchObject([
      { coupon: null, promotion_code: { id: code.id, code: 'QUARTER' } },
    ])
  })

  test('is refused in the words of Stripe', async () => {
    const { stripe } = await start()
    const other = await stripe.products.create({ name: 'Plate' })
    const plates = await stripe.coupons.create({
      percent_off: 10,
      applies_to: { products: [other.id] },
    })
    const euros = await stripe.coupons.create({ amount_off: 100, currency: 'eur' })
    const big = await stripe.coupons.create({ amount_off: 2980, currency: 'usd' })
    const limited = await quarterOff(stripe, {
      restrictions: { minimum_amount: 5000, minimum_amount_currency: 'usd' },
    })
    const refusedWith = (discounts: Stripe.Checkout.SessionCreateParams.Discount[]) =>
      errorOf(mugs(stripe, { discounts }))
    expect(await refusedWith([{ coupon: 'none' }])).toMatchObject({
      status: 400,
      code: 'resource_missing',
      param: 'discounts[0][coupon]',
      message: "No such coupon: 'none'",
    })
    expect(await refusedWith([{ coupon: plates.id }])).toMatchObject({
      code: 'coupon_applies_to_nothing',
    })
    expect(await refusedWith([{ coupon: euros.id }])).toMatchObject({
      message: expect.stringContaining('only supports `eur`'),
    })
    expect(await refusedWith([{ coupon: big.id }])).toMatchObject({ code: 'amount_too_small' })
    expect(await refusedWith([{ promotion_code: limited.id }])).toMatchObject({
      param: 'discounts[0][promotion_code]',
      message: expect.stringContaining('minimum amount requirement'),
    })
    expect(await refusedWith([{ coupon: big.id, promotion_code: limited.id }])).toMatchObject({
      message: 'You may only specify one of these parameters: coupon, promotion_code.',
    })
    expect(await refusedWith([{ coupon: big.id }, { coupon: plates.id }])).toMatchObject({
      status: 400,
    })
    for (const allowed of [true, false]) {
      const both = mugs(stripe, { discounts: [{ coupon: big.id }], allow_promotion_codes: allowed })
      expect(await errorOf(both)).toMatchObject({
        param: 'allow_promotion_codes',
        message: 'You may only specify one of these parameters: allow_promotion_codes, discounts.',
      })
    }
  })

  test('of the customer comes off a subscription, and not off a payment', async () => {
    const { emulator, stripe } = await start()
    const { customer } = await payer(stripe)
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    await fetch(`http://${emulator.host}:${emulator.port}/v1/customers/${customer.id}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_emulator', 'stripe-version': '2024-06-20' },
      body: new URLSearchParams({ coupon: coupon.id }),
    })
    const payment = await mugs(stripe, {
      customer: customer.id,
      invoice_creation: { enabled: true },
    })
    expect(payment.amount_total).toBe(3000)
    await pay(payment)
    expect(expanded((await shown(stripe, payment)).invoice)).toMatchObject({ total: 3000 })
    expect(await plan(stripe, { customer: customer.id })).toMatchObject({ amount_total: 1000 })
  })
})

describe('the promotion code that is typed on the page', () => {
  test('is shown, comes off, and can be removed', async () => {
    const { stripe } = await start()
    const code = await quarterOff(stripe)
    const session = await plan(stripe, { allow_promotion_codes: true })
    expect(session).toMatchObject({ allow_promotion_codes: true, discounts: [] })
    expect(await pageOf(session)).toContain('name="promotionCode"')
    expect((await apply(session, 'quarter')).status).toBe(303)
    expect(await shown(stripe, session)).toMatchObject({
      amount_total: 1500,
      discounts: [{ coupon: null, promotion_code: code.id }],
      total_details: { amount_discount: 500, breakdown: { discounts: [{ amount: 500 }] } },
    })
    const page = await pageOf(session)
    expect(page).toContain('QUARTER')
    expect(page).toContain('25% off once')
    expect(page).toContain('$15.00')
    await post(`${session.url}/promotion`, { do: 'remove' })
    expect(await shown(stripe, session)).toMatchObject({ amount_total: 2000, discounts: [] })
    expect((await stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(0)
  })

  test('is on the subscription and counted once when it is paid, after the 3-D Secure step too', async () => {
    const { stripe } = await start()
    const code = await quarterOff(stripe, { max_redemptions: 1 })
    const session = await plan(stripe, { allow_promotion_codes: true })
    await apply(session, 'QUARTER')
    await pay(session, card('4000002500003155'))
    await post(`${session.url}/3ds`, { result: 'complete' })
    const done = await shown(stripe, session)
    expect(done.status).toBe('complete')
    expect(expanded(done.invoice)).toMatchObject({ total: 1500, amount_paid: 1500 })
    expect(await stripe.promotionCodes.retrieve(code.id)).toMatchObject({
      active: false,
      times_redeemed: 1,
    })
    const late = await plan(stripe, { allow_promotion_codes: true })
    const refused = await apply(late, 'QUARTER')
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('used the maximum number of times')
  })

  test('is refused with the reason', async () => {
    const { emulator, stripe } = await start()
    const { customer } = await payer(stripe)
    await quarterOff(stripe, { code: 'OTHERS', customer: customer.id })
    await quarterOff(stripe, {
      code: 'MUCH',
      restrictions: { minimum_amount: 5000, minimum_amount_currency: 'usd' },
    })
    await quarterOff(stripe, { code: 'SHORT', expires_at: seconds(START) + 3600 })
    const session = await plan(stripe, { allow_promotion_codes: true })
    const reason = async (typed: string) => {
      const response = await apply(session, typed)
      expect(response.status).toBe(400)
      return response.text()
    }
    const unknown = await reason('NOPE')
    expect(unknown).toContain('This code is invalid.')
    expect(unknown).toContain('value="NOPE"')
    expect(await reason('OTHERS')).toContain('This code is invalid.')
    expect(await reason('MUCH')).toContain('minimum amount requirement')
    emulator.clock.advanceBy(2 * HOUR_MS)
    expect(await reason('SHORT')).toContain('expired')
    const closed = await plan(stripe)
    expect(await (await apply(closed, 'MUCH')).text()).toContain('takes no promotion codes')
    expect(await pageOf(closed)).not.toContain('promotionCode')
    expect(await shown(stripe, session)).toMatchObject({ amount_total: 2000, discounts: [] })
  })

  test('that expires before the payment refuses it, and the session stays open', async () => {
    const { emulator, stripe } = await start()
    await quarterOff(stripe, { expires_at: seconds(START) + 3600 })
    const session = await plan(stripe, { allow_promotion_codes: true })
    await apply(session, 'QUARTER')
    emulator.clock.advanceBy(2 * HOUR_MS)
    const refused = await pay(session)
    expect(refused.status).toBe(402)
    expect(await refused.text()).toContain('expired')
    await post(`${session.url}/promotion`, { do: 'remove' })
    expect((await pay(session)).status).toBe(303)
  })

  test('can be typed on a recovered session where the recovery says so, and is not applied again', async () => {
    const { stripe } = await start()
    await quarterOff(stripe)
    const recovery = (allowed: boolean) => ({
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: allowed } },
    })
    for (const allowed of [true, false]) {
      const session = await plan(stripe, { allow_promotion_codes: true, ...recovery(allowed) })
      await apply(session, 'QUARTER')
      const { after_expiration: after } = await stripe.checkout.sessions.expire(session.id)
      await fetch(after?.recovery?.url ?? '')
      const { data } = await stripe.checkout.sessions.list({ limit: 1 })
      expect(data).toMatchObject([
        { allow_promotion_codes: allowed, amount_total: 2000, discounts: [] },
      ])
    }
  })
})
