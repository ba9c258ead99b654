import { afterAll, beforeAll, expect, test } from 'vitest'
import { neededEventTypes } from '../../src/inbox/index.ts'
import type { Context, PushStep } from '../../src/index.ts'
import { pushPlans } from '../../src/index.ts'
import { findPortal } from '../../src/setup/push/push-portal.ts'
import { findWebhooks } from '../../src/setup/push/push-webhook.ts'
import type { BillingHarness } from '../billing/billing-harness.ts'
import { startBilling } from '../billing/billing-harness.ts'

const URL = 'https://app.example.com/api/billing/webhook'

let core: BillingHarness
let ctx: Context
beforeAll(async () => {
  core = await startBilling()
  ctx = { ...core.ctx, settings: { ...core.ctx.settings, appUrl: 'https://app.example.com' } }
})
afterAll(() => core.close())

const push = () => pushPlans(ctx, { dryRun: false })
const changesOf = (steps: readonly PushStep[]) =>
  steps.filter(({ action }) => action !== 'keep').map(({ action, object }) => [action, object])

test('an app that can’t be reached from outside gets no webhook endpoint', async () => {
  const steps = await pushPlans(core.ctx, { dryRun: false })
  expect(steps.at(-1)).toMatchObject({ action: 'keep', object: 'webhook', id: null })
  expect(await findWebhooks(core.ctx)).toEqual([])
})

test('all steps are announced before the first is taken, and are those of a dry run', async () => {
  const looked = await pushPlans(ctx, { dryRun: true })
  expect(changesOf(looked)).toEqual([
    ['update', 'portal'],
    ['create', 'webhook'],
  ])
  expect(await findWebhooks(ctx)).toEqual([])
  let planned: readonly PushStep[] = []
  const onPlan = (steps: readonly PushStep[]) => {
    planned = steps
    throw new Error('stopped before anything was done')
  }
  await expect(pushPlans(ctx, { dryRun: false, onPlan })).rejects.toThrow('stopped')
  expect(planned).toEqual(looked)
  expect(await findWebhooks(ctx)).toEqual([])
})

test('the endpoint gets every event that is needed, and its secret is shown once', async () => {
  const made = (await push()).at(-1)
  expect(made).toMatchObject({ object: 'webhook', secret: expect.stringMatching(/^whsec_/) })
  expect(await findWebhooks(ctx)).toMatchObject([
    { id: made?.id, url: URL, status: 'enabled', enabled_events: [...neededEventTypes] },
  ])
  const again = await push()
  expect(changesOf(again)).toEqual([])
  expect(again.some(({ secret }) => secret !== undefined)).toBe(false)
})

test('an endpoint that was switched off or lacks events is mended, and keeps what was added', async () => {
  const [endpoint] = await findWebhooks(ctx)
  await ctx.stripe.call((stripe) =>
    stripe.webhookEndpoints.update(endpoint?.id ?? '', {
      disabled: true,
      enabled_events: ['invoice.paid', 'payout.paid'],
    }),
  )
  expect(changesOf(await push())).toEqual([['update', 'webhook']])
  const [mended] = await findWebhooks(ctx)
  expect(mended).toMatchObject({ id: endpoint?.id, status: 'enabled' })
  expect(mended?.enabled_events).toEqual(
    expect.arrayContaining([...neededEventTypes, 'payout.paid']),
  )
  expect(changesOf(await push())).toEqual([])
})

test('the portal lets people cancel at the end of the period, and not change plans behind our page', async () => {
  const portal = await findPortal(ctx)
  expect(portal).toMatchObject({
    default_return_url: 'https://app.example.com/billing',
    features: {
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      subscription_update: { enabled: false },
      payment_method_update: { enabled: true },
      invoice_history: { enabled: true },
    },
  })
  await ctx.stripe.call(({ billingPortal }) =>
    billingPortal.configurations.update(portal?.id ?? '', {
      features: { subscription_cancel: { enabled: true, mode: 'immediately' } },
    }),
  )
  expect(changesOf(await push())).toEqual([['update', 'portal']])
  expect(await findPortal(ctx)).toMatchObject({
    id: portal?.id,
    features: { subscription_cancel: { mode: 'at_period_end' } },
  })
})
