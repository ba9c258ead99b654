import { describe, expect, test } from 'vitest'
import { HOUR_MS, payer, refusal, shop, start } from './harness.ts'

type Stripe = Awaited<ReturnType<typeof start>>['stripe']

async function draftOf(stripe: Stripe, amounts: number[] = [1000]) {
  const { customer } = await payer(stripe)
  for (const amount of amounts) {
    await stripe.invoiceItems.create({ customer: customer.id, amount, currency: 'usd' })
  }
  const invoice = await stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: 'include',
  })
  return { customer, invoice }
}

async function openInvoice(stripe: Stripe) {
  const { customer, invoice } = await draftOf(stripe)
  return { customer, invoice: await stripe.invoices.finalizeInvoice(invoice.id) }
}

const bare = { code: undefined, param: undefined, type: 'StripeInvalidRequestError' }

describe('a draft invoice', () => {
  test('is finalized an hour and a second after its creation, and charged', async () => {
    const { stripe, emulator } = await start()
    const { invoice } = await draftOf(stripe)
    expect(invoice).toMatchObject({ auto_advance: false, automatically_finalizes_at: null })
    const advancing = await stripe.invoices.update(invoice.id, { auto_advance: true })
    expect(advancing).toMatchObject({
      automatically_finalizes_at: invoice.created + 3601,
      next_payment_attempt: invoice.created + 3600,
    })
    const stopped = await stripe.invoices.update(invoice.id, { auto_advance: false })
    expect(stopped).toMatchObject({ automatically_finalizes_at: null, next_payment_attempt: null })
    await stripe.invoices.update(invoice.id, { auto_advance: true })
    emulator.clock.advanceBy(HOUR_MS + 1000)
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid' })
  })

  test('is finalized when automatically_finalizes_at says so, within five years', async () => {
    const { stripe, emulator } = await start()
    const { invoice } = await draftOf(stripe)
    const at = invoice.created + 10_000
    const later = await stripe.invoices.update(invoice.id, { automatically_finalizes_at: at })
    expect(later).toMatchObject({ auto_advance: true, automatically_finalizes_at: at })
    const error = await refusal(
      stripe.invoices.update(invoice.id, { automatically_finalizes_at: invoice.created - 1 }),
    )
    expect(error.param).toBe('automatically_finalizes_at')
    emulator.clock.advanceBy(HOUR_MS + 1000)
    expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('draft')
    emulator.clock.advanceBy(2 * HOUR_MS)
    expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid')
  })

  test('that is sent needs a due date, any other has none (fact 31)', async () => {
    const { stripe } = await start()
    const customer = (await payer(stripe)).customer.id
    const missing = await refusal(
      stripe.invoices.create({ customer, collection_method: 'send_invoice' }),
    )
    expect(missing).toMatchObject({
      ...bare,
      message:
        "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
    })
    const needless = await refusal(stripe.invoices.create({ customer, days_until_due: 3 }))
    expect(needless).toMatchObject({
      ...bare,
      message:
        "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
    })
    const charged = await stripe.invoices.create({ customer })
    const sent = await stripe.invoices.update(charged.id, {
      collection_method: 'send_invoice',
      days_until_due: 7,
    })
    expect(sent.due_date).toBe(charged.created + 7 * 86_400)
    const again = await stripe.invoices.update(charged.id, {
      collection_method: 'charge_automatically',
    })
    expect(again.due_date).toBeNull()
  })

  test('stores what it prints', async () => {
    const { stripe } = await start()
    const customer = (await payer(stripe)).customer.id
    const fields = {
      custom_fields: [{ name: 'Order', value: 'A-12' }],
      footer: 'Thank you',
      number: 'OWN-1',
      statement_descriptor: 'GREEN SHOP',
      payment_settings: { payment_method_types: ['card' as const] },
    }
    const invoice = await stripe.invoices.create({
      ...fields,
      customer,
      effective_at: 1_700_000_000,
      rendering: { amount_tax_display: 'include_inclusive_tax', pdf: { page_size: 'letter' } },
      shipping_details: { name: 'A Payer', address: { line1: 'Main Street 1', country: 'DE' } },
    })
    expect(invoice).toMatchObject({
      ...fields,
      effective_at: 1_700_000_000,
      rendering: { amount_tax_display: 'include_inclusive_tax', pdf: { page_size: 'letter' } },
      shipping_details: { name: 'A Payer', phone: null, address: { line1: 'Main Street 1' } },
    })
    const final = await stripe.invoices.finalizeInvoice(invoice.id)
    expect(final).toMatchObject({ number: 'OWN-1', effective_at: 1_700_000_000 })
    const cleared = await stripe.invoices.create({ customer, custom_fields: '' })
    expect(cleared.custom_fields).toBeNull()
    const many = Array.from({ length: 5 }, () => ({ name: 'a', value: 'b' }))
    const error = await refusal(stripe.invoices.create({ customer, custom_fields: many }))
    expect(error.message).toBe('Array custom_fields exceeded maximum 4 allowed elements.')
    const long = await refusal(stripe.invoices.create({ customer, number: 'x'.repeat(27) }))
    expect(long.param).toBe('number')
  })

  test('takes the newest pending item first', async () => {
    const { stripe } = await start()
    const { invoice } = await draftOf(stripe, [1000, 2000])
    expect(invoice.lines.data.map((line) => line.amount)).toEqual([2000, 1000])
  })

  test('takes only its customer’s payment method', async () => {
    const { stripe } = await start()
    const { invoice } = await draftOf(stripe)
    const { method } = await payer(stripe)
    const error = await refusal(
      stripe.invoices.update(invoice.id, { default_payment_method: method.id }),
    )
    expect(error.message).toMatch(/must be attached to the customer/)
  })

  test('names what is not emulated, Connect by its name', async () => {
    const { stripe } = await start()
    const customer = (await payer(stripe)).customer.id
    const connect = await refusal(stripe.invoices.create({ customer, on_behalf_of: 'acct_1' }))
    expect(connect.message).toMatch(/Connect \(the parameter 'on_behalf_of'\) is not emulated/)
    const issuer = { type: 'account' as const, account: 'acct_1' }
    const other = await refusal(stripe.invoices.create({ customer, issuer }))
    expect(other.message).toMatch(/Connect/)
    const types = { payment_method_types: ['sepa_debit' as const] }
    const method = await refusal(stripe.invoices.create({ customer, payment_settings: types }))
    expect(method.message).toMatch(/a payment by 'sepa_debit' is not emulated/)
  })
})

