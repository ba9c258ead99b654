import { describe, expect, test } from 'vitest'
import { refusal, start } from '../harness.ts'
import { store } from './world.ts'

/** Cashier's CustomerTest and Pay's customer tests: see README.md. */

const ADDRESS = { line1: 'Main Street 1', city: 'Little Rock', postal_code: '72201', country: 'US' }

describe('a customer', () => {
  test('has the address of its creation, also after another field changes', async () => {
    const { stripe } = await start()
    const { id, address } = await stripe.customers.create({ name: 'A', address: ADDRESS })
    expect(address).toMatchObject(ADDRESS)
    const updated = await stripe.customers.update(id, { description: 'A regular' })
    expect(updated).toMatchObject({ description: 'A regular', address: ADDRESS })
  })

  test('takes a new name, e-mail and phone, and keeps its address', async () => {
    const { stripe } = await start()
    const { id } = await stripe.customers.create({ name: 'A', address: ADDRESS })
    const form = { name: 'B', email: 'b@example.org', phone: '+32 499 00 00 00' }
    expect(await stripe.customers.update(id, form)).toMatchObject({ ...form, address: ADDRESS })
  })

  test('has no payment method when it is created without one', async () => {
    const { stripe } = await start()
    const { id, invoice_settings: settings } = await stripe.customers.create({ name: 'A' })
    expect(settings.default_payment_method).toBeNull()
    expect((await stripe.customers.listPaymentMethods(id)).data).toEqual([])
  })

  test('that is deleted says so, and only that', async () => {
    const { stripe, customer } = await store()
    await stripe.customers.del(customer.id)
    expect(await stripe.customers.retrieve(customer.id)).toEqual({
      id: customer.id,
      object: 'customer',
      deleted: true,
    })
  })

  test('keeps metadata, key by key', async () => {
    const { stripe } = await start()
    const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' } })
    const { metadata } = await stripe.customers.update(id, { metadata: { a: '', c: '3' } })
    expect(metadata).toEqual({ b: '2', c: '3' })
  })
})

describe('the tax ids of a customer', () => {
  test('are created with their country, listed, retrieved and deleted', async () => {
    const { stripe, customer } = await store()
    const vat = { type: 'eu_vat', value: 'BE0123456789' } as const
    const created = await stripe.customers.createTaxId(customer.id, vat)
    expect(created).toMatchObject({ ...vat, country: 'BE' })
    expect((await stripe.customers.listTaxIds(customer.id)).data).toHaveLength(1)
    expect(await stripe.customers.retrieveTaxId(customer.id, created.id)).toMatchObject(vat)
    await stripe.customers.deleteTaxId(customer.id, created.id)
    expect((await stripe.customers.listTaxIds(customer.id)).data).toEqual([])
  })
})

describe('the balance of a customer', () => {
  test('is 0, and the sum of its transactions, each with the balance after it', async () => {
    const { stripe, customer } = await store()
    expect(customer.balance).toBe(0)
    const adjust = (amount: number, description?: string) =>
      stripe.customers.createBalanceTransaction(customer.id, {
        amount,
        currency: 'usd',
        ...(description && { description }),
      })
    const first = await adjust(500, 'Top up')
    expect(first).toMatchObject({ amount: 500, ending_balance: 500, description: 'Top up' })
    await adjust(-200)
    const [latest] = (await stripe.customers.listBalanceTransactions(customer.id)).data
    expect(latest).toMatchObject({ amount: -200, ending_balance: 300, type: 'adjustment' })
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 300 })
  })

  test('is used by the next invoice, as a credit or as a debt', async () => {
    const { stripe, customer, subscribe, basic } = await store()
    await stripe.customers.createBalanceTransaction(customer.id, { amount: -300, currency: 'usd' })
    const { latest_invoice: id } = await subscribe(basic)
    expect(await stripe.invoices.retrieve(String(id))).toMatchObject({
      total: 1000,
      amount_due: 700,
      starting_balance: -300,
      ending_balance: 0,
    })
  })
})

describe('the portal of a customer', () => {
  test('has a link of its own, and one to return to', async () => {
    const { stripe, emulator, customer } = await store()
    const session = await stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: 'https://app.test/account',
    })
    expect(session).toMatchObject({
      customer: customer.id,
      return_url: 'https://app.test/account',
      url: expect.stringMatching(new RegExp(`^${emulator.url}/`)),
    })
    expect((await fetch(session.url)).status).toBe(200)
  })

  test('needs a customer who exists', async () => {
    const { stripe } = await store()
    const opened = stripe.billingPortal.sessions.create({ customer: 'cus_none' })
    expect(await refusal(opened)).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'customer',
    })
  })
})

describe('what does not exist is refused by name', () => {
  test('a payment method', async () => {
    const { stripe, customer } = await store()
    const attached = stripe.paymentMethods.attach('invalid', { customer: customer.id })
    expect(await refusal(attached)).toMatchObject({
      code: 'resource_missing',
      message: expect.stringContaining("No such PaymentMethod: 'invalid'"),
    })
  })

  test('a price', async () => {
    const { subscribe } = await store()
    expect(await refusal(subscribe('invalid'))).toMatchObject({
      code: 'resource_missing',
      message: "No such price: 'invalid'",
    })
  })
})
