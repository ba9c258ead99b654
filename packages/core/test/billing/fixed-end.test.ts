import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  cancelSubscription,
  changePlan,
  listInvoices,
  resumeSubscription,
  syncBilling,
} from '../../src/index.ts'
import { addUser } from '../harness.ts'
import type { BillingHarness } from './billing-harness.ts'
import { DAY_MS, HOUR_MS, pass, startBilling, stripeSide, subscribe } from './billing-harness.ts'

let billing: BillingHarness
let userId: string
let periodEnd: string

beforeAll(async () => {
  billing = await startBilling()
})
afterAll(() => billing.close())
beforeEach(async () => {
  userId = await addUser(billing.ctx)
  periodEnd = (await subscribe(billing, { userId, plan: 'pro' })).currentPeriodEnd
})

const cancel = () => cancelSubscription(billing.ctx, { userId })
const resume = () => resumeSubscription(billing.ctx, { userId })
const sync = () => syncBilling(billing.ctx, { userId })

/** The operator gives the subscription an end in the dashboard. */
async function endAfter(days: number): Promise<string> {
  const { subscriptions } = await stripeSide(billing.ctx, userId)
  const at = Math.floor(billing.clock.now().getTime() / 1_000) + days * 86_400
  await billing.ctx.stripe.call((stripe) =>
    stripe.subscriptions.update(subscriptions[0]?.id ?? '', { cancel_at: at }),
  )
  await sync()
  return new Date(at * 1_000).toISOString()
}

describe('a subscription that ends in half a year', () => {
  test('ends with its period once it is cancelled, and is charged no more', async () => {
    await endAfter(180)
    expect(await cancel()).toMatchObject({ status: 'active', cancelAt: periodEnd })
    expect(await cancel()).toMatchObject({ cancelAt: periodEnd })
    pass(billing, 31 * DAY_MS + HOUR_MS)
    expect(await sync()).toBeNull()
    expect((await listInvoices(billing.ctx, { userId })).items).toHaveLength(1)
  })

  test('ends then again, once the cancellation is undone', async () => {
    const end = await endAfter(180)
    await cancel()
    expect(await resume()).toMatchObject({ status: 'active', cancelAt: end })
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    expect(Object.keys(subscriptions[0]?.metadata ?? {})).not.toContain(
      'tollgate_end_before_cancel',
    )
    expect(await cancel()).toMatchObject({ cancelAt: periodEnd })
  })

  test('keeps that end, where there is no cancellation to undo', async () => {
    const end = await endAfter(180)
    expect(await resume()).toMatchObject({ cancelAt: end })
  })

  test('keeps its plan, and says why', async () => {
    await endAfter(180)
    await expect(changePlan(billing.ctx, { userId, plan: 'enterprise' })).rejects.toMatchObject({
      code: 'VALIDATION',
      issues: [{ path: 'plan', message: expect.stringContaining('fixed end') }],
    })
  })

  test('renews, where the operator took that end away after the cancellation', async () => {
    await endAfter(180)
    await cancel()
    const { subscriptions } = await stripeSide(billing.ctx, userId)
    const id = subscriptions[0]?.id ?? ''
    await billing.ctx.stripe.call((stripe) => stripe.subscriptions.update(id, { cancel_at: '' }))
    expect(await cancel()).toMatchObject({ cancelAt: periodEnd })
    expect(await resume()).toMatchObject({ cancelAt: null })
  })
})

test('an end within the period is not put off by a cancellation', async () => {
  const end = await endAfter(10)
  expect(await cancel()).toMatchObject({ cancelAt: end })
})