describe('the lines of a draft', () => {
  test('are added, changed and removed, and the totals follow', async () => {
    const { stripe } = await start()
    const { product } = (await shop(stripe)).basic
    const { invoice, customer } = await draftOf(stripe)
    const added = await stripe.invoices.addLines(invoice.id, {
      lines: [
        {
          description: 'Seats',
          price_data: { currency: 'usd', product: String(product), unit_amount: 700 },
          quantity: 3,
        },
        { amount: 500, description: 'Extra', metadata: { a: 'b' } },
      ],
      invoice_metadata: { source: 'test' },
    })
    expect(added).toMatchObject({ amount_due: 3600, metadata: { source: 'test' } })
    const [first, seats, extra] = added.lines.data
    const changed = await stripe.invoices.updateLines(invoice.id, {
      lines: [{ id: seats?.id ?? '', quantity: 2 }],
    })
    expect(changed.amount_due).toBe(2900)
    const line = await stripe.invoices.updateLineItem(invoice.id, extra?.id ?? '', {
      amount: 900,
      description: 'More',
    })
    expect(line).toMatchObject({ id: extra?.id, amount: 900, description: 'More' })
    const item = await stripe.invoiceItems.retrieve(
      String(extra?.parent?.invoice_item_details?.invoice_item),
    )
    expect(item).toMatchObject({ amount: 900, description: 'More', invoice: invoice.id })
    const fewer = await stripe.invoices.removeLines(invoice.id, {
      lines: [
        { id: seats?.id ?? '', behavior: 'delete' },
        { id: first?.id ?? '', behavior: 'unassign' },
      ],
    })
    expect(fewer).toMatchObject({ amount_due: 900, lines: { total_count: 1 } })
    const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true })
    expect(pending.data.map(({ amount }) => amount)).toEqual([1000])
    const again = await stripe.invoices.addLines(invoice.id, {
      lines: [{ invoice_item: pending.data[0]?.id ?? '' }],
    })
    expect(again.amount_due).toBe(1900)
  })

  test('are refused as Stripe refuses', async () => {
    const { stripe } = await start()
    const { invoice } = await draftOf(stripe)
    const [line] = invoice.lines.data
    const both = await refusal(
      stripe.invoices.addLines(invoice.id, { lines: [{ amount: 100, quantity: 2 }] }),
    )
    expect(both).toMatchObject({
      message: 'You may only specify one of these parameters: amount, quantity.',
      param: 'lines[0][amount]',
    })
    await stripe.invoices.finalizeInvoice(invoice.id)
    const final = await refusal(
      stripe.invoices.updateLineItem(invoice.id, line?.id ?? '', { amount: 1 }),
    )
    expect(final).toMatchObject({
      code: 'invoice_not_editable',
      message: 'Invalid invoice: This invoice is no longer editable',
    })
    const unknown = await refusal(stripe.invoices.addLines('in_none', { lines: [{ amount: 1 }] }))
    expect(unknown).toMatchObject({ statusCode: 404, param: 'invoice' })
  })

  test('change with their invoice items, until the invoice is finalized', async () => {
    const { stripe } = await start()
    const { invoice } = await draftOf(stripe)
    const id = String(invoice.lines.data[0]?.parent?.invoice_item_details?.invoice_item)
    const item = await stripe.invoiceItems.update(id, { quantity: 3, description: 'Three' })
    expect(item).toMatchObject({ amount: 3000, quantity: 3 })
    const changed = await stripe.invoices.retrieve(invoice.id)
    expect(changed).toMatchObject({ amount_due: 3000 })
    expect(changed.lines.data[0]).toMatchObject({ description: 'Three', quantity: 3 })
    await stripe.invoices.finalizeInvoice(invoice.id)
    const gone = await refusal(stripe.invoiceItems.update(id, { amount: 1 }))
    expect(gone.message).toBe('This invoice item has been deleted.')
    const kept = await refusal(stripe.invoiceItems.del(id))
    expect(kept.message).toMatch(/attached to an invoice that is no longer editable/)
    const none = await refusal(stripe.invoiceItems.retrieve('ii_none'))
    expect(none).toMatchObject({
      message: "No such Invoice Item: 'ii_none'(livemode=false)",
      param: 'id',
    })
  })

  test('go with an invoice item that is deleted; items go with a deleted draft', async () => {
    const { stripe } = await start()
    const { invoice, customer } = await draftOf(stripe, [1000, 2000])
    const [first] = invoice.lines.data
    await stripe.invoiceItems.del(String(first?.parent?.invoice_item_details?.invoice_item))
    expect((await stripe.invoices.retrieve(invoice.id)).amount_due).toBe(1000)
    await stripe.invoices.del(invoice.id)
    const pending = await stripe.invoiceItems.list({ customer: customer.id, pending: true })
    expect(pending.data).toEqual([])
  })
})

