import { startStripeEmulator } from '@tollgate/stripe-emulator'
import { catalog } from '@tollgate/testing/catalog'
import { held } from '@tollgate/testing/stripe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import {
  closeContext,
  createCheckout,
  createContext,
  getOverview,
  reconcile,
  stripeTrouble,
} from '../../src/index.ts'
import { syncCustomer } from '../../src/sync/index.ts'
import { silentLog } from '../../src/testing.ts'
import { addUser } from '../harness.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, rowsOf, startCoreWith } from '../stripe/stripe-harness.ts'
import { invoiceOf, subscriptionOf } from '../stripe/stripe-objects.ts'

let stripe: ScriptedStripe
let core: StripeHarness

beforeEach(async () => {
  stripe = await startScriptedStripe()
  stripe.subscriptions = [subscriptionOf()]
  stripe.invoices = [invoiceOf()]
  stripe.objects['/v1/events'] = { object: 'list', url: '/v1/events', has_more: false, data: [] }
  core = await startCoreWith(stripe.apiBase)
  await addCustomer(core.ctx, 'cus_1')
  await syncCustomer(core.ctx, { customerId: 'cus_1' })
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

const run = (ctx: Context = core.ctx) => reconcile(ctx, { dryRun: false })

/** The same database, with a key of somewhere else. */
function elsewhere(apiBase: string, secretKey: string): Context {
  return createContext({
    catalog,
    databaseUrl: core.ctx.db.url,
    stripe: { secretKey, webhookSecrets: [], apiBase },
    settings: core.ctx.settings,
    log: silentLog,
    clock: core.clock,
  })
}

describe.each([
  ['another account', 'sk_test_123', 'another_account'],
  ['the other mode', 'sk_live_123', 'another_mode'],
])('with a key of %s', (_, secretKey, code) => {
  test('nothing is synced, created or deleted, and the operator is warned, until the key is right', async () => {
    const other = await startStripeEmulator({ apiKey: secretKey, observer: held() })
    const wrong = elsewhere(other.url, secretKey)
    const before = await rowsOf(core.ctx)
    const userId = await addUser(core.ctx)
    const stopped = {
      code: 'STRIPE_UNAVAILABLE',
      cause: { message: expect.stringContaining('key') },
    }
    await expect(syncCustomer(wrong, { customerId: 'cus_1' })).rejects.toMatchObject(stopped)
    await expect(run(wrong)).rejects.toMatchObject(stopped)
    await expect(createCheckout(wrong, { userId, plan: 'pro' })).rejects.toMatchObject({
      code: 'STRIPE_UNAVAILABLE',
    })
    expect(await rowsOf(core.ctx)).toEqual(before)
    expect((await getOverview(core.ctx)).notices).toMatchObject([{ code }])
    await syncCustomer(core.ctx, { customerId: 'cus_1' })
    expect(await stripeTrouble(core.ctx)).toBeNull()
    await closeContext(wrong)
    await other.stop()
  })
})

describe('where Stripe knows no customer of ours', () => {
  test('a reconcile stops every sync and deletes nothing, and starts them again when they are back', async () => {
    const before = await rowsOf(core.ctx)
    stripe.knowsCustomers = false
    expect(await run()).toMatchObject({
      complete: true,
      drift: [{ kind: 'customer_unknown', repaired: false }],
    })
    expect(await stripeTrouble(core.ctx)).toMatchObject({ code: 'customers_unknown' })
    const sync = () => syncCustomer(core.ctx, { customerId: 'cus_1' })
    await expect(sync()).rejects.toMatchObject({ code: 'STRIPE_UNAVAILABLE' })
    expect(await rowsOf(core.ctx)).toEqual(before)
    stripe.knowsCustomers = true
    expect(await run()).toMatchObject({ complete: true, drift: [] })
    expect(await stripeTrouble(core.ctx)).toBeNull()
    await sync()
  })

  test('one of several is reported, and stops nothing', async () => {
    await core.ctx.db.pool.query(`UPDATE users SET stripe_customer_id = 'cus_known'`)
    stripe.subscriptions = [subscriptionOf({ customer: 'cus_known' })]
    stripe.unknownCustomer = 'cus_lost'
    await addCustomer(core.ctx, 'cus_lost')
    const { counts } = await run()
    expect(counts).toContainEqual({ kind: 'customer_unknown', found: 1, repaired: 0 })
    expect(await stripeTrouble(core.ctx)).toBeNull()
  })
})
