import { describe, expect, test } from 'vitest'
import { permissionOf } from '../src/http/keys/permissions.ts'
import { endpoints } from '../src/registry/endpoints.ts'
import { clientOf, refusal, start } from './harness.ts'

const KEY = 'rk_test_abcdefghijklmnop'

describe('a restricted key (fact 38)', () => {
  test('may do everything by default', async () => {
    const { emulator } = await start()
    const { id } = await clientOf(emulator, KEY).customers.create()
    expect(id).toMatch(/^cus_/)
  })

  test('that lacks a permission gets the 403 of Stripe, and nothing happens', async () => {
    const { emulator, stripe } = await start({
      restrictedKeys: { [KEY]: { without: ['rak_customer_write'] } },
    })
    const limited = clientOf(emulator, KEY)
    const error = await refusal(limited.customers.create())
    const { id: account } = await stripe.accounts.retrieveCurrent()
    expect(error).toMatchObject({
      statusCode: 403,
      type: 'StripePermissionError',
      code: 'more_permissions_required',
      rawType: 'invalid_request_error',
    })
    expect(error.message).toBe(
      `The provided key 'rk_test_**********klmnop' does not have the required permissions for this endpoint on account '${account}'. Having the 'rak_customer_write' permission would allow this request to continue.`,
    )
    expect((await limited.customers.list()).data).toEqual([])
    expect((await limited.products.create({ name: 'A' })).name).toBe('A')
  })

  test.each([
    [{ without: ['rak_plan_read'] }, false, false],
    [{ without: ['rak_plan_write'] }, true, false],
    [{ only: ['rak_plan_read'] }, true, false],
    [{ only: ['rak_plan_write', 'rak_product_write'] }, true, true],
    [{ only: [] }, false, false],
  ])('with %j: reading %j, writing %j', async (restriction, reads, writes) => {
    const { emulator, stripe } = await start({ restrictedKeys: { [KEY]: restriction } })
    const { id: product } = await stripe.products.create({ name: 'A' })
    const limited = clientOf(emulator, KEY)
    const allowed = async (work: Promise<unknown>) => {
      const status = await work.then(
        () => 200,
        (error: { statusCode: number }) => error.statusCode,
      )
      return status === 200
    }
    expect(await allowed(limited.prices.list())).toBe(reads)
    const order = { product, currency: 'usd', unit_amount: 100 }
    expect(await allowed(limited.prices.create(order))).toBe(writes)
  })

  test('gets and loses permissions by a control endpoint', async () => {
    const { emulator } = await start()
    const control = (method: string, path: string, body?: object) =>
      fetch(`${emulator.url}/_emulator/keys${path}`, {
        method,
        ...(body && {
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      })
    const limited = clientOf(emulator, KEY)
    await control('POST', '', { key: KEY, without: ['rak_invoice_read'] })
    expect((await refusal(limited.invoices.list())).statusCode).toBe(403)
    await control('POST', '', { key: KEY, only: 'none' })
    expect((await refusal(limited.customers.list())).statusCode).toBe(403)
    expect(await (await control('GET', '')).json()).toEqual({ data: { [KEY]: { only: [] } } })
    await control('DELETE', `/${KEY}`)
    expect((await limited.invoices.list()).data).toEqual([])
    const wrong = await control('POST', '', { key: 'sk_test_x', without: [] })
    expect(wrong.status).toBe(400)
    const misspelled = await control('POST', '', { key: KEY, without: ['customers'] })
    expect(misspelled.status).toBe(400)
  })
})

test('a publishable key gets 401 with its own code', async () => {
  const { emulator } = await start()
  const error = await refusal(clientOf(emulator, 'pk_test_x').customers.list())
  expect(error).toMatchObject({ statusCode: 401, code: 'secret_key_required' })
})

test('every endpoint has a permission', () => {
  const without = endpoints.filter((endpoint) => permissionOf(endpoint) === undefined)
  expect(without.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})