describe('a finalized invoice refuses (fact 31)', () => {
  test('a new description, but takes metadata and auto_advance', async () => {
    const { stripe } = await start()
    const { invoice } = await openInvoice(stripe)
    const error = await refusal(stripe.invoices.update(invoice.id, { description: 'New' }))
    expect(error).toMatchObject({
      code: undefined,
      message: "Finalized invoices can't be updated in this way",
      param: 'description',
    })
    const after = await stripe.invoices.update(invoice.id, {
      auto_advance: false,
      metadata: { a: 'b' },
    })
    expect(after).toMatchObject({ auto_advance: false, metadata: { a: 'b' } })
  })

  test('to be finalized, deleted, voided or paid again, without a code', async () => {
    const { stripe } = await start()
    const { invoice } = await openInvoice(stripe)
    const { id } = invoice
    expect(await refusal(stripe.invoices.finalizeInvoice(id))).toMatchObject(bare)
    expect(await refusal(stripe.invoices.del(id))).toMatchObject({
      ...bare,
      message: 'You can only delete draft invoices.',
    })
    expect(await refusal(stripe.invoices.sendInvoice(id))).toMatchObject({
      message: expect.stringMatching(/^This invoice cannot be sent right now/),
    })
    await stripe.invoices.pay(id)
    expect(await refusal(stripe.invoices.pay(id))).toMatchObject({
      ...bare,
      message: 'Invoice is already paid',
    })
    expect(await refusal(stripe.invoices.voidInvoice(id))).toMatchObject({
      ...bare,
      message: 'Invoices with `paid` payments cannot be voided.',
    })
  })

  test('to be voided where it is uncollectible; it can be paid', async () => {
    const { stripe } = await start()
    const { invoice } = await openInvoice(stripe)
    await stripe.invoices.markUncollectible(invoice.id)
    expect(await refusal(stripe.invoices.voidInvoice(invoice.id))).toMatchObject({
      ...bare,
      message: "You can only pass in open invoices. This invoice isn't open.",
    })
    expect(await refusal(stripe.invoices.markUncollectible(invoice.id))).toMatchObject({
      message: 'This invoice has already been marked uncollectible.',
    })
    expect(await stripe.invoices.pay(invoice.id)).toMatchObject({ status: 'paid' })
  })
})

