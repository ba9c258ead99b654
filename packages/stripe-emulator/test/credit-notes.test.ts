import fc from 'fast-check'
import type Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { payer, receiver, refusal, start } from './harness.ts'
import { draftOf } from './tax/shop.ts'

/** An open invoice (sent by hand) or a paid one, of two seats. */
async function invoiceFor(
  stripe: Stripe,
  state: 'open' | 'paid',
  params: Stripe.InvoiceCreateParams = {},
) {
  const { customer } = await payer(stripe)
  const price = await stripe.prices.create({
    currency: 'usd',
    unit_amount: 1000,
    product_data: { name: 'Seat' },
  })
  const draft = await draftOf(
    stripe,
    customer.id,
    { pricing: { price: price.id }, quantity: 2 },
    params,
  )
  const open = await stripe.invoices.finalizeInvoice(draft.id)
  const invoice = state === 'open' ? open : await stripe.invoices.pay(open.id)
  const [line] = invoice.lines.data
  if (line === undefined) throw new Error('an invoice without a line')
  return { customer, invoice, line }
}

describe('a credit note of an open invoice', () => {
  test('lowers what is due, and the payment follows', async () => {
    const { stripe } = await start()
    const { invoice, line } = await invoiceFor(stripe, 'open')
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line.id, quantity: 1 }],
      memo: 'One seat less',
      reason: 'order_change',
      metadata: { a: '1' },
      email_type: 'none',
    })
    expect(note).toMatchObject({
      object: 'credit_note',
      amount: 1000,
      invoice: invoice.id,
      memo: 'One seat less',
      number: `${invoice.number}-CN-01`,
      pre_payment_amount: 1000,
      post_payment_amount: 0,
      reason: 'order_change',
      status: 'issued',
      subtotal: 1000,
      total: 1000,
      type: 'pre_payment',
      lines: {
        data: [{ amount: 1000, quantity: 1, unit_amount: 1000, invoice_line_item: line.id }],
      },
    })
    const after = await stripe.invoices.retrieve(invoice.id, { expand: ['payments'] })
    expect(after).toMatchObject({
      status: 'open',
      total: 2000,
      amount_due: 1000,
      amount_remaining: 1000,
      pre_payment_credit_notes_amount: 1000,
      post_payment_credit_notes_amount: 0,
      payments: { data: [{ amount_requested: 1000 }] },
    })
    const paid = await stripe.invoices.pay(invoice.id)
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 1000, amount_remaining: 0 })
    const [charge] = (await stripe.charges.list()).data
    expect(charge?.amount).toBe(1000)
  })

  test('of all of it makes it paid, and starts the subscription', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      recurring: { interval: 'month' },
      product_data: { name: 'Pro' },
    })
    const { id, latest_invoice } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: 'default_incomplete',
    })
    const invoice = String(latest_invoice)
    await stripe.creditNotes.create({ invoice, amount: 1000 })
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
      status: 'paid',
      amount_due: 0,
      amount_paid: 0,
    })
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active')
    expect((await stripe.paymentIntents.list()).data[0]?.status).toBe('canceled')
  })

  test('is voided while the invoice is open: it is due again', async () => {
    const { stripe } = await start()
    const { invoice } = await invoiceFor(stripe, 'open')
    const { id } = await stripe.creditNotes.create({ invoice: invoice.id, amount: 500 })
    const voided = await stripe.creditNotes.voidCreditNote(id)
    expect(voided).toMatchObject({ status: 'void', voided_at: expect.any(Number) })
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
      amount_due: 2000,
      amount_remaining: 2000,
      pre_payment_credit_notes_amount: 0,
    })
    expect(await refusal(stripe.creditNotes.voidCreditNote(id))).toMatchObject({ statusCode: 400 })
    const second = await stripe.creditNotes.create({ invoice: invoice.id, amount: 100 })
    expect(second.number).toBe(`${invoice.number}-CN-02`)
    await stripe.invoices.pay(invoice.id)
    expect(await refusal(stripe.creditNotes.voidCreditNote(second.id))).toMatchObject({
      statusCode: 400,
    })
  })
})

