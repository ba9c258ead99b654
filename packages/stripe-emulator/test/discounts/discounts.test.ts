import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import {
  clientOf,
  DAY_MS,
  firstItem,
  latestInvoice,
  payer,
  refusal,
  shop,
  start,
  subscriber,
} from '../harness.ts'

const MONTH_MS = 31 * DAY_MS

async function scene() {
  const { stripe, emulator } = await start()
  const prices = await shop(stripe)
  const { customer } = await payer(stripe)
  return { stripe, emulator, customer, ...prices }
}

/** Makes the discount of a customer, which API versions before 2025-03-31 could do. */
async function discountCustomer(url: string, customer: string, form: string) {
  const response = await fetch(`${url}/v1/customers/${customer}`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer sk_test_x',
      'Stripe-Version': '2025-02-24.acacia',
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: form,
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function invoicesOf(stripe: Stripe, subscription: string) {
  const { data } = await stripe.invoices.list({ subscription, limit: 100 })
  return data.reverse()
}

function idsOf(discounts: readonly (string | { id: string })[]): string[] {
  return discounts.map((one) => (typeof one === 'string' ? one : one.id))
}

describe('a subscription with a discount', () => {
  test('pays less, and shows the discount as Stripe does (recorded: 10 % off $25.00)', async () => {
    const { stripe, customer } = await scene()
    const product = await stripe.products.create({ name: 'Small' })
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 2500,
      recurring: { interval: 'month' },
    })
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      discounts: [{ coupon: coupon.id }],
      expand: ['discounts', 'latest_invoice.total_discount_amounts.discount'],
    })
    const [discount] = subscription.discounts
    expect(discount).toMatchObject({
      object: 'discount',
      checkout_session: null,
      customer: customer.id,
      end: null,
      invoice: null,
      invoice_item: null,
      promotion_code: null,
      source: { coupon: coupon.id, type: 'coupon' },
      subscription: subscription.id,
      subscription_item: null,
    })
    const { id } = discount as Stripe.Discount
    const invoice = subscription.latest_invoice as Stripe.Invoice
    expect(invoice).toMatchObject({
      amount_due: 2250,
      amount_paid: 2250,
      discounts: [id],
      subtotal: 2500,
      subtotal_excluding_tax: 2500,
      total: 2250,
      total_discount_amounts: [{ amount: 250, discount: { id } }],
      total_excluding_tax: 2250,
      total_pretax_credit_amounts: [{ amount: 250, discount: id, type: 'discount' }],
    })
    expect(invoice.lines.data[0]).toMatchObject({
      amount: 2500,
      discount_amounts: [{ amount: 250, discount: id }],
      discountable: true,
      discounts: [],
      pretax_credit_amounts: [{ amount: 250, discount: id, type: 'discount' }],
    })
    const { times_redeemed: times } = await stripe.coupons.retrieve(coupon.id)
    expect(times).toBe(1)
  })

  test('has it once: the first invoice uses it up, and the next is in full', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({ amount_off: 500, currency: 'usd' })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
    })
    expect(subscription.discounts).toEqual([])
    const { data } = await stripe.events.list({ type: 'customer.discount.deleted' })
    expect(data).toHaveLength(1)
    emulator.clock.advanceBy(MONTH_MS + DAY_MS)
    const invoices = await invoicesOf(stripe, subscription.id)
    expect(invoices.map(({ total }) => total)).toEqual([1400, 1900])
    expect(invoices.map(({ discounts }) => discounts.length)).toEqual([1, 0])
  })

  test('has a discount for one invoice after a free trial', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 50 })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
      trial_period_days: 7,
    })
    expect(subscription.discounts).toHaveLength(1)
    emulator.clock.advanceBy(8 * DAY_MS)
    const invoices = await invoicesOf(stripe, subscription.id)
    expect(invoices.map(({ total }) => total)).toEqual([0, 950])
    expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([])
  })

  test('has it for some months, and loses it when they are over', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({
      percent_off: 50,
      duration: 'repeating',
      duration_in_months: 3,
    })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
      expand: ['discounts'],
    })
    const [discount] = subscription.discounts as Stripe.Discount[]
    expect(new Date((discount?.end ?? 0) * 1000).toISOString()).toBe('2027-02-10T18:29:24.000Z')
    emulator.clock.advanceBy(3 * MONTH_MS)
    expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([])
    const { data } = await stripe.events.list({ type: 'customer.discount.deleted' })
    expect(data.map((event) => event.created)).toEqual([discount?.end])
    emulator.clock.advanceBy(MONTH_MS)
    const invoices = await invoicesOf(stripe, subscription.id)
    expect(invoices.map(({ total }) => total)).toEqual([950, 950, 950, 1900, 1900])
  })

  test('takes a discount of an item off that item first, and shows it in the subtotal', async () => {
    const { stripe, customer, basic, pro } = await scene()
    const half = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const ten = await stripe.coupons.create({
      amount_off: 1000,
      currency: 'usd',
      duration: 'forever',
    })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id, discounts: [{ coupon: half.id }] }, { price: pro.id }],
      discounts: [{ coupon: ten.id }],
    })
    const [ofItem = ''] = idsOf(firstItem(subscription).discounts)
    const [ofAll = ''] = idsOf(subscription.discounts)
    const invoice = await latestInvoice(stripe, subscription.id)
    // 1900 - 950 = 950 and 4900; $10.00 in proportion: 162 and 838.
    expect(invoice).toMatchObject({
      discounts: [ofAll],
      subtotal: 5850,
      total: 4850,
      total_discount_amounts: [
        { amount: 950, discount: ofItem },
        { amount: 1000, discount: ofAll },
      ],
    })
    expect(invoice.lines.data.map((line) => line.discount_amounts)).toEqual([
      [
        { amount: 950, discount: ofItem },
        { amount: 162, discount: ofAll },
      ],
      [{ amount: 838, discount: ofAll }],
    ])
    expect(invoice.lines.data[0]?.discounts).toEqual([ofItem])
  })

  test('with 100 % off is active without a payment method, and its invoice is paid', async () => {
    const { stripe, basic } = await scene()
    const customer = await stripe.customers.create()
    const coupon = await stripe.coupons.create({ percent_off: 100, duration: 'forever' })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
    })
    expect(subscription.status).toBe('active')
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      amount_due: 0,
      status: 'paid',
      total: 0,
    })
    const less = stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: (await stripe.coupons.create({ percent_off: 90 })).id }],
    })
    expect(await refusal(less)).toMatchObject({ code: 'resource_missing' })
  })

  test('has its discounts replaced, kept and cleared by an update', async () => {
    const { stripe, customer, basic } = await scene()
    const ten = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const five = await stripe.coupons.create({ percent_off: 5, duration: 'forever' })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: ten.id }],
    })
    const [first = ''] = idsOf((await stripe.subscriptions.retrieve(id)).discounts)
    const both = await stripe.subscriptions.update(id, {
      discounts: [{ discount: first }, { coupon: five.id }],
    })
    expect(idsOf(both.discounts)[0]).toBe(first)
    expect(both.discounts).toHaveLength(2)
    expect((await stripe.subscriptions.update(id, { metadata: { k: 'v' } })).discounts).toEqual(
      both.discounts,
    )
    const replaced = await stripe.subscriptions.update(id, { discounts: [{ coupon: five.id }] })
    expect(replaced.discounts).toHaveLength(1)
    expect(replaced.discounts).not.toEqual([first])
    expect((await stripe.subscriptions.update(id, { discounts: '' })).discounts).toEqual([])
    expect((await stripe.coupons.retrieve(ten.id)).times_redeemed).toBe(1)
    expect((await stripe.coupons.retrieve(five.id)).times_redeemed).toBe(2)
  })

  test('loses it by a request, which is a 404 where there is none', async () => {
    const { stripe, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
    })
    expect(await stripe.subscriptions.deleteDiscount(id)).toMatchObject({
      object: 'discount',
      deleted: true,
      subscription: id,
    })
    expect((await stripe.subscriptions.retrieve(id)).discounts).toEqual([])
    expect(await refusal(stripe.subscriptions.deleteDiscount(id))).toMatchObject({
      statusCode: 404,
      message: `No active discount for subscription ${id} on customer ${customer.id}`,
    })
  })

  test('keeps the discount of a coupon that was deleted', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
    })
    await stripe.coupons.del(coupon.id)
    emulator.clock.advanceBy(MONTH_MS)
    expect((await invoicesOf(stripe, id)).map(({ total }) => total)).toEqual([950, 950])
    const shown = await stripe.subscriptions.retrieve(id, { expand: ['discounts.source.coupon'] })
    const [discount] = shown.discounts as Stripe.Discount[]
    expect(discount?.source.coupon).toMatchObject({ id: coupon.id, valid: false })
  })

  test('has prorations that contain the discount, from which nothing is taken again', async () => {
    const { stripe, emulator, customer, basic, pro } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: coupon.id }],
    })
    emulator.clock.advanceBy(15 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, price: pro.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await latestInvoice(stripe, subscription.id)
    const [id = ''] = idsOf(subscription.discounts)
    // Half of the month: $9.50 and $24.50, which are half of $19.00 and of $49.00.
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([-475, 1225])
    for (const line of invoice.lines.data) {
      expect(line).toMatchObject({
        discountable: false,
        discount_amounts: [{ amount: 0, discount: id }],
      })
    }
    expect(invoice).toMatchObject({ subtotal: 750, total: 750, total_discount_amounts: [] })
  })

  test('credits what was paid: a discount for one invoice is not paid back', async () => {
    const { stripe, emulator, customer, pro } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 50 })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: pro.id }],
      discounts: [{ coupon: coupon.id }],
    })
    emulator.clock.advanceBy(15 * DAY_MS)
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, quantity: 2 }],
      proration_behavior: 'always_invoice',
    })
    const { lines } = await latestInvoice(stripe, subscription.id)
    expect(lines.data.map(({ amount }) => amount)).toEqual([-1225, 4900])
  })
})

