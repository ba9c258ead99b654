import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, payer, receiver, refusal, start } from '../harness.ts'
import { draftOf, invoiceOf } from './shop.ts'

const GERMANY = { country: 'DE', line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117' }

async function priceOf(stripe: Stripe, behavior?: 'exclusive' | 'inclusive'): Promise<string> {
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 10_000,
    recurring: { interval: 'month' },
    product_data: { name: 'Pro' },
    ...(behavior === undefined ? {} : { tax_behavior: behavior }),
  })
  return price.id
}

async function taxedPayer(stripe: Stripe, address: Stripe.Emptyable<Stripe.AddressParam>) {
  const { customer } = await payer(stripe)
  await stripe.customers.update(customer.id, { address })
  return customer
}

function subscribe(stripe: Stripe, customer: string, price: string) {
  return stripe.subscriptions.create({
    customer,
    items: [{ price }],
    automatic_tax: { enabled: true, liability: { type: 'self' } },
    expand: ['latest_invoice'],
  })
}

describe('automatic tax of a subscription', () => {
  test('is 0 until a rate is set, and then that of the country', async () => {
    const { emulator, stripe } = await start()
    const customer = await taxedPayer(stripe, GERMANY)
    const price = await priceOf(stripe, 'exclusive')
    const free = await subscribe(stripe, customer.id, price)
    expect(free.automatic_tax).toEqual({
      disabled_reason: null,
      enabled: true,
      liability: { type: 'self' },
    })
    expect(invoiceOf(free)).toMatchObject({
      total: 10_000,
      automatic_tax: { enabled: true, provider: 'stripe', status: 'complete' },
      total_taxes: [{ amount: 0, taxability_reason: 'not_collecting', taxable_amount: 0 }],
    })
    emulator.tax.byCountry = { DE: 19 }
    emulator.tax.percentage = 8.875
    const german = invoiceOf(await subscribe(stripe, customer.id, price))
    expect(german).toMatchObject({
      total: 11_900,
      total_excluding_tax: 10_000,
      total_taxes: [{ amount: 1900, taxability_reason: 'standard_rated', taxable_amount: 10_000 }],
    })
    const rate = german.total_taxes?.[0]?.tax_rate_details?.tax_rate ?? ''
    expect(await stripe.taxRates.retrieve(rate)).toMatchObject({
      active: false,
      country: 'DE',
      effective_percentage: 19,
      rate_type: 'percentage',
      tax_type: 'vat',
    })
    const american = await taxedPayer(stripe, { country: 'US', postal_code: '94103' })
    expect(invoiceOf(await subscribe(stripe, american.id, price)).total).toBe(10_888)
  })

  test('is in the price where the price says so', async () => {
    const { stripe } = await start({ tax: { percentage: 25 } })
    const customer = await taxedPayer(stripe, GERMANY)
    const invoice = invoiceOf(
      await subscribe(stripe, customer.id, await priceOf(stripe, 'inclusive')),
    )
    expect(invoice).toMatchObject({ total: 10_000, total_excluding_tax: 8000 })
  })

  test('needs the location of the customer', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const price = await priceOf(stripe, 'exclusive')
    const error = await refusal(subscribe(stripe, customer.id, price))
    expect(error).toMatchObject({ statusCode: 400, code: 'customer_tax_location_invalid' })
    expect(error.message).toBe(
      "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    )
    await stripe.customers.update(customer.id, { address: { country: 'US' } })
    expect(await refusal(subscribe(stripe, customer.id, price))).toMatchObject({
      code: 'customer_tax_location_invalid',
    })
    const plain = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
    })
    expect(
      await refusal(stripe.subscriptions.update(plain.id, { automatic_tax: { enabled: true } })),
    ).toMatchObject({ code: 'customer_tax_location_invalid' })
  })

  test('needs a tax behavior, of the price or of the settings', async () => {
    const { stripe } = await start({ tax: { percentage: 10 } })
    const customer = await taxedPayer(stripe, GERMANY)
    const price = await priceOf(stripe)
    const { message } = await refusal(subscribe(stripe, customer.id, price))
    expect(message).toContain(
      `The price \`${price}\` does not have a \`tax_behavior\` set which is required for automatic tax computation.`,
    )
    expect((await stripe.tax.settings.retrieve()).defaults.tax_behavior).toBeNull()
    await stripe.tax.settings.update({ defaults: { tax_behavior: 'inferred_by_currency' } })
    expect(invoiceOf(await subscribe(stripe, customer.id, price)).total).toBe(11_000)
  })

  test('cannot be used beside tax rates', async () => {
    const { stripe } = await start()
    const customer = await taxedPayer(stripe, GERMANY)
    const price = await priceOf(stripe, 'exclusive')
    const { id: rate } = await stripe.taxRates.create({
      display_name: 'VAT',
      percentage: 20,
      inclusive: false,
    })
    const both = stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
      automatic_tax: { enabled: true },
      default_tax_rates: [rate],
    })
    expect(await refusal(both)).toMatchObject({ statusCode: 400, param: 'default_tax_rates' })
    const { id } = await subscribe(stripe, customer.id, price)
    expect(
      await refusal(stripe.subscriptions.update(id, { default_tax_rates: [rate] })),
    ).toMatchObject({ statusCode: 400, param: 'default_tax_rates' })
  })

  test('is switched off by a renewal that no longer knows the location', async () => {
    const { emulator, stripe } = await start({ tax: { percentage: 10 } })
    const customer = await taxedPayer(stripe, GERMANY)
    const { id } = await subscribe(stripe, customer.id, await priceOf(stripe, 'exclusive'))
    await stripe.customers.update(customer.id, { address: '' })
    emulator.clock.advanceBy(31 * 24 * HOUR_MS)
    const after = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] })
    expect(after.automatic_tax).toEqual({
      disabled_reason: 'requires_location_inputs',
      enabled: false,
      liability: null,
    })
    expect(invoiceOf(after)).toMatchObject({
      status: 'paid',
      total: 10_000,
      automatic_tax: {
        disabled_reason: 'finalization_requires_location_inputs',
        enabled: false,
      },
    })
  })

  test('guards the location of its customer with validate_location: auto', async () => {
    const { stripe } = await start()
    const customer = await taxedPayer(stripe, GERMANY)
    await subscribe(stripe, customer.id, await priceOf(stripe, 'exclusive'))
    const error = await refusal(
      stripe.customers.update(customer.id, { address: '', tax: { validate_location: 'auto' } }),
    )
    expect(error).toMatchObject({ code: 'customer_tax_location_invalid' })
  })
})

