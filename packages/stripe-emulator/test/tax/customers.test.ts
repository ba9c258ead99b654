import { expect, test } from 'vitest'
import { refusal, start } from '../harness.ts'
import { draftOf } from './shop.ts'

test('what a customer has stands on the invoice, also when it changes while it is a draft', async () => {
  const { stripe } = await start()
  const address = {
    city: 'Berlin',
    country: 'DE',
    line1: 'Weg 1',
    line2: '2',
    postal_code: '10117',
    state: 'BE',
  }
  const customer = await stripe.customers.create({
    name: 'A Payer',
    email: 'payer@example.org',
    phone: '+49 30 1',
    address,
    preferred_locales: ['de', 'en'],
    shipping: { name: 'A Receiver', phone: '+49 30 2', address },
    invoice_prefix: 'ABC12',
    next_invoice_sequence: 41,
    invoice_settings: {
      custom_fields: [{ name: 'PO', value: '17' }],
      footer: 'Thank you',
      rendering_options: { amount_tax_display: 'include_inclusive_tax' },
    },
  })
  expect(customer).toMatchObject({
    address,
    preferred_locales: ['de', 'en'],
    shipping: { name: 'A Receiver', phone: '+49 30 2', address },
    invoice_settings: {
      custom_fields: [{ name: 'PO', value: '17' }],
      footer: 'Thank you',
      rendering_options: { amount_tax_display: 'include_inclusive_tax', template: null },
    },
  })
  const draft = await draftOf(stripe, customer.id, { amount: 100 })
  expect(draft).toMatchObject({
    customer_address: address,
    customer_shipping: { name: 'A Receiver', address },
    custom_fields: [{ name: 'PO', value: '17' }],
    footer: 'Thank you',
    rendering: { amount_tax_display: 'include_inclusive_tax' },
  })
  await stripe.customers.update(customer.id, { name: 'Another', shipping: '', address: '' })
  const final = await stripe.invoices.finalizeInvoice(draft.id)
  expect(final).toMatchObject({
    number: 'ABC12-0041',
    customer_name: 'Another',
    customer_address: null,
    customer_shipping: null,
  })
  await stripe.customers.update(customer.id, { name: 'A third' })
  expect((await stripe.invoices.retrieve(draft.id)).customer_name).toBe('Another')
})

test.each([
  [{ email: 'not an address' }, 'email', 'email_invalid'],
  [{ email: 'a@b' }, 'email', 'email_invalid'],
  [{ name: 'x'.repeat(257) }, 'name', undefined],
  [{ phone: '1'.repeat(21) }, 'phone', undefined],
  [{ invoice_prefix: 'abc' }, 'invoice_prefix', undefined],
  [{ invoice_prefix: 'A'.repeat(13) }, 'invoice_prefix', undefined],
  [{ tax: { ip_address: 'here' } }, 'tax[ip_address]', undefined],
  [
    { invoice_settings: { custom_fields: Array(5).fill({ name: 'a', value: 'b' }) } },
    'invoice_settings[custom_fields]',
    undefined,
  ],
])('fact 35: %j is refused', async (params, param, code) => {
  const { stripe } = await start()
  const error = await refusal(stripe.customers.create(params))
  expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError', param })
  expect(error.code).toBe(code)
})

test('an invoice prefix is of one customer only', async () => {
  const { stripe } = await start()
  await stripe.customers.create({ invoice_prefix: 'SAME' })
  const second = stripe.customers.create({ invoice_prefix: 'SAME' })
  expect(await refusal(second)).toMatchObject({ statusCode: 400, param: 'invoice_prefix' })
})

test('a deleted customer is shown as deleted, and cannot be changed, deleted or used', async () => {
  const { stripe } = await start()
  const { id } = await stripe.customers.create()
  await stripe.customers.del(id)
  expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true })
  const missing = {
    statusCode: 404,
    code: 'resource_missing',
    message: `No such customer: '${id}'`,
  }
  expect(await refusal(stripe.customers.update(id, { name: 'x' }))).toMatchObject(missing)
  expect(await refusal(stripe.customers.del(id))).toMatchObject(missing)
  expect(await refusal(stripe.customers.listTaxIds(id))).toMatchObject(missing)
  expect(await refusal(stripe.customers.listBalanceTransactions(id))).toMatchObject(missing)
  expect(await refusal(stripe.invoices.create({ customer: id }))).toMatchObject({
    statusCode: 400,
    param: 'customer',
  })
})
