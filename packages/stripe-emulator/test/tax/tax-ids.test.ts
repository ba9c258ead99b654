import { expect, test } from 'vitest'
import { taxIdParam } from '../../src/resources/tax/ids/tax-id-params.ts'
import { receiver, refusal, start } from '../harness.ts'
import { draftOf } from './shop.ts'

test('a tax id of a customer is created, listed, shown on drafts and deleted', async () => {
  const { emulator, stripe } = await start()
  const hook = await receiver()
  await stripe.webhookEndpoints.create({
    url: hook.url,
    enabled_events: [
      'customer.tax_id.created',
      'customer.tax_id.updated',
      'customer.tax_id.deleted',
    ],
  })
  const customer = await stripe.customers.create({
    tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }],
    expand: ['tax_ids'],
  })
  const [first] = customer.tax_ids?.data ?? []
  expect(first).toMatchObject({
    object: 'tax_id',
    country: 'DE',
    customer: customer.id,
    owner: { type: 'customer', customer: customer.id },
    type: 'eu_vat',
    value: 'DE123456789',
    verification: { status: 'pending', verified_address: null, verified_name: null },
  })
  const ein = await stripe.customers.createTaxId(customer.id, {
    type: 'us_ein',
    value: '12-3456789',
  })
  expect(ein.verification?.status).toBe('unavailable')
  const draft = await draftOf(stripe, customer.id, { amount: 100 })
  expect(draft.customer_tax_ids).toEqual([
    { type: 'eu_vat', value: 'DE123456789' },
    { type: 'us_ein', value: '12-3456789' },
  ])
  expect(await stripe.customers.deleteTaxId(customer.id, ein.id)).toEqual({
    id: ein.id,
    object: 'tax_id',
    deleted: true,
    lastResponse: undefined,
  })
  expect((await stripe.invoices.retrieve(draft.id)).customer_tax_ids).toHaveLength(1)
  const { data } = await stripe.customers.listTaxIds(customer.id)
  expect(data.map(({ id }) => id)).toEqual([first?.id])
  expect(await refusal(stripe.customers.retrieveTaxId(customer.id, ein.id))).toMatchObject({
    statusCode: 404,
    code: 'resource_missing',
  })
  await emulator.webhooksSettled()
  expect(hook.types().sort()).toEqual([
    'customer.tax_id.created',
    'customer.tax_id.created',
    'customer.tax_id.deleted',
  ])
})

test("the values of Stripe's test mode are verified before the next request", async () => {
  const { stripe } = await start()
  const { id: customer } = await stripe.customers.create({ name: 'A Payer' })
  const statusOf = async (value: string) => {
    const { id, verification } = await stripe.customers.createTaxId(customer, {
      type: 'eu_vat',
      value,
    })
    const after = await stripe.customers.retrieveTaxId(customer, id)
    return [verification?.status, after.verification?.status]
  }
  expect(await statusOf('DE000000000')).toEqual(['pending', 'verified'])
  expect(await statusOf('DE111111111')).toEqual(['pending', 'unverified'])
  expect(await statusOf('DE222222222')).toEqual(['pending', 'pending'])
})

test.each([
  ['eu_vat', 'DE123'],
  ['eu_vat', 'XX123456789'],
  ['us_ein', '1234'],
  ['gb_vat', 'GB12'],
  ['au_abn', 'abc'],
  ['ch_vat', 'CHE123'],
] as const)('%s %s is refused', async (type, value) => {
  const { stripe } = await start()
  const { id } = await stripe.customers.create()
  const error = await refusal(stripe.customers.createTaxId(id, { type, value }))
  expect(error).toMatchObject({ statusCode: 400, code: 'tax_id_invalid', param: 'value' })
  expect(error.message).toBe(`Invalid value for ${type}.`)
  const inCreate = stripe.customers.create({ tax_id_data: [{ type, value }] })
  expect(await refusal(inCreate)).toMatchObject({ param: 'tax_id_data[0][value]' })
  expect((await stripe.customers.list()).data).toHaveLength(1)
})

test('a type that does not exist is refused', () => {
  expect(() => taxIdParam.read({ type: 'xx_vat', value: '1' }, '')).toThrow('Invalid type')
})

test('the account has tax ids of its own', async () => {
  const { stripe } = await start()
  const { id: customer } = await stripe.customers.create()
  const own = await stripe.taxIds.create({ type: 'us_ein', value: '12-3456789' })
  expect(own).toMatchObject({ customer: null, owner: { type: 'self' } })
  const theirs = await stripe.taxIds.create({
    type: 'gb_vat',
    value: 'GB123456789',
    owner: { type: 'customer', customer },
  })
  const list = async (params = {}) => (await stripe.taxIds.list(params)).data.map(({ id }) => id)
  expect(await list()).toEqual([own.id])
  expect(await list({ owner: { type: 'customer', customer } })).toEqual([theirs.id])
  expect(await stripe.taxIds.del(theirs.id)).toMatchObject({ deleted: true })
})