describe('paying an invoice', () => {
  test('outside Stripe is no attempt (fact 30)', async () => {
    const { stripe } = await start()
    const { invoice } = await openInvoice(stripe)
    const paid = await stripe.invoices.pay(invoice.id, { paid_out_of_band: true })
    expect(paid).toMatchObject({ status: 'paid', attempted: false, attempt_count: 0 })
  })

  test('of nothing happens at once, and counts no attempt', async () => {
    const { stripe } = await start()
    const { customer } = await payer(stripe)
    const draft = await stripe.invoices.create({ customer: customer.id })
    const paid = await stripe.invoices.finalizeInvoice(draft.id)
    expect(paid).toMatchObject({ status: 'paid', attempted: true, attempt_count: 0 })
  })

  test('of less than can be charged goes to the customer’s balance, and is due with the next', async () => {
    const { stripe } = await start()
    const { customer, invoice } = await draftOf(stripe, [30])
    expect(invoice).toMatchObject({ total: 30, amount_due: 0 })
    const paid = await stripe.invoices.finalizeInvoice(invoice.id)
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 0, ending_balance: 30 })
    await stripe.invoiceItems.create({ customer: customer.id, amount: 100, currency: 'usd' })
    const next = await stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: 'include',
    })
    expect(next).toMatchObject({ total: 100, starting_balance: 30, amount_due: 130 })
    const final = await stripe.invoices.finalizeInvoice(next.id)
    expect(final).toMatchObject({ ending_balance: 0, amount_due: 130 })
  })

  test('by another customer’s card is refused', async () => {
    const { stripe } = await start()
    const { invoice } = await openInvoice(stripe)
    const { method } = await payer(stripe)
    const error = await refusal(stripe.invoices.pay(invoice.id, { payment_method: method.id }))
    expect(error.message).toMatch(/must be attached to the customer/)
  })
})

describe('finding', () => {
  test('invoices, charges and payment intents by search', async () => {
    const { stripe } = await start()
    const { customer, invoice } = await openInvoice(stripe)
    await stripe.invoices.pay(invoice.id)
    const invoices = await stripe.invoices.search({
      query: `status:'paid' AND customer:'${customer.id}' AND total>=1000`,
    })
    expect(invoices.data.map(({ id }) => id)).toEqual([invoice.id])
    const byNumber = await stripe.invoices.search({ query: `number:'${invoice.number}'` })
    expect(byNumber.data).toHaveLength(1)
    const charges = await stripe.charges.search({
      query: "payment_method_details.card.last4:4242 AND amount:1000 AND refunded:'false'",
    })
    expect(charges.data).toHaveLength(1)
    const intents = await stripe.paymentIntents.search({ query: "status:'succeeded'" })
    expect(intents.data).toHaveLength(1)
    const error = await refusal(stripe.paymentIntents.search({ query: "description:'x'" }))
    expect(error.message).toMatch(/unsupported search field for resource `payment_intents`/)
  })

  test('invoices by their due date and way of collection', async () => {
    const { stripe } = await start()
    const customer = (await payer(stripe)).customer.id
    const sent = await stripe.invoices.create({
      customer,
      collection_method: 'send_invoice',
      days_until_due: 3,
    })
    await stripe.invoices.create({ customer })
    const due = Number(sent.due_date)
    const found = await stripe.invoices.list({ due_date: { gte: due, lt: due + 1 } })
    expect(found.data.map(({ id }) => id)).toEqual([sent.id])
    const none = await stripe.invoices.list({ due_date: { gt: due } })
    expect(none.data).toEqual([])
    const method = await stripe.invoices.list({ collection_method: 'send_invoice' })
    expect(method.data).toHaveLength(1)
  })
})

describe('a preview', () => {
  test('adds invoice items to the next invoice, and leaves nothing behind', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const { customer } = await payer(stripe)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    const preview = await stripe.invoices.createPreview({
      subscription: subscription.id,
      invoice_items: [
        { amount: 500, currency: 'usd', description: 'Setup' },
        { price_data: { currency: 'usd', product: String(basic.product), unit_amount: 250 } },
      ],
    })
    expect(preview.lines.data.map(({ amount, description }) => [amount, description])).toEqual([
      [500, 'Setup'],
      [250, 'Basic'],
      [1900, '1 × Basic (at $19.00 / month)'],
    ])
    expect(preview.amount_due).toBe(2650)
    expect((await stripe.invoiceItems.list()).data).toEqual([])
    const none = await refusal(
      stripe.invoices.createPreview({
        subscription: subscription.id,
        subscription_details: { cancel_at_period_end: true },
      }),
    )
    expect(none.code).toBe('invoice_upcoming_none')
  })
})