describe("a customer's discount", () => {
  test('comes from an older API version alone, is on every invoice, and can be removed', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const { body } = await discountCustomer(emulator.url, customer.id, `coupon=${coupon.id}`)
    expect(body).toMatchObject({ discount: { object: 'discount', customer: customer.id } })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    const invoice = await latestInvoice(stripe, id)
    const shown = (await stripe.customers.retrieve(customer.id, {
      expand: ['discount.source.coupon'],
    })) as Stripe.Customer
    expect(shown.discount?.source.coupon).toMatchObject({ id: coupon.id })
    expect(invoice).toMatchObject({ total: 950, discounts: [shown.discount?.id] })
    expect(await stripe.customers.deleteDiscount(customer.id)).toMatchObject({ deleted: true })
    const { data } = await stripe.events.list({ type: 'customer.discount.deleted' })
    expect(data).toHaveLength(1)
    emulator.clock.advanceBy(MONTH_MS)
    expect((await latestInvoice(stripe, id)).total).toBe(1900)
    expect(await refusal(stripe.customers.deleteDiscount(customer.id))).toMatchObject({
      statusCode: 404,
    })
  })

  test('is replaced by another one, and is unknown to the pinned version', async () => {
    const { stripe, emulator } = await start({ observer: {} })
    const { id } = await stripe.customers.create()
    for (const coupon of ['TEN', 'FIVE']) {
      await stripe.coupons.create({ id: coupon, percent_off: 10 })
      await discountCustomer(emulator.url, id, `coupon=${coupon}`)
    }
    const { data } = await stripe.events.list({ type: 'customer.discount.*' as 'customer.created' })
    expect(data.map(({ type }) => type).reverse()).toEqual([
      'customer.discount.created',
      'customer.discount.updated',
    ])
    const gone = await discountCustomer(emulator.url, id, 'coupon=GONE')
    expect(gone.body).toMatchObject({
      error: { code: 'resource_missing', param: 'coupon', message: "No such coupon: 'GONE'" },
    })
    const newer = stripe.customers.update(id, { coupon: 'TEN' } as Stripe.CustomerUpdateParams)
    expect(await refusal(newer)).toMatchObject({
      code: 'parameter_unknown',
      message: 'Received unknown parameter: coupon',
    })
  })

  test('gives way to that of the subscription', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const [half, ten] = [
      await stripe.coupons.create({ percent_off: 50, duration: 'forever' }),
      await stripe.coupons.create({ percent_off: 10, duration: 'forever' }),
    ]
    await discountCustomer(emulator.url, customer.id, `coupon=${half.id}`)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: ten.id }],
    })
    expect((await latestInvoice(stripe, id)).total).toBe(1710)
    await stripe.subscriptions.update(id, { discounts: '' })
    emulator.clock.advanceBy(MONTH_MS)
    expect((await latestInvoice(stripe, id)).total).toBe(950)
  })
})

