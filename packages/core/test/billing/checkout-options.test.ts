import { held } from '@tollgate/testing/stripe'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnyCatalog, Context } from '../../src/index.ts'
import { createCheckout, examine, syncBilling } from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { GOOD_CARD, payWith, startBilling, stripeSide } from './billing-harness.ts'
import { catalog } from './interval-catalog.ts'

let billing: BillingHarness
beforeAll(async () => {
  billing = await startBilling({ catalog, observer: held({ provoking: true }) })
  // As the operator does it in Stripe's dashboard: automatic tax needs it.
  await billing.ctx.stripe.call((stripe) =>
    stripe.tax.settings.update({ defaults: { tax_behavior: 'exclusive' } }),
  )
})
afterAll(() => billing.close())

const NONE = { promotionCodes: false, automaticTax: false, taxIds: false }
const withOptions = (checkout: Partial<AnyCatalog['checkout']>): Context => ({
  ...billing.ctx,
  catalog: { ...catalog, checkout: { ...NONE, ...checkout } },
})

test('the catalogue’s options go to Checkout as Stripe names them, in every combination', async () => {
  const options = fc.record({
    promotionCodes: fc.boolean(),
    automaticTax: fc.boolean(),
    taxIds: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(options, async (checkout) => {
      const userId = await addUser(billing.ctx)
      await createCheckout(withOptions(checkout), { userId, plan: 'mini' })
      const [session] = (await stripeSide(billing.ctx, userId)).sessions
      expect({
        promotionCodes: session?.allow_promotion_codes ?? false,
        automaticTax: session?.automatic_tax.enabled,
        taxIds: session?.tax_id_collection?.enabled ?? false,
      }).toEqual(checkout)
    }),
    { numRuns: 12 },
  )
})

test('the doctor says what automatic tax lacks', async () => {
  const findings = async (ctx: Context) =>
    (await examine(ctx)).filter(({ name }) => name === 'automatic tax')
  expect(await findings(billing.ctx)).toEqual([])
  expect(await findings(withOptions({ automaticTax: true }))).toMatchObject([
    { ok: true, message: 'prices are exclusive' },
  ])
  const other = await startBilling({ catalog, observer: held({ provoking: true }) })
  const checkout = { ...NONE, automaticTax: true }
  expect(await findings({ ...other.ctx, catalog: { ...catalog, checkout } })).toMatchObject([
    { ok: false, fix: expect.stringContaining('default tax behavior') },
  ])
  await other.close()
})

test('a session that was opened with other options is not used again', async () => {
  const userId = await addUser(billing.ctx)
  const open = async (ctx: Context) =>
    (await createCheckout(ctx, { userId, plan: 'mini' })).sessionId
  const plain = await open(billing.ctx)
  const taxed = await open(withOptions({ automaticTax: true }))
  expect(taxed).not.toBe(plain)
  expect(await open(withOptions({ automaticTax: true }))).toBe(taxed)
  expect(await open(billing.ctx)).not.toBe(taxed)
})

describe('a promotion code', () => {
  test('can be typed at checkout, and is what the payer then pays', async () => {
    const userId = await addUser(billing.ctx)
    await billing.ctx.stripe.call(async (stripe) => {
      const { id } = await stripe.coupons.create({ percent_off: 25, duration: 'forever' })
      await stripe.promotionCodes.create({
        promotion: { type: 'coupon', coupon: id },
        code: 'QUARTER',
      })
    })
    const { url } = await createCheckout(withOptions({ promotionCodes: true }), {
      userId,
      plan: 'mini',
      interval: 'year',
      currency: 'eur',
    })
    const body = new URLSearchParams({ do: 'apply', promotionCode: 'QUARTER' })
    await fetch(`${url}/promotion`, { method: 'POST', body, redirect: 'manual' })
    await payWith(GOOD_CARD, url)
    expect(await syncBilling(billing.ctx, { userId })).toMatchObject({ plan: 'mini' })
    const { invoices } = await stripeSide(billing.ctx, userId)
    expect(invoices).toMatchObject([{ currency: 'eur', total: 6_750, status: 'paid' }])
  })
})
