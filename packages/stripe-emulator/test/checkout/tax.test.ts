import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { payer, post, refusal, start } from '../harness.ts'
import { expanded, mugs, pay, plan, shown } from './sessions.ts'

const AUTOMATIC = { automatic_tax: { enabled: true } }
const BERLIN = {
  billingCountry: 'DE',
  billingAddressLine1: '1 Street',
  billingLocality: 'Berlin',
  billingPostalCode: '10115',
}
const GERMANY = { country: 'DE', line1: '1 Street', city: 'Berlin', postal_code: '10115' }

/** An emulator whose automatic tax is 20 % in Germany, and 10 % elsewhere. */
function taxed() {
  return start({ tax: { percentage: 10, byCountry: { DE: 20 } } })
}

describe('automatic tax of a Checkout session', () => {
  test('waits for the address, is shown for it, and is paid', async () => {
    const { stripe } = await taxed()
    const session = await mugs(stripe, AUTOMATIC)
    expect(session).toMatchObject({
      amount_total: 3000,
      automatic_tax: {
        enabled: true,
        liability: { type: 'self' },
        provider: 'stripe',
        status: 'requires_location_inputs',
      },
    })
    const page = await post(`${session.url}/tax`, BERLIN)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('$36.00')
    expect(await shown(stripe, session)).toMatchObject({
      amount_total: 3600,
      automatic_tax: { status: 'complete' },
      total_details: {
        amount_tax: 600,
        breakdown: {
          taxes: [
            {
              amount: 600,
              rate: { object: 'tax_rate', percentage: 20, country: 'DE' },
              taxability_reason: 'standard_rated',
              taxable_amount: 3000,
            },
          ],
        },
      },
    })
    expect((await pay(session, BERLIN)).status).toBe(303)
    const done = await shown(stripe, session)
    expect(expanded(done.payment_intent).amount).toBe(3600)
  })

  test('is that of the address that is typed beside the card', async () => {
    const { stripe } = await taxed()
    const session = await plan(stripe, AUTOMATIC)
    const vague = await pay(session, { ...BERLIN, billingCountry: 'US', billingPostalCode: '' })
    expect(vague.status).toBe(402)
    expect((await pay(session, BERLIN)).status).toBe(303)
    const done = await shown(stripe, session)
    expect(done).toMatchObject({ amount_total: 2400, total_details: { amount_tax: 400 } })
    expect(expanded(done.invoice)).toMatchObject({
      total: 2400,
      amount_paid: 2400,
      automatic_tax: { enabled: true, status: 'complete' },
    })
    expect(expanded(done.subscription).automatic_tax).toMatchObject({ enabled: true })
  })

  test('is that of the address of the customer, who is not asked for it', async () => {
    const { stripe } = await taxed()
    const { customer } = await payer(stripe)
    await stripe.customers.update(customer.id, { address: GERMANY })
    const session = await plan(stripe, { ...AUTOMATIC, customer: customer.id })
    expect(session).toMatchObject({ amount_total: 2400, automatic_tax: { status: 'complete' } })
    expect(await (await fetch(session.url ?? '')).text()).not.toContain('billingPostalCode')
    expect((await pay(session)).status).toBe(303)
    expect(expanded((await shown(stripe, session)).invoice).amount_paid).toBe(2400)
  })

  test('needs an address of the customer, or that the page saves one', async () => {
    const { stripe } = await taxed()
    const { customer } = await payer(stripe)
    const create = (params: Partial<Stripe.Checkout.SessionCreateParams>) =>
      plan(stripe, { ...AUTOMATIC, customer: customer.id, ...params })
    const { statusCode, code, param, message } = await refusal(create({}))
    expect({ statusCode, code, param }).toEqual({
      statusCode: 400,
      code: 'customer_tax_location_invalid',
      param: undefined,
    })
    expect(message).toContain('requires a valid address on the Customer')
    const session = await create({ customer_update: { address: 'auto' } })
    expect((await pay(session, BERLIN)).status).toBe(303)
    const done = await shown(stripe, session)
    expect(done.amount_total).toBe(2400)
    expect(expanded(done.customer)).toMatchObject({ address: GERMANY })
  })

  test('is on what a discount leaves, now and at the renewal', async () => {
    const { emulator, stripe } = await taxed()
    const { id } = await stripe.coupons.create({ percent_off: 25, duration: 'forever' })
    const session = await plan(stripe, { ...AUTOMATIC, discounts: [{ coupon: id }] })
    await pay(session, BERLIN)
    const done = await shown(stripe, session)
    expect(done).toMatchObject({
      amount_subtotal: 2000,
      amount_total: 1800,
      total_details: {
        amount_discount: 500,
        amount_tax: 300,
        breakdown: { discounts: [{ amount: 500 }], taxes: [{ amount: 300, taxable_amount: 1500 }] },
      },
    })
    emulator.clock.advanceBy(32 * 86_400_000)
    const { data } = await stripe.invoices.list({ subscription: expanded(done.subscription).id })
    expect(data).toMatchObject([
      { billing_reason: 'subscription_cycle', subtotal: 2000, total: 1800, amount_paid: 1800 },
      { billing_reason: 'subscription_create', subtotal: 2000, total: 1800, amount_paid: 1800 },
    ])
  })

  test('is refused beside tax rates, and in setup mode', async () => {
    const { stripe } = await taxed()
    const rate = await stripe.taxRates.create({
      display_name: 'VAT',
      percentage: 5,
      inclusive: false,
    })
    const rates = { subscription_data: { default_tax_rates: [rate.id] } }
    expect((await refusal(plan(stripe, { ...AUTOMATIC, ...rates }))).param).toBe(
      'subscription_data[default_tax_rates]',
    )
    const setup = stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'usd',
      success_url: 'https://app.test/done',
      ...AUTOMATIC,
    })
    expect((await refusal(setup)).param).toBe('automatic_tax')
  })
})