describe('an invoice', () => {
  async function withDraft(params: Partial<Stripe.InvoiceCreateParams> = {}) {
    const all = await scene()
    const { stripe, customer } = all
    const coupon = await stripe.coupons.create({ percent_off: 50 })
    const draft = await stripe.invoices.create({ customer: customer.id, ...params })
    return { ...all, coupon, draft }
  }

  test('has a discount of an item in its subtotal (recorded: half of $19.00)', async () => {
    const { stripe, customer, draft, coupon } = await withDraft()
    const item = await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 1900,
      currency: 'usd',
      discounts: [{ coupon: coupon.id }],
      expand: ['discounts'],
    })
    const [discount] = item.discounts as Stripe.Discount[]
    expect(discount).toMatchObject({ invoice_item: item.id, invoice: null })
    const id = discount?.id
    const paid = await stripe.invoices.pay(draft.id ?? '')
    expect(paid).toMatchObject({
      amount_due: 950,
      discounts: [],
      subtotal: 950,
      subtotal_excluding_tax: 950,
      total: 950,
      total_discount_amounts: [{ amount: 950, discount: id }],
      total_excluding_tax: 950,
      total_pretax_credit_amounts: [{ amount: 950, discount: id, type: 'discount' }],
    })
    expect(paid.lines.data[0]).toMatchObject({
      amount: 1900,
      discount_amounts: [{ amount: 950, discount: id }],
      discountable: true,
      discounts: [id],
      pretax_credit_amounts: [{ amount: 950, discount: id, type: 'discount' }],
      subtotal: 1900,
    })
  })

  test('has the discounts of its request, else that of its customer, else none', async () => {
    const { stripe, emulator, customer, coupon } = await withDraft()
    await discountCustomer(emulator.url, customer.id, `coupon=${coupon.id}`)
    const inherited = await stripe.invoices.create({ customer: customer.id })
    expect(inherited.discounts).toHaveLength(1)
    const none = await stripe.invoices.create({ customer: customer.id, discounts: '' })
    expect(none.discounts).toEqual([])
    const ten = await stripe.coupons.create({ percent_off: 10 })
    const own = await stripe.invoices.create({
      customer: customer.id,
      discounts: [{ coupon: ten.id }],
      expand: ['discounts'],
    })
    expect(own.discounts).toMatchObject([{ invoice: own.id, source: { coupon: ten.id } }])
  })

  test('has its discounts changed while it is a draft, and its totals with them', async () => {
    const { stripe, customer, draft, coupon } = await withDraft()
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 1000,
      currency: 'usd',
    })
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 500,
      currency: 'usd',
      discountable: false,
    })
    const id = draft.id ?? ''
    const changed = await stripe.invoices.update(id, { discounts: [{ coupon: coupon.id }] })
    expect(changed).toMatchObject({ subtotal: 1500, total: 1000, amount_due: 1000 })
    expect(await stripe.invoices.update(id, { discounts: '' })).toMatchObject({
      discounts: [],
      total: 1500,
      amount_due: 1500,
    })
    await stripe.invoices.finalizeInvoice(id)
    const late = stripe.invoices.update(id, { discounts: [{ coupon: coupon.id }] })
    expect(await refusal(late)).toMatchObject({ statusCode: 400, param: 'discounts' })
  })

  test('is previewed with discounts, and nothing is redeemed', async () => {
    const { stripe, customer, basic, coupon } = await withDraft()
    const half = { coupon: coupon.id }
    const items = [{ price: basic.id }]
    const preview = (params: Stripe.InvoiceCreatePreviewParams) =>
      stripe.invoices.createPreview({ customer: customer.id, ...params })
    const onTop = await preview({ subscription_details: { items }, discounts: [half] })
    expect(onTop).toMatchObject({ subtotal: 1900, total: 950 })
    const onItem = await preview({
      subscription_details: { items: [{ price: basic.id, discounts: [half] }] },
    })
    expect(onItem).toMatchObject({ subtotal: 950, total: 950 })
    const { subscription } = await subscriber(stripe, basic.id)
    const next = await stripe.invoices.createPreview({
      subscription: subscription.id,
      discounts: [half],
    })
    expect(next.total).toBe(950)
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(0)
    await stripe.subscriptions.update(subscription.id, { discounts: [half] })
    const inherited = await stripe.invoices.createPreview({ subscription: subscription.id })
    expect(inherited.total).toBe(950)
    const without = await stripe.invoices.createPreview({
      subscription: subscription.id,
      discounts: '',
    })
    expect(without.total).toBe(1900)
    expect((await stripe.subscriptions.retrieve(subscription.id)).discounts).toHaveLength(1)
  })
})

