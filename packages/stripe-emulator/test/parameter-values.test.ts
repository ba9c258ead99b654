import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { payer, refusal, shop, start } from './harness.ts'

const long = (length: number) => 'x'.repeat(length)

/** What a request is rejected with. */
async function refused(promise: Promise<unknown>) {
  const { statusCode, code, param, message } = await refusal(promise)
  return { status: statusCode, code, param, message }
}

describe('a text', () => {
  test('has at most 5000 characters where Stripe says nothing else', async () => {
    const { stripe } = await start()
    expect(await refused(stripe.products.create({ name: long(5001) }))).toEqual({
      status: 400,
      code: undefined,
      param: 'name',
      message: 'Invalid string: xxxx...xxxx; must be at most 5000 characters',
    })
    const { description } = await stripe.products.create({ name: 'A', description: long(40_000) })
    expect(description).toHaveLength(40_000)
    const items = { customer: 'cus_x', amount: 1, currency: 'usd', description: long(5001) }
    expect((await refusal(stripe.invoiceItems.create(items))).param).toBe('description')
  })

  test('has the limit of its parameter', async () => {
    const { stripe } = await start()
    const rate = { display_name: 'VAT', percentage: 19, inclusive: false }
    const requests: [string, Promise<unknown>][] = [
      ['display_name', stripe.taxRates.create({ ...rate, display_name: long(51) })],
      ['jurisdiction', stripe.taxRates.create({ ...rate, jurisdiction: long(51) })],
      ['state', stripe.taxRates.create({ ...rate, state: 'ABC' })],
      ['id', stripe.coupons.create({ percent_off: 5, id: long(501) })],
      ['name', stripe.testHelpers.testClocks.create({ frozen_time: 1, name: long(301) })],
    ]
    for (const [param, request] of requests) expect((await refusal(request)).param).toBe(param)
  })
})

test('metadata that is too long is named with its length', async () => {
  const { stripe } = await start()
  const value = stripe.customers.create({ metadata: { note: long(501) } })
  expect(await refused(value)).toMatchObject({
    status: 400,
    param: 'metadata',
    message: `Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: ${long(501)}`,
  })
  const key = stripe.customers.create({ metadata: { [long(41)]: 'a' } })
  expect(await refused(key)).toMatchObject({
    status: 400,
    message: `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${long(41)}`,
  })
})

test('a parameter without an effect still has a value that Stripe accepts', async () => {
  const { stripe } = await start({ observer: {} })
  const { basic } = await shop(stripe)
  const { customer } = await payer(stripe)
  const request = { customer: customer.id, items: [{ price: basic.id }] }
  const maybe = 'maybe' as unknown as boolean
  expect(await refused(stripe.subscriptions.create({ ...request, off_session: maybe }))).toEqual({
    status: 400,
    code: undefined,
    param: 'off_session',
    message: 'Invalid boolean: maybe',
  })
  const note = { invoice: 'in_x', amount: 1, email_type: 'letter' as const }
  expect((await refusal(stripe.creditNotes.create(note))).param).toBe('email_type')
})

test('a range says what is wrong inside', async () => {
  const { stripe } = await start({ observer: {} })
  const later = { after: 1 } as unknown as Stripe.RangeQueryParam
  expect(await refused(stripe.customers.list({ created: later }))).toMatchObject({
    code: 'parameter_unknown',
    param: 'created[after]',
  })
  const day = { gte: '2026-01-01' } as unknown as Stripe.RangeQueryParam
  expect(await refused(stripe.customers.list({ created: day }))).toMatchObject({
    code: 'parameter_invalid_integer',
    param: 'created[gte]',
    message: 'Invalid integer: 2026-01-01',
  })
})

test('a period does not end before it starts, on an item and on a line', async () => {
  const { stripe } = await start()
  const { customer } = await payer(stripe)
  const line = { amount: 500, period: { start: 20, end: 10 } }
  const item = stripe.invoiceItems.create({ ...line, customer: customer.id, currency: 'usd' })
  expect((await refusal(item)).param).toBe('period[end]')
  const draft = await stripe.invoices.create({ customer: customer.id })
  const added = stripe.invoices.addLines(draft.id, { lines: [line] })
  expect((await refusal(added)).param).toBe('lines[0][period][end]')
  const moment = { amount: 500, period: { start: 20, end: 20 } }
  await stripe.invoiceItems.create({ ...moment, customer: customer.id, currency: 'usd' })
})

test('a custom field of Checkout has options with different values, and lengths that can be met', async () => {
  const { stripe } = await start()
  const { basic } = await shop(stripe)
  const create = (field: object) =>
    refusal(
      stripe.checkout.sessions.create({
        mode: 'subscription',
        success_url: 'https://example.org',
        line_items: [{ price: basic.id, quantity: 1 }],
        custom_fields: [
          { key: 'size', label: { type: 'custom', custom: 'Size' }, type: 'text', ...field },
        ],
      }),
    )
  const same = { label: 'Small', value: 's' }
  const options = { type: 'dropdown', dropdown: { options: [same, same] } }
  expect((await create(options)).param).toBe('custom_fields[0][dropdown][options]')
  const lengths = { text: { minimum_length: 5, maximum_length: 2 } }
  expect((await create(lengths)).param).toBe('custom_fields[0][text][maximum_length]')
})

test('a card does not expire in more than 50 years', async () => {
  const { stripe } = await start()
  const create = (year: number) =>
    stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 1, exp_year: year },
    })
  await create(2076)
  expect((await refusal(create(2077))).code).toBe('invalid_expiry_year')
})

test('a payment method is changed only while a customer has it', async () => {
  const { stripe } = await start()
  const loose = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } })
  const change = stripe.paymentMethods.update(loose.id, { metadata: { a: 'b' } })
  expect(await refused(change)).toMatchObject({
    status: 400,
    message: 'You must save this PaymentMethod to a customer before you can update it.',
  })
})

test('a card payment has no whole statement descriptor, also before it is confirmed', async () => {
  const { stripe } = await start()
  const create = stripe.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    statement_descriptor: 'SHOP',
  })
  expect(await refused(create)).toMatchObject({
    status: 400,
    param: 'statement_descriptor',
    message: expect.stringContaining(
      'The statement_descriptor parameter is not supported for the payment_method_type `card`',
    ),
  })
})
