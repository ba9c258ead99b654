import { describe, expect, test } from 'vitest'
import { DAY_MS, latestInvoice, receiver, refusal, shop, start } from './harness.ts'

describe('cards as sources', () => {
  test('the card of a token becomes the default source, and pays where no payment method is set', async () => {
    const { stripe } = await start()
    const { basic } = await shop(stripe)
    const customer = await stripe.customers.create({ source: 'tok_visa' })
    expect(customer.default_source).toMatch(/^card_1/)
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    expect(subscription.status).toBe('active')
    const expanded = await stripe.customers.retrieve(customer.id, {
      expand: ['default_source', 'sources'],
    })
    expect(expanded).toMatchObject({
      default_source: { object: 'card', brand: 'Visa', last4: '4242' },
      sources: { data: [{ id: customer.default_source }] },
    })
  })

  test('a renewal fails with a source that declines it', async () => {
    const { stripe, emulator } = await start()
    const { basic } = await shop(stripe)
    const customer = await stripe.customers.create({ source: 'tok_visa' })
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: basic.id }],
    })
    await stripe.customers.update(customer.id, { source: 'tok_chargeCustomerFail' })
    emulator.clock.advanceBy(32 * DAY_MS)
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      status: 'past_due',
    })
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({ attempted: true })
  })

  test('can be added, changed and deleted; another one becomes the default', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const { id } = await stripe.customers.create()
    const first = await stripe.customers.createSource(id, { source: 'tok_visa' })
    const second = await stripe.customers.createSource(id, { source: 'tok_mastercard' })
    const renamed = await stripe.customers.updateSource(id, first.id, { name: 'A Payer' })
    expect(renamed).toMatchObject({ id: first.id, name: 'A Payer' })
    const before = await stripe.customers.retrieve(id)
    expect(before).toMatchObject({ default_source: first.id })
    await stripe.customers.deleteSource(id, first.id)
    expect(await stripe.customers.retrieve(id)).toMatchObject({ default_source: second.id })
    expect((await stripe.customers.listSources(id)).data).toMatchObject([{ id: second.id }])
    await emulator.webhooksSettled()
    expect(hook.types().filter((type) => type.startsWith('customer.source'))).toEqual([
      'customer.source.created',
      'customer.source.created',
      'customer.source.updated',
      'customer.source.deleted',
    ])
  })

  test('the token of a card that is always declined gets 402, an unknown token 400', async () => {
    const { stripe } = await start()
    const { id } = await stripe.customers.create()
    const declined = stripe.customers.createSource(id, { source: 'tok_chargeDeclined' })
    expect(await refusal(declined)).toMatchObject({ statusCode: 402, code: 'card_declined' })
    const unknown = stripe.customers.createSource(id, { source: 'tok_unknown' })
    expect(await refusal(unknown)).toMatchObject({ statusCode: 400, code: 'resource_missing' })
    expect((await stripe.customers.listSources(id)).data).toEqual([])
  })
})

describe('plans', () => {
  test('are recurring prices under their legacy name, with events under both names', async () => {
    const hook = await receiver()
    const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
    const plan = await stripe.plans.create({
      amount: 2000,
      currency: 'usd',
      interval: 'month',
      product: { name: 'Gold' },
    })
    expect(await stripe.prices.retrieve(plan.id)).toMatchObject({
      product: plan.product,
      unit_amount: 2000,
    })
    await stripe.plans.update(plan.id, { nickname: 'Gold, monthly' })
    expect((await stripe.plans.list()).data).toMatchObject([{ nickname: 'Gold, monthly' }])
    expect(await stripe.plans.del(plan.id)).toMatchObject({ deleted: true })
    expect(await refusal(stripe.plans.retrieve(plan.id))).toMatchObject({ statusCode: 404 })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual([
      'product.created',
      'plan.created',
      'price.created',
      'plan.updated',
      'price.updated',
      'plan.deleted',
      'price.deleted',
    ])
  })
})

test('sending an invoice finalizes it and sends `invoice.sent`; one that charges automatically cannot be sent', async () => {
  const hook = await receiver()
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  const customer = await stripe.customers.create()
  const owed = { customer: customer.id, amount: 2000, currency: 'usd' }
  await stripe.invoiceItems.create(owed)
  const draft = await stripe.invoices.create({
    customer: customer.id,
    collection_method: 'send_invoice',
    days_until_due: 7,
    pending_invoice_items_behavior: 'include',
  })
  expect(await stripe.invoices.sendInvoice(draft.id)).toMatchObject({ status: 'open' })
  await emulator.webhooksSettled()
  expect(hook.types().at(-1)).toBe('invoice.sent')
  await stripe.invoiceItems.create(owed)
  const charging = await stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: 'include',
  })
  expect(await refusal(stripe.invoices.sendInvoice(charging.id))).toMatchObject({ statusCode: 400 })
})