describe('a schedule', () => {
  test('loses the discount of the subscription in a phase that does not name it (fact 39)', async () => {
    const { stripe, emulator, customer, basic } = await scene()
    const half = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const ten = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    await discountCustomer(emulator.url, customer.id, `coupon=${ten.id}`)
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ coupon: half.id }],
    })
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id })
    const [current] = schedule.phases
    expect(current?.discounts).toHaveLength(1)
    const items = [{ price: basic.id, quantity: 1 }]
    const first = { start_date: current?.start_date ?? 0, end_date: current?.end_date ?? 0, items }
    const [discount] = current?.discounts ?? []
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { ...first, discounts: [{ discount: String(discount?.discount) }] },
        { items, duration: { interval: 'month' } },
        { items, duration: { interval: 'month' }, discounts: '' },
        { items, duration: { interval: 'month' }, discounts: [{ coupon: half.id }] },
      ],
    })
    expect((await stripe.subscriptions.retrieve(id)).discounts).toHaveLength(1)
    emulator.clock.advanceBy(3 * MONTH_MS + DAY_MS)
    const invoices = await invoicesOf(stripe, id)
    // Half off; then the customer's 10 % off; then none; then half off again.
    expect(invoices.map(({ total }) => total)).toEqual([950, 1710, 1900, 950])
  })

  test('redeems nothing again when its phases are sent again', async () => {
    const { stripe, customer, basic } = await scene()
    const half = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const items = [{ price: basic.id, quantity: 1 }]
    const phase = {
      items,
      duration: { interval: 'month' as const },
      discounts: [{ coupon: half.id }],
    }
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [phase],
    })
    const [before] = idsOf(
      (await stripe.subscriptions.retrieve(String(schedule.subscription))).discounts,
    )
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [{ ...phase, start_date: schedule.phases[0]?.start_date ?? 0 }, phase],
    })
    const after = await stripe.subscriptions.retrieve(String(schedule.subscription))
    expect(idsOf(after.discounts)).toEqual([before])
    expect((await stripe.coupons.retrieve(half.id)).times_redeemed).toBe(1)
  })
})