describe('tax rates of a Checkout session', () => {
  test('are on what a discount leaves', async () => {
    const { stripe } = await start()
    const rate = await stripe.taxRates.create({
      display_name: 'VAT',
      percentage: 20,
      inclusive: false,
    })
    const { id } = await stripe.coupons.create({ amount_off: 500, currency: 'usd' })
    const mug = { currency: 'usd', unit_amount: 3000, product_data: { name: 'Mug' } }
    const session = await mugs(stripe, {
      line_items: [{ quantity: 1, price_data: mug, tax_rates: [rate.id] }],
      discounts: [{ coupon: id }],
      invoice_creation: { enabled: true },
    })
    expect(session).toMatchObject({ amount_total: 3000, total_details: { amount_tax: 500 } })
    await pay(session)
    const done = await shown(stripe, session)
    expect(done.total_details?.breakdown?.taxes).toMatchObject([
      { amount: 500, rate: { id: rate.id }, taxable_amount: 2500, taxability_reason: null },
    ])
    expect(expanded(done.invoice)).toMatchObject({ total: 3000, total_excluding_tax: 2500 })
  })
})

describe('the tax id that Checkout collects', () => {
  const COLLECTS = { tax_id_collection: { enabled: true } }
  const typed = { taxIdType: 'eu_vat', taxId: 'DE123456789' }

  test('becomes that of the customer, and is on the invoice', async () => {
    const { stripe } = await start()
    const session = await plan(stripe, COLLECTS)
    expect((await pay(session, typed)).status).toBe(303)
    const done = await shown(stripe, session)
    const { data } = await stripe.customers.listTaxIds(expanded(done.customer).id)
    expect(data).toMatchObject([{ type: 'eu_vat', value: 'DE123456789', country: 'DE' }])
    const taxIds = [{ type: 'eu_vat', value: 'DE123456789' }]
    expect(expanded(done.invoice).customer_tax_ids).toEqual(taxIds)
    expect(done.customer_details?.tax_ids).toEqual(taxIds)
  })

  test('is not added twice, and is refused where it is malformed', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    await stripe.customers.createTaxId(customer.id, { type: 'eu_vat', value: 'DE123456789' })
    const about = { ...COLLECTS, customer: customer.id, customer_update: { name: 'auto' } } as const
    const session = await plan(stripe, about)
    const refused = await pay(session, { ...typed, taxId: 'DE12' })
    expect(refused.status).toBe(402)
    expect(await refused.text()).toContain('Invalid value for eu_vat.')
    expect((await pay(session, typed)).status).toBe(303)
    expect((await stripe.customers.listTaxIds(customer.id)).data).toHaveLength(1)
    const guest = await mugs(stripe, COLLECTS)
    expect((await pay(guest, { ...typed, taxId: 'DE12' })).status).toBe(402)
  })
})