describe('a credit note of a paid invoice', () => {
  test('is refunded, credited to the balance, or credited outside of Stripe', async () => {
    const { stripe } = await start()
    const { customer, invoice } = await invoiceFor(stripe, 'paid')
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: 'custom_line_item', description: 'Refund', quantity: 2, unit_amount: 600 }],
      refund_amount: 700,
      credit_amount: 300,
      out_of_band_amount: 200,
    })
    expect(note).toMatchObject({
      amount: 1200,
      customer_balance_transaction: expect.stringMatching(/^cbtxn_/),
      out_of_band_amount: 200,
      post_payment_amount: 1200,
      pre_payment_amount: 0,
      refunds: [{ amount_refunded: 700, payment_record_refund: null, type: 'refund' }],
      type: 'post_payment',
    })
    expect(await stripe.refunds.retrieve(String(note.refunds[0]?.refund))).toMatchObject({
      amount: 700,
    })
    const [transaction] = (await stripe.customers.listBalanceTransactions(customer.id)).data
    expect(transaction).toMatchObject({
      amount: -300,
      credit_note: note.id,
      invoice: invoice.id,
      type: 'credit_note',
    })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -300 })
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
      status: 'paid',
      amount_due: 2000,
      amount_paid: 2000,
      post_payment_credit_notes_amount: 1200,
    })
  })

  test('names an existing refund; a refund that no note names lowers what can be credited', async () => {
    const { stripe } = await start()
    const { invoice } = await invoiceFor(stripe, 'paid')
    const [charge] = (await stripe.charges.list()).data
    const refund = await stripe.refunds.create({ charge: charge?.id ?? '', amount: 1500 })
    const without = stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 1500,
      out_of_band_amount: 1500,
    })
    expect((await refusal(without)).message).toBe(
      'Credit note amount ($15.00) is greater than the maximum creditable amount ($5.00).',
    )
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 1500,
      refunds: [{ refund: refund.id }],
    })
    expect(note.refunds).toMatchObject([{ amount_refunded: 1500, refund: refund.id }])
    const again = stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 100,
      refunds: [{ refund: refund.id, amount_refunded: 100 }],
    })
    expect(await refusal(again)).toMatchObject({ param: 'refunds[0][refund]' })
  })
})

describe('is refused', () => {
  test('where the parts do not add up to what was paid', async () => {
    const { stripe } = await start()
    const { invoice } = await invoiceFor(stripe, 'paid')
    const error = await refusal(stripe.creditNotes.create({ invoice: invoice.id, amount: 1000 }))
    expect(error).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' })
    expect(error.message).toBe(
      'The sum of refunds, credit amount, and out of band amount ($0.00) must equal the credit note post_payment_amount ($10.00).',
    )
  })

  test('for a draft, for nothing, for too much, and for what its kind of line does not take', async () => {
    const { stripe } = await start()
    const { customer, invoice, line } = await invoiceFor(stripe, 'open')
    const create = async (params: Omit<Stripe.CreditNoteCreateParams, 'invoice'>) =>
      (await refusal(stripe.creditNotes.create({ invoice: invoice.id, ...params }))).message
    const ofLine = { type: 'invoice_line_item' as const, invoice_line_item: line.id }
    const custom = { type: 'custom_line_item' as const, description: 'x', quantity: 1 }
    expect(await create({})).toContain('One of `amount`, `lines`, or `shipping_cost`')
    expect(await create({ amount: 2001 })).toContain('greater than the maximum creditable amount')
    expect(await create({ lines: [ofLine] })).toBe(
      '`quantity` or `amount` is required when crediting an invoice line item.',
    )
    expect(await create({ lines: [{ ...ofLine, quantity: 3 }] })).toContain('quantity')
    expect(await create({ lines: [{ ...ofLine, amount: 2500 }] })).toContain('what is left of it')
    expect(await create({ lines: [{ ...ofLine, unit_amount: 1 }] })).toContain('`unit_amount`')
    expect(await create({ lines: [{ ...custom, amount: 1 }] })).toContain('`amount`')
    expect(await create({ lines: [{ ...custom }] })).toContain('unit_amount')
    expect(await create({ amount: 5, lines: [{ ...custom, unit_amount: 6 }] })).toContain('sum')
    expect(await create({ lines: [{ ...ofLine, invoice_line_item: 'il_x', quantity: 1 }] })).toBe(
      "No such invoice line item: 'il_x'",
    )
    const { id: draft } = await stripe.invoices.create({ customer: customer.id })
    expect((await refusal(stripe.creditNotes.create({ invoice: draft, amount: 1 }))).message).toBe(
      'You cannot create a credit note for a draft invoice.',
    )
    const unknown = await refusal(stripe.creditNotes.create({ invoice: 'in_x', amount: 1 }))
    expect(unknown).toMatchObject({ code: 'resource_missing', param: 'invoice' })
    expect(await refusal(stripe.creditNotes.retrieve('cn_x'))).toMatchObject({ statusCode: 404 })
  })
})