describe('a coupon or code that can not be redeemed is refused', () => {
  type Scene = Awaited<ReturnType<typeof scene>>
  const cases: [
    string,
    (all: Scene) => Promise<Stripe.SubscriptionCreateParams.Discount>,
    object,
  ][] = [
    [
      'an unknown coupon',
      async () => ({ coupon: 'GONE' }),
      {
        code: 'resource_missing',
        param: 'discounts[0][coupon]',
        message: "No such coupon: 'GONE'",
      },
    ],
    [
      'a deleted coupon',
      async ({ stripe }) => {
        const { id } = await stripe.coupons.create({ id: 'GONE', percent_off: 10 })
        await stripe.coupons.del(id)
        return { coupon: id }
      },
      { code: 'resource_missing', message: "No such coupon: 'GONE'" },
    ],
    [
      'an expired coupon',
      async ({ stripe, emulator }) => {
        const at = Math.floor(emulator.clock.now().getTime() / 1000) + 60
        await stripe.coupons.create({ id: 'LATE', percent_off: 10, redeem_by: at })
        emulator.clock.advanceBy(DAY_MS)
        return { coupon: 'LATE' }
      },
      { code: 'coupon_expired', param: 'discounts[0][coupon]', message: 'Coupon expired: LATE' },
    ],
    [
      'a coupon that is used up',
      async ({ stripe, basic }) => {
        await stripe.coupons.create({ id: 'FEW', percent_off: 10, max_redemptions: 1 })
        const { subscription } = await subscriber(stripe, basic.id)
        await stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: 'FEW' }] })
        return { coupon: 'FEW' }
      },
      { message: 'Coupon FEW is used up and cannot be applied.' },
    ],
    [
      'a coupon of another currency',
      async ({ stripe }) => {
        await stripe.coupons.create({ id: 'EURO', amount_off: 100, currency: 'eur' })
        return { coupon: 'EURO' }
      },
      { param: 'discounts[0][coupon]' },
    ],
    [
      'an unknown promotion code',
      async () => ({ promotion_code: 'promo_x' }),
      {
        code: 'resource_missing',
        param: 'discounts[0][promotion_code]',
        message: "No such promotion code: 'promo_x'",
      },
    ],
    [
      'the discount of something else',
      async () => ({ discount: 'di_x' }),
      { code: 'resource_missing', param: 'discounts[0][discount]' },
    ],
    [
      'two at once',
      async ({ stripe }) => {
        const { id } = await stripe.coupons.create({ percent_off: 10 })
        return { coupon: id, promotion_code: 'promo_x' }
      },
      { param: 'discounts[0]' },
    ],
  ]
  test.each(cases)('%s', async (_what, make, expected) => {
    const all = await scene()
    const discount = await make(all)
    const { stripe, customer, basic } = all
    const items = [{ price: basic.id }]
    const create = stripe.subscriptions.create({
      customer: customer.id,
      items,
      discounts: [discount],
    })
    expect(await refusal(create)).toMatchObject({ statusCode: 400, ...expected })
    const { data } = await stripe.subscriptions.list({ customer: customer.id })
    expect(data).toEqual([])
    // The same everywhere that a discount can be named.
    const invoice = stripe.invoices.create({ customer: customer.id, discounts: [discount] })
    const item = stripe.invoiceItems.create({
      customer: customer.id,
      amount: 100,
      currency: 'usd',
      discounts: [discount],
    })
    const preview = stripe.invoices.createPreview({
      customer: customer.id,
      subscription_details: { items },
      discounts: [discount],
    })
    const schedule = stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: 'now',
      phases: [{ items, duration: { interval: 'month' }, discounts: [discount] }],
    })
    for (const other of [invoice, item, preview, schedule]) {
      expect((await refusal(other)).message).toEqual((await refusal(create)).message)
    }
  })

  const restrictions: [
    string,
    Partial<Stripe.PromotionCodeCreateParams>,
    (all: Scene, code: Stripe.PromotionCode) => Promise<unknown>,
    string,
  ][] = [
    [
      'for first payments only',
      { restrictions: { first_time_transaction: true } },
      async ({ stripe, customer, basic }) =>
        stripe.subscriptions.create({ customer: customer.id, items: [{ price: basic.id }] }),
      'This promotion code cannot be redeemed because the associated customer has prior transactions.',
    ],
    [
      'for a higher amount',
      { restrictions: { minimum_amount: 5000, minimum_amount_currency: 'usd' } },
      async () => undefined,
      'This promotion code cannot be redeemed because the associated purchase does not meet the minimum amount requirement.',
    ],
    [
      'that was used as often as it may be',
      { max_redemptions: 1 },
      async ({ stripe, basic }, code) => {
        const { subscription } = await subscriber(stripe, basic.id)
        await stripe.subscriptions.update(subscription.id, {
          discounts: [{ promotion_code: code.id }],
        })
      },
      'This promotion code cannot be redeemed because it has been used the maximum number of times.',
    ],
    [
      'that is not active',
      { active: false },
      async () => undefined,
      'This promotion code is inactive.',
    ],
  ]
  test.each(restrictions)('a promotion code %s', async (_what, params, prepare, message) => {
    const all = await scene()
    const { stripe, customer, basic } = all
    const coupon = await stripe.coupons.create({ percent_off: 10 })
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: coupon.id },
      ...params,
    })
    await prepare(all, code)
    const create = stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ promotion_code: code.id }],
    })
    expect(await refusal(create)).toMatchObject({
      statusCode: 400,
      param: 'discounts[0][promotion_code]',
      message,
    })
  })

  test('a promotion code of another customer, and a minimum on an update', async () => {
    const { stripe, customer, basic } = await scene()
    const coupon = await stripe.coupons.create({ percent_off: 10 })
    const promotion = { type: 'coupon' as const, coupon: coupon.id }
    const other = await stripe.customers.create()
    const mine = await stripe.promotionCodes.create({ promotion, customer: other.id })
    const large = await stripe.promotionCodes.create({
      promotion,
      restrictions: { minimum_amount: 100, minimum_amount_currency: 'usd' },
    })
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
      discounts: [{ promotion_code: large.id }],
    })
    const update = (code: string) =>
      refusal(stripe.subscriptions.update(id, { discounts: [{ promotion_code: code }] }))
    expect((await update(mine.id)).message).toContain('restricted to another customer')
    expect((await update(large.id)).message).toBe(
      'This promotion code cannot be redeemed on a subscription update because it uses the `minimum_amount` restriction and the amount may change.',
    )
  })
})