describe('automatic tax of an invoice', () => {
  test('waits for the location, which it needs to be final', async () => {
    const { stripe } = await start({ tax: { percentage: 10 } })
    const { customer } = await payer(stripe)
    const draft = await draftOf(
      stripe,
      customer.id,
      { amount: 1000, tax_behavior: 'exclusive' },
      { automatic_tax: { enabled: true } },
    )
    expect(draft).toMatchObject({
      total: 1000,
      automatic_tax: { enabled: true, status: 'requires_location_inputs' },
    })
    expect(await refusal(stripe.invoices.finalizeInvoice(draft.id))).toMatchObject({
      code: 'customer_tax_location_invalid',
    })
    await stripe.customers.update(customer.id, { address: GERMANY })
    const final = await stripe.invoices.finalizeInvoice(draft.id)
    expect(final).toMatchObject({ total: 1100, automatic_tax: { status: 'complete' } })
  })

  test('takes no item without a tax behavior', async () => {
    const { stripe } = await start()
    const customer = await taxedPayer(stripe, GERMANY)
    const draft = draftOf(
      stripe,
      customer.id,
      { amount: 1000 },
      { automatic_tax: { enabled: true } },
    )
    expect((await refusal(draft)).message).toContain('`tax_behavior`')
    const negative = draftOf(
      stripe,
      customer.id,
      { amount: -1000, tax_behavior: 'exclusive' },
      { automatic_tax: { enabled: true } },
    )
    expect(await refusal(negative)).toMatchObject({ statusCode: 400, param: 'amount' })
  })

  test('is switched on and off while it is a draft', async () => {
    const { stripe } = await start({ tax: { percentage: 10 } })
    const customer = await taxedPayer(stripe, GERMANY)
    const { id } = await draftOf(stripe, customer.id, { amount: 1000, tax_behavior: 'exclusive' })
    const on = await stripe.invoices.update(id, { automatic_tax: { enabled: true } })
    const off = await stripe.invoices.update(id, { automatic_tax: { enabled: false } })
    expect([on.total, off.total]).toEqual([1100, 1000])
  })
})

