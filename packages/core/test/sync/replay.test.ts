import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  getOverview,
  getSubscription,
  listAudit,
  replayDeadEvents,
  replayEvent,
} from '../../src/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, deliver, startCoreWith } from '../stripe/stripe-harness.ts'
import { subscriptionOf } from '../stripe/stripe-objects.ts'

const actor = { kind: 'admin', id: 'admin_1' } as const

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

const serverError = {
  status: 500,
  body: { error: { type: 'api_error', message: 'An unknown error occurred' } },
  headers: { 'stripe-should-retry': 'false' },
}
const makeDead = (id: string) =>
  core.ctx.db.pool.query(
    `UPDATE stripe_events SET state = 'dead', attempts = 25, last_error = 'x' WHERE id = $1`,
    [id],
  )

describe('a replay', () => {
  beforeEach(async () => {
    await deliver(core.ctx, { id: 'evt_1' })
  })

  test('handles a dead event, once and again, and is audited', async () => {
    await makeDead('evt_1')
    const handled = { id: 'evt_1', state: 'handled', attempts: 0, lastError: null, userId }
    expect(await replayEvent(core.ctx, { eventId: 'evt_1', actor })).toMatchObject(handled)
    expect(await getSubscription(core.ctx, { userId })).toMatchObject({ id: 'sub_1' })
    expect(await replayEvent(core.ctx, { eventId: 'evt_1', actor })).toMatchObject(handled)
    expect((await listAudit(core.ctx)).items).toMatchObject([
      { action: 'event.replay', actor, details: { eventId: 'evt_1' } },
      { action: 'event.replay' },
    ])
  })

  test('that fails says why, and leaves the event to the worker', async () => {
    stripe.failing = serverError
    expect(await replayEvent(core.ctx, { eventId: 'evt_1', actor })).toMatchObject({
      state: 'failing',
      attempts: 1,
      lastError: expect.stringContaining('Stripe'),
      nextAttemptAt: expect.any(String),
    })
  })

  test('of an event of another type leaves it ignored', async () => {
    await deliver(core.ctx, { id: 'evt_2', type: 'payout.paid' })
    expect(await replayEvent(core.ctx, { eventId: 'evt_2', actor })).toMatchObject({
      state: 'ignored',
      ignoredBecause: 'other_type',
    })
  })

  test('of an event that never came is NOT_FOUND', async () => {
    const replay = replayEvent(core.ctx, { eventId: 'evt_none', actor })
    await expect(replay).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('of all dead events leaves none', async () => {
    await deliver(core.ctx, { id: 'evt_2' })
    await makeDead('evt_1')
    await makeDead('evt_2')
    expect((await getOverview(core.ctx)).notices).toMatchObject([{ code: 'dead_events' }])
    const replayed = await replayDeadEvents(core.ctx, { actor })
    expect(replayed.map(({ state }) => state)).toEqual(['handled', 'handled'])
    expect(await getOverview(core.ctx)).toMatchObject({
      inbox: { pending: 0, failing: 0, dead: 0, oldestWaitingAt: null },
      notices: [],
    })
  })
})
