import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, firstItem, latestInvoice, payer, refusal, start } from './harness.ts'

async function traveller() {
  const { emulator, stripe } = await start()
  const product = await stripe.products.create({ name: 'Trip' })
  const price = (params: object) =>
    stripe.prices.create({
      product: product.id,
      recurring: { interval: 'month' },
      ...params,
    } as Stripe.PriceCreateParams)
  const both = await price({
    currency: 'usd',
    unit_amount: 1000,
    currency_options: { eur: { unit_amount: 900 } },
  })
  const euros = await price({ currency: 'eur', unit_amount: 500 })
  const dollars = await price({ currency: 'usd', unit_amount: 500 })
  const { customer } = await payer(stripe)
  const subscribe = (price: string, more: object = {}) =>
    stripe.subscriptions.create({ customer: customer.id, items: [{ price }], ...more })
  return { emulator, stripe, customer, both, euros, dollars, subscribe }
}

describe('a subscription in another currency of its price', () => {
  test('is billed in it, at each renewal and when it changes; the price keeps its own', async () => {
    const { emulator, stripe, both, subscribe } = await traveller()
    const subscription = await subscribe(both.id, { currency: 'eur' })
    expect(subscription.currency).toBe('eur')
    expect(firstItem(subscription).price).toMatchObject({ currency: 'usd', unit_amount: 1000 })
    const first = await latestInvoice(stripe, subscription.id)
    expect(first).toMatchObject({ currency: 'eur', total: 900 })
    expect(first.lines.data[0]).toMatchObject({
      currency: 'eur',
      description: '1 × Trip (at €9.00 / month)',
    })
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: firstItem(subscription).id, quantity: 2 }],
      proration_behavior: 'always_invoice',
    })
    const change = await latestInvoice(stripe, subscription.id)
    expect(change.lines.data.map(({ amount, currency }) => [amount, currency])).toEqual([
      [-900, 'eur'],
      [1800, 'eur'],
    ])
    emulator.clock.advanceBy(32 * DAY_MS)
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({
      currency: 'eur',
      total: 1800,
    })
  })

  test('takes the currency that is given, also where the first price has another', async () => {
    const { stripe, both, euros, subscribe } = await traveller()
    const subscription = await subscribe(both.id, {
      currency: 'EUR',
      items: [{ price: both.id }, { price: euros.id }],
    })
    expect(subscription.currency).toBe('eur')
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({ total: 1400 })
  })
})

test('a preview and an invoice take the currency that is given', async () => {
  const { stripe, customer, both, subscribe } = await traveller()
  const preview = (currency: string) =>
    stripe.invoices.createPreview({
      customer: customer.id,
      currency,
      subscription_details: { items: [{ price: both.id }] },
    })
  expect(await preview('eur')).toMatchObject({ currency: 'eur', total: 900 })
  expect(await preview('usd')).toMatchObject({ currency: 'usd', total: 1000 })
  expect((await refusal(preview('xyz'))).message).toMatch(/^Invalid currency: xyz\./)
  const { id } = await subscribe(both.id, { currency: 'eur' })
  const other = stripe.invoices.createPreview({ subscription: id, currency: 'usd' })
  expect((await refusal(other)).message).toContain('with currency eur.')
  await stripe.invoiceItems.create({ customer: customer.id, amount: 500, currency: 'eur' })
  const invoice = await stripe.invoices.create({
    customer: customer.id,
    currency: 'gbp',
    pending_invoice_items_behavior: 'include',
  })
  expect(invoice).toMatchObject({ currency: 'gbp', total: 0 })
})

describe('currencies never mix (fact 24)', () => {
  test('on one subscription', async () => {
    const { stripe, euros, dollars, subscribe } = await traveller()
    const items = [{ price: dollars.id }, { price: euros.id }]
    expect(await refusal(subscribe(dollars.id, { items }))).toMatchObject({
      statusCode: 400,
      param: 'items[1][price]',
      message:
        'This `price` has `currency=eur`, but other items use `currency=usd`. All items must have pricing in the same currency. When using multi-currency prices, you can specify `currency` at the top level, to be used by all items.',
    })
    expect(await refusal(subscribe(dollars.id, { currency: 'gbp' }))).toMatchObject({
      statusCode: 400,
      message:
        "The price specified only supports `usd`. This doesn't match the expected currency: `gbp`.",
    })
    const { id } = await subscribe(dollars.id)
    const added = stripe.subscriptions.update(id, { items: [{ price: euros.id }] })
    expect(await refusal(added)).toMatchObject({ statusCode: 400, param: 'items[0][price]' })
  })

  test('on one customer, until everything in the other currency has ended', async () => {
    const { stripe, customer, euros, dollars, subscribe } = await traveller()
    const { id } = await subscribe(dollars.id)
    const mixed = {
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      message:
        'You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency usd.',
    }
    expect(await refusal(subscribe(euros.id))).toMatchObject(mixed)
    const owed = { customer: customer.id, amount: 100, currency: 'eur' }
    expect(await refusal(stripe.invoiceItems.create(owed))).toMatchObject(mixed)
    await stripe.subscriptions.cancel(id)
    expect(await subscribe(euros.id)).toMatchObject({ currency: 'eur', status: 'active' })
  })

  test('with a pending invoice item', async () => {
    const { stripe, customer, euros, subscribe } = await traveller()
    const owed = { customer: customer.id, amount: 100, currency: 'usd' }
    const item = await stripe.invoiceItems.create(owed)
    expect((await refusal(subscribe(euros.id))).message).toContain('with currency usd.')
    await stripe.invoiceItems.del(item.id)
    expect(await subscribe(euros.id)).toMatchObject({ currency: 'eur' })
  })
})

describe('an invoice item', () => {
  test('takes one of the currencies of its price', async () => {
    const { stripe, customer, both } = await traveller()
    const price = await stripe.prices.create({
      product: both.product as string,
      currency: 'usd',
      unit_amount: 700,
      currency_options: { jpy: { unit_amount: 1100 } },
    })
    const owe = (currency: string) =>
      stripe.invoiceItems.create({ customer: customer.id, currency, pricing: { price: price.id } })
    const item = await owe('jpy')
    expect(item).toMatchObject({ amount: 1100, currency: 'jpy' })
    expect(item.pricing?.unit_amount_decimal?.toString()).toBe('1100')
    expect(await refusal(owe('gbp'))).toMatchObject({ statusCode: 400, param: 'currency' })
  })
})

test('an invoice of less than the smallest charge is paid, and the next one collects it', async () => {
  const { stripe, customer } = await traveller()
  const bill = async (amount: number) => {
    await stripe.invoiceItems.create({ customer: customer.id, amount, currency: 'usd' })
    const draft = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    return stripe.invoices.finalizeInvoice(draft.id)
  }
  expect(await bill(49)).toMatchObject({
    status: 'paid',
    total: 49,
    amount_due: 0,
    ending_balance: 49,
  })
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 49 })
  expect(await bill(1)).toMatchObject({
    status: 'open',
    total: 1,
    starting_balance: 49,
    amount_due: 50,
    ending_balance: 0,
  })
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 0 })
})
