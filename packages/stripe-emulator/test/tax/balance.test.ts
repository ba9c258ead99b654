import { expect, test } from 'vitest'
import { payer, refusal, start } from '../harness.ts'
import { draftOf } from './shop.ts'

test('a customer that is created with a balance has a currency and a transaction', async () => {
  const { stripe } = await start()
  const customer = await stripe.customers.create({
    balance: -500,
    expand: ['invoice_credit_balance'],
  })
  expect(customer).toMatchObject({
    balance: -500,
    currency: 'usd',
    invoice_credit_balance: { usd: -500 },
  })
  const { data } = await stripe.customers.listBalanceTransactions(customer.id)
  expect(data).toMatchObject([
    { amount: -500, ending_balance: -500, type: 'adjustment', currency: 'usd' },
  ])
})

test('an update of the balance is one transaction, of what it changes', async () => {
  const { stripe } = await start()
  const { id } = await stripe.customers.create({ balance: -500 })
  await stripe.customers.update(id, { balance: 200 })
  await stripe.customers.update(id, { balance: 200 })
  const { data } = await stripe.customers.listBalanceTransactions(id)
  expect(data.map(({ amount, ending_balance }) => [amount, ending_balance])).toEqual([
    [700, 200],
    [-500, -500],
  ])
})

test('an adjustment changes the balance, and an invoice uses it up', async () => {
  const { stripe } = await start()
  const { customer } = await payer(stripe)
  const made = await stripe.customers.createBalanceTransaction(customer.id, {
    amount: -700,
    currency: 'usd',
    description: 'Sorry',
    metadata: { ticket: '1' },
  })
  expect(made).toMatchObject({
    object: 'customer_balance_transaction',
    amount: -700,
    ending_balance: -700,
    credit_note: null,
    invoice: null,
    type: 'adjustment',
  })
  const draft = await draftOf(stripe, customer.id, { amount: 500 })
  const paid = await stripe.invoices.pay(draft.id)
  expect(paid).toMatchObject({
    status: 'paid',
    total: 500,
    amount_due: 0,
    starting_balance: -700,
    ending_balance: -200,
  })
  const { data } = await stripe.customers.listBalanceTransactions(customer.id)
  expect(data[0]).toMatchObject({
    amount: 500,
    ending_balance: -200,
    invoice: draft.id,
    type: 'applied_to_invoice',
  })
  const changed = await stripe.customers.updateBalanceTransaction(customer.id, made.id, {
    description: 'Very sorry',
    metadata: { ticket: '' },
  })
  expect(changed).toMatchObject({ amount: -700, description: 'Very sorry', metadata: {} })
})

test('voiding an invoice gives back what the balance had paid', async () => {
  const { stripe } = await start()
  const { customer } = await payer(stripe)
  await stripe.customers.update(customer.id, { balance: -300 })
  const { id } = await draftOf(stripe, customer.id, { amount: 500 })
  expect(await stripe.invoices.finalizeInvoice(id)).toMatchObject({ amount_due: 200 })
  await stripe.invoices.voidInvoice(id)
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -300 })
  const { data } = await stripe.customers.listBalanceTransactions(customer.id)
  expect(data.map(({ type }) => type)).toEqual([
    'unapplied_from_invoice',
    'applied_to_invoice',
    'adjustment',
  ])
})

test('a transaction is found at its own customer only', async () => {
  const { stripe } = await start()
  const { id } = await stripe.customers.create({ balance: -1 })
  const other = await stripe.customers.create()
  const [one] = (await stripe.customers.listBalanceTransactions(id)).data
  const found = stripe.customers.retrieveBalanceTransaction(other.id, one?.id ?? '')
  expect(await refusal(found)).toMatchObject({ statusCode: 404, code: 'resource_missing' })
})