test('the last redemption makes a coupon and its codes unusable, and sends events', async () => {
  const { stripe, basic } = await scene()
  const coupon = await stripe.coupons.create({ percent_off: 10, max_redemptions: 1 })
  const code = await stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: coupon.id },
  })
  const { subscription } = await subscriber(stripe, basic.id)
  const updated = await stripe.subscriptions.update(subscription.id, {
    discounts: [{ promotion_code: code.id }],
    expand: ['discounts.promotion_code'],
  })
  const [discount] = updated.discounts as Stripe.Discount[]
  expect(discount?.promotion_code).toMatchObject({ id: code.id, active: false, times_redeemed: 1 })
  expect(await stripe.coupons.retrieve(coupon.id)).toMatchObject({
    valid: false,
    times_redeemed: 1,
  })
  const { data } = await stripe.events.list()
  const types = data.map(({ type }) => type)
  expect(types).toContain('coupon.updated')
  expect(types).toContain('promotion_code.updated')
})

test('an SDK of before 2025-03-31 names one coupon, and an empty one takes it off', async () => {
  const { emulator, customer, basic, stripe } = await scene()
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  const older = clientOf(emulator)
  const options = { apiVersion: '2025-02-24.acacia' }
  const params = { customer: customer.id, items: [{ price: basic.id }], coupon: coupon.id }
  const { id } = await older.subscriptions.create(
    params as Stripe.SubscriptionCreateParams,
    options,
  )
  expect((await stripe.subscriptions.retrieve(id)).discounts).toHaveLength(1)
  const shown = await older.subscriptions.retrieve(id, {}, options)
  expect(shown).toMatchObject({ discount: { coupon: { id: coupon.id, percent_off: 50 } } })
  await older.subscriptions.update(id, { coupon: '' } as Stripe.SubscriptionUpdateParams, options)
  expect((await stripe.subscriptions.retrieve(id)).discounts).toEqual([])
})