test('a preview takes the address of the request; an unknown one is a status, not an error', async () => {
  const { stripe } = await start({ tax: { percentage: 10, byCountry: { DE: 19 } } })
  const price = await priceOf(stripe, 'exclusive')
  const preview = (details: Stripe.InvoiceCreatePreviewParams.CustomerDetails) =>
    stripe.invoices.createPreview({
      automatic_tax: { enabled: true },
      customer_details: details,
      subscription_details: { items: [{ price }] },
    })
  expect(await preview({ address: GERMANY })).toMatchObject({
    total: 11_900,
    automatic_tax: { status: 'complete' },
  })
  expect(await preview({ tax: { ip_address: '8.8.8.8' } })).toMatchObject({ total: 11_000 })
  expect(await preview({ tax_exempt: 'none' })).toMatchObject({
    total: 10_000,
    automatic_tax: { status: 'requires_location_inputs' },
  })
  // An empty object is not sent: then nobody is taxed.
  expect((await refusal(preview({}))).message).toContain('one of `customer`, `customer_details`')
})

test('the tax of a customer says where the customer is', async () => {
  const { stripe } = await start({ tax: { percentage: 10 } })
  const { id } = await stripe.customers.create({ tax: { ip_address: '127.0.0.1' } })
  const taxOf = async () => {
    const customer = await stripe.customers.retrieve(id, { expand: ['tax'] })
    return 'tax' in customer ? customer.tax : undefined
  }
  expect(await taxOf()).toMatchObject({
    automatic_tax: 'unrecognized_location',
    ip_address: '127.0.0.1',
    location: null,
  })
  await stripe.customers.update(id, {
    address: GERMANY,
    shipping: { name: 'A Payer', address: { country: 'CA', state: 'ON' } },
    tax: { ip_address: '' },
  })
  expect(await taxOf()).toEqual({
    automatic_tax: 'supported',
    ip_address: null,
    location: { country: 'CA', state: 'ON', source: 'shipping_destination' },
    provider: 'stripe',
  })
  const unknown = stripe.customers.create({ tax: { validate_location: 'immediately' } })
  expect(await refusal(unknown)).toMatchObject({ code: 'customer_tax_location_invalid' })
})

test('the control endpoint sets the rates', async () => {
  const { emulator } = await start()
  const post = async (body: object) => {
    const response = await fetch(`${emulator.url}/_emulator/tax`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
  expect(await post({ percentage: 8.5, byCountry: { DE: 19 } })).toEqual({
    status: 200,
    body: { percentage: 8.5, byCountry: { DE: 19 } },
  })
  expect(emulator.tax).toEqual({ percentage: 8.5, byCountry: { DE: 19 } })
  expect((await post({ percentage: 101 })).status).toBe(400)
  expect((await post({ byCountry: { Germany: 19 } })).status).toBe(400)
  const shown = await fetch(`${emulator.url}/_emulator/tax`)
  expect(await shown.json()).toEqual({ percentage: 8.5, byCountry: { DE: 19 } })
})

test('the settings of tax are active with a head office, and send an event', async () => {
  const { emulator, stripe } = await start()
  const hook = await receiver()
  await stripe.webhookEndpoints.create({ url: hook.url, enabled_events: ['tax.settings.updated'] })
  expect(await stripe.tax.settings.retrieve()).toMatchObject({ status: 'active' })
  const pending = await stripe.tax.settings.update({ head_office: { address: { city: 'x' } } })
  expect(pending).toMatchObject({
    status: 'pending',
    status_details: { pending: { missing_fields: ['head_office'] } },
  })
  await emulator.webhooksSettled()
  expect(hook.types()).toEqual(['tax.settings.updated'])
  const customer = await taxedPayer(stripe, GERMANY)
  const price = await priceOf(stripe, 'exclusive')
  expect((await refusal(subscribe(stripe, customer.id, price))).message).toContain('head office')
})