test('the taxes of a line are credited with it, to the cent', async () => {
  const { stripe } = await start()
  const { customer } = await payer(stripe)
  const { id: rate } = await stripe.taxRates.create({
    display_name: 'VAT',
    percentage: 7.7,
    inclusive: false,
  })
  const draft = await draftOf(stripe, customer.id, { amount: 1001 }, { default_tax_rates: [rate] })
  const invoice = await stripe.invoices.finalizeInvoice(draft.id)
  const [line] = invoice.lines.data
  const credit = (amount: number) =>
    stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line?.id ?? '', amount }],
    })
  const parts = [await credit(333), await credit(333), await credit(335)]
  expect(invoice.total).toBe(1078)
  expect(parts.reduce((sum, note) => sum + note.total, 0)).toBe(1078)
  expect(parts[0]).toMatchObject({
    subtotal: 333,
    total: 359,
    total_excluding_tax: 333,
    total_taxes: [{ amount: 26, tax_rate_details: { tax_rate: rate } }],
    lines: { data: [{ tax_rates: [{ id: rate }] }] },
  })
  expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid')
})

test('a preview is the credit note, without its effects', async () => {
  const { stripe } = await start()
  const { invoice, line } = await invoiceFor(stripe, 'open')
  const params = {
    invoice: invoice.id,
    lines: [{ type: 'invoice_line_item' as const, invoice_line_item: line.id, quantity: 1 }],
  }
  const preview = await stripe.creditNotes.preview(params)
  const lines = await stripe.creditNotes.listPreviewLineItems(params)
  expect(lines.data).toMatchObject([{ amount: 1000 }])
  expect((await stripe.creditNotes.list()).data).toEqual([])
  const { id, created, pdf, lines: given, ...same } = await stripe.creditNotes.create(params)
  expect(preview).toMatchObject(same)
  expect(given.data[0]).toMatchObject({ amount: 1000 })
  const listed = await stripe.creditNotes.listLineItems(id)
  expect(listed.data).toHaveLength(1)
  expect((await stripe.creditNotes.list({ invoice: invoice.id })).data).toHaveLength(1)
  expect((await stripe.creditNotes.list({ customer: 'cus_x' })).data).toHaveLength(0)
  const file = await fetch(pdf)
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(await file.text()).toContain(`${invoice.number}-CN-01`)
  expect(created).toBeGreaterThan(0)
})

test('its events are created, updated and voided', async () => {
  const { emulator, stripe } = await start()
  const hook = await receiver()
  await stripe.webhookEndpoints.create({
    url: hook.url,
    enabled_events: ['credit_note.created', 'credit_note.updated', 'credit_note.voided'],
  })
  const { invoice } = await invoiceFor(stripe, 'open')
  const { id } = await stripe.creditNotes.create({ invoice: invoice.id, amount: 500 })
  await stripe.creditNotes.update(id, { memo: 'Sorry', metadata: { a: '1' } })
  await stripe.creditNotes.voidCreditNote(id)
  await emulator.webhooksSettled()
  expect(hook.types()).toEqual(['credit_note.created', 'credit_note.updated', 'credit_note.voided'])
})

test('however a paid invoice is credited, all of it can be credited, and no more', async () => {
  const { stripe } = await start()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat(2)), {
        minLength: 1,
        maxLength: 6,
      }),
      async (parts) => {
        const { invoice } = await invoiceFor(stripe, 'paid')
        let credited = 0
        for (const [amount, way] of parts) {
          const params = {
            invoice: invoice.id,
            amount,
            ...(way === 0 ? { refund_amount: amount } : {}),
            ...(way === 1 ? { credit_amount: amount } : {}),
            ...(way === 2 ? { out_of_band_amount: amount } : {}),
          }
          if (credited + amount <= invoice.total) {
            const note = await stripe.creditNotes.create(params)
            credited += note.post_payment_amount
          } else {
            expect((await refusal(stripe.creditNotes.create(params))).statusCode).toBe(400)
          }
        }
        const after = await stripe.invoices.retrieve(invoice.id)
        expect(after.post_payment_credit_notes_amount).toBe(credited)
        expect(credited).toBeLessThanOrEqual(invoice.total)
      },
    ),
    { numRuns: 10 },
  )
})
