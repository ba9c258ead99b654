import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { syncCustomer } from '../../src/sync/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, startCoreWith } from '../stripe/stripe-harness.ts'
import { DAY, invoiceOf, NOW, subscriptionOf } from '../stripe/stripe-objects.ts'
import { eventsOf } from './outgoing-harness.ts'

// A sync tells what it changed, in its own transaction; a repeat changes nothing and tells nothing.

let stripe: ScriptedStripe
let core: StripeHarness
let userId: string

beforeEach(async () => {
  stripe = await startScriptedStripe()
  stripe.subscriptions = [subscriptionOf()]
  core = await startCoreWith(stripe.apiBase)
  userId = await addCustomer(core.ctx, 'cus_1')
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

const sync = () => syncCustomer(core.ctx, { customerId: 'cus_1' })
const types = async () => (await eventsOf(core.ctx, userId)).map(({ type }) => type)

describe('a sync tells', () => {
  test('that the subscription changed, with what it was and what it is', async () => {
    await sync()
    await sync()
    expect(await eventsOf(core.ctx, userId)).toEqual([
      {
        type: 'subscription.changed',
        sequence: 1,
        data: { previous: null, subscription: expect.objectContaining({ status: 'active' }) },
      },
    ])
    stripe.subscriptions = [subscriptionOf({ cancel_at: NOW + 30 * DAY })]
    await sync()
    await sync()
    const [, changed, ...more] = await eventsOf(core.ctx, userId)
    expect(more).toEqual([])
    expect(changed).toMatchObject({
      type: 'subscription.changed',
      data: {
        previous: { cancelAt: null },
        subscription: { cancelAt: new Date((NOW + 30 * DAY) * 1_000).toISOString() },
      },
    })
  })

  test('that a payment failed, once for each invoice', async () => {
    await sync()
    const open = { status: 'open', attempted: true, amount_due: 4_900, amount_paid: 0 } as const
    stripe.invoices = [invoiceOf(open)]
    await sync()
    await sync()
    expect(await types()).toEqual(['subscription.changed', 'invoice.payment_failed'])
    const [, failed] = await eventsOf(core.ctx, userId)
    expect(failed?.data).toMatchObject({ invoice: { id: 'in_1', amountDue: 4_900 } })
    stripe.invoices = [invoiceOf()]
    await sync()
    expect(await types()).toHaveLength(2)
  })
})
