import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Context } from '../../src/index.ts'
import { lastReconcile, reconcile } from '../../src/index.ts'
import { reconcileWhenDue } from '../../src/reconcile/index.ts'
import { syncCustomer } from '../../src/sync/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, startCoreWith } from '../stripe/stripe-harness.ts'

const HOUR_MS = 3_600_000

let stripe: ScriptedStripe
let core: StripeHarness
let daily: Context

beforeEach(async () => {
  stripe = await startScriptedStripe()
  stripe.objects['/v1/events'] = { object: 'list', url: '/v1/events', has_more: false, data: [] }
  core = await startCoreWith(stripe.apiBase)
  daily = every(24)
  await addCustomer(core.ctx, 'cus_1')
  await syncCustomer(core.ctx, { customerId: 'cus_1' })
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

function every(everyHours: number): Context {
  const settings = { ...core.ctx.settings, reconcile: { everyHours, requestsPerSecond: 10_000 } }
  return { ...core.ctx, settings }
}
const minute = (ctx: Context, signal = new AbortController().signal) =>
  reconcileWhenDue(ctx, signal)
const startOf = async () => (await lastReconcile(core.ctx))?.startedAt

test('a run begins a day after the first sync, and then a day after the last began', async () => {
  core.clock.advance(24 * HOUR_MS - 1)
  await minute(daily)
  expect(await startOf()).toBeUndefined()
  core.clock.advance(1)
  await minute(daily)
  expect(await startOf()).toBe('2026-11-16T12:00:00.000Z')
  core.clock.advance(23 * HOUR_MS)
  await minute(daily)
  expect(await startOf()).toBe('2026-11-16T12:00:00.000Z')
  core.clock.advance(HOUR_MS)
  await minute(daily)
  expect(await startOf()).toBe('2026-11-17T12:00:00.000Z')
})

test('none begins where the setting is never, but one that was begun is finished', async () => {
  const never = every(0)
  core.clock.advance(100 * HOUR_MS)
  await minute(never)
  expect(await lastReconcile(core.ctx)).toBeNull()
  await reconcile(core.ctx, { dryRun: false, maxRequests: 1 })
  expect(await lastReconcile(core.ctx)).toMatchObject({ finishedAt: null })
  await minute(never)
  expect(await lastReconcile(core.ctx)).toMatchObject({ finishedAt: expect.any(String) })
})

test('a process that stops, or a Stripe that is away, leaves the rest to the next minute', async () => {
  core.clock.advance(24 * HOUR_MS)
  await minute(daily, AbortSignal.abort())
  expect(await lastReconcile(core.ctx)).toMatchObject({ finishedAt: null, customers: 1 })
  const error = { type: 'api_error', message: 'An unknown error occurred' }
  stripe.failing = { status: 500, body: { error }, headers: { 'stripe-should-retry': 'false' } }
  await minute(daily)
  expect(await lastReconcile(core.ctx)).toMatchObject({ finishedAt: null, customers: 1 })
  stripe.failing = null
  await minute(daily)
  expect(await lastReconcile(core.ctx)).toMatchObject({
    finishedAt: expect.any(String),
    customers: 1,
  })
})
