import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { refusal } from '../harness.ts'
import { store } from './world.ts'

/** Cashier's InvoicesTest, and Pay's tests of invoices: see README.md. */

async function bill() {
  const of = await store()
  const { stripe, customer } = of
  const draft = await stripe.invoices.create({ customer: customer.id })
  const add = (form: object) =>
    stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, ...form })
  return { ...of, draft, add }
}

describe('an invoice', () => {
  test('needs a customer', async () => {
    const { stripe } = await store()
    expect(await refusal(stripe.invoices.create({}))).toMatchObject({ statusCode: 400 })
    expect(await refusal(stripe.invoices.create({ customer: 'cus_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'customer',
    })
  })

  test('begins with nothing, and has what is added', async () => {
    const { stripe, draft, add } = await bill()
    expect(draft).toMatchObject({ status: 'draft', total: 0 })
    await add({ amount: 49_900, currency: 'usd', description: 'Ticket' })
    expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
      total: 49_900,
      lines: { data: [{ description: 'Ticket', amount: 49_900 }] },
    })
  })

  test('is paid by the default card', async () => {
    const { stripe, draft, add } = await bill()
    await add({ amount: 49_900, currency: 'usd' })
    expect(await stripe.invoices.pay(draft.id)).toMatchObject({
      status: 'paid',
      amount_paid: 49_900,
      amount_remaining: 0,
    })
  })

  test('has a number of a price', async () => {
    const { stripe, draft, add, product } = await bill()
    const price = await stripe.prices.create({ product, currency: 'usd', unit_amount: 499 })
    await add({ pricing: { price: price.id }, quantity: 2 })
    expect((await stripe.invoices.pay(draft.id)).total).toBe(998)
  })

  test('has a price that is made with the item', async () => {
    const { stripe, draft, add, product } = await bill()
    await add({
      price_data: { product, tax_behavior: 'exclusive', currency: 'usd', unit_amount: 599 },
    })
    const { total, lines } = await stripe.invoices.pay(draft.id)
    expect(total).toBe(599)
    const price = lines.data[0]?.pricing?.price_details?.price
    expect((await stripe.prices.retrieve(String(price))).tax_behavior).toBe('exclusive')
  })

  test('multiplies an amount by its quantity', async () => {
    const { stripe, draft, add } = await bill()
    const item = await add({
      unit_amount_decimal: Stripe.Decimal.from('1000'),
      quantity: 5,
      currency: 'usd',
    })
    expect(item).toMatchObject({ quantity: 5, amount: 5000 })
    expect(String(item.pricing?.unit_amount_decimal)).toBe('1000')
    expect((await stripe.invoices.retrieve(draft.id)).total).toBe(5000)
  })

  test('belongs to its customer: others do not list it', async () => {
    const { stripe, customer, draft } = await bill()
    const other = await stripe.customers.create({ name: 'Another' })
    expect((await stripe.invoices.retrieve(draft.id)).customer).toBe(customer.id)
    expect((await stripe.invoices.list({ customer: other.id })).data).toEqual([])
  })

  test('takes what is pending where it is asked for, and else nothing', async () => {
    const { stripe, customer } = await store()
    await stripe.invoiceItems.create({
      customer: customer.id,
      amount: 1000,
      currency: 'usd',
      description: 'Setup',
    })
    const without = await stripe.invoices.create({ customer: customer.id })
    expect(without.total).toBe(0)
    const { id } = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    expect(await stripe.invoices.pay(id)).toMatchObject({ status: 'paid', total: 1000 })
  })

  test('is found by an unknown id never', async () => {
    const { stripe } = await store()
    expect(await refusal(stripe.invoices.retrieve('in_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    })
  })

  test('that is next is not asked for without a subscription or items', async () => {
    const { stripe, customer } = await store()
    const preview = stripe.invoices.createPreview({ customer: customer.id })
    expect(await refusal(preview)).toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/^You must provide at least one of: `subscription`/),
    })
  })

  test('with an inclusive tax keeps its total, with an exclusive one is more', async () => {
    const totals: unknown[] = []
    for (const inclusive of [true, false]) {
      const { stripe, draft, add } = await bill()
      const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 21, inclusive })
      await add({ amount: 1210, currency: 'usd', tax_rates: [rate.id] })
      const { subtotal, total, total_taxes: taxes } = await stripe.invoices.retrieve(draft.id)
      totals.push([subtotal, total, taxes?.map(({ amount }) => amount)])
    }
    expect(totals).toEqual([
      [1210, 1210, [210]],
      [1210, 1464, [254]],
    ])
  })
})

describe('what was paid for an invoice', () => {
  test('leads from its charge to the invoice and the subscription', async () => {
    const { stripe, customer, subscribe, basic } = await store()
    const { id } = await subscribe(basic)
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    const intent = String(charge?.payment_intent)
    const { data } = await stripe.invoicePayments.list({
      payment: { type: 'payment_intent', payment_intent: intent },
    })
    const invoice = await stripe.invoices.retrieve(String(data[0]?.invoice))
    expect(invoice.parent?.subscription_details?.subscription).toBe(id)
  })

  test('is refunded in full', async () => {
    const { stripe, draft, add } = await bill()
    await add({ amount: 1000, currency: 'usd' })
    await stripe.invoices.pay(draft.id)
    const { data } = await stripe.invoicePayments.list({ invoice: draft.id })
    const refund = await stripe.refunds.create({
      payment_intent: String(data[0]?.payment.payment_intent),
    })
    expect(refund).toMatchObject({ amount: 1000, status: 'succeeded' })
  })

  test('is refunded in part with a credit note, which the invoice counts', async () => {
    const { stripe, customer, subscribe, basic } = await store()
    const { latest_invoice: invoice } = await subscribe(basic)
    const id = String(invoice)
    await stripe.creditNotes.create({ invoice: id, refund_amount: 500, amount: 500 })
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      post_payment_credit_notes_amount: 500,
      status: 'paid',
    })
    const [charge] = (await stripe.charges.list({ customer: customer.id })).data
    expect(charge).toMatchObject({ amount_refunded: 500, refunded: false })
  })
})
