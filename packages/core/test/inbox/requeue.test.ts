import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requeueStranded, storeEvents } from '../../src/inbox/event-store.ts'
import { parseEvent } from '../../src/inbox/parse.ts'
import { startWorker } from '../../src/index.ts'
import type { ScriptedStripe } from '../stripe/scripted-stripe.ts'
import { startScriptedStripe } from '../stripe/scripted-stripe.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import {
  addCustomer,
  deliver,
  eventBody,
  inboxOf,
  startCoreWith,
} from '../stripe/stripe-harness.ts'

/** Retries until it holds; generous, for a machine that is busy. */
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

let stripe: ScriptedStripe
let core: StripeHarness

beforeEach(async () => {
  stripe = await startScriptedStripe()
  core = await startCoreWith(stripe.apiBase)
  await addCustomer(core.ctx, 'cus_1')
})
afterEach(async () => {
  await core.close()
  await stripe.close()
})

const PAUSING = `attempts = 3, run_at = now() + interval '1 hour'`
const sql = (text: string) => core.ctx.db.pool.query(text)
const requeue = () =>
  requeueStranded(core.ctx.db.pool, { receivedBefore: core.clock.now(), lockedMinutes: 5 })

describe('a pending event', () => {
  beforeEach(async () => {
    await deliver(core.ctx, { id: 'evt_1' })
    await core.ctx.inbox.drain()
    core.clock.advance(1)
  })

  test('is queued again after the process that worked on it was killed', async () => {
    await sql(`UPDATE graphile_worker._private_jobs
      SET locked_at = now() - interval '6 minutes', locked_by = 'killed', attempts = 1`)
    expect(await requeue()).toBe(1)
    expect(await requeue()).toBe(0)
    const worker = await startWorker(core.ctx)
    await soon(() => inboxOf(core.ctx)).toMatchObject([{ state: 'handled' }])
    await worker.stop()
  })

  test('is queued again when its job was lost', async () => {
    await sql('DELETE FROM graphile_worker._private_jobs')
    expect(await requeue()).toBe(1)
  })

  test.each([
    ['is being worked on', 'locked_at = now()'],
    ['pauses before its next attempt', PAUSING],
    ['has yet to begin', 'attempts = 0'],
  ])('is left alone while its job %s', async (_, state) => {
    await sql(`UPDATE graphile_worker._private_jobs SET ${state}`)
    await sql('UPDATE stripe_events SET attempts = (SELECT attempts FROM graphile_worker.jobs)')
    expect(await requeue()).toBe(0)
  })

  test('is queued again when it came while the job of an earlier one pauses', async () => {
    await sql(`UPDATE graphile_worker._private_jobs SET ${PAUSING}`)
    expect(await requeue()).toBe(1)
    expect(await requeue()).toBe(0)
  })

  test('is dead after its last attempt, and handled by the next sync all the same', async () => {
    stripe.failing = {
      status: 500,
      body: { error: { type: 'api_error', message: 'An unknown error occurred' } },
      headers: { 'stripe-should-retry': 'false' },
    }
    await sql('UPDATE graphile_worker._private_jobs SET max_attempts = 1')
    const worker = await startWorker(core.ctx)
    await soon(() => inboxOf(core.ctx)).toMatchObject([{ state: 'dead', attempts: 1 }])
    expect(await requeue()).toBe(0)
    stripe.failing = null
    await deliver(core.ctx, { id: 'evt_2' })
    await soon(() => inboxOf(core.ctx)).toMatchObject([{ state: 'handled' }, { state: 'handled' }])
    await worker.stop()
  })
})

test('an event is handled where the process that stored it was killed before it queued the job', async () => {
  const received = await storedByAnother('evt_1')
  expect(received).toMatchObject([{ state: 'pending' }])
  const worker = await startWorker(core.ctx)
  core.clock.advance(2_001)
  await soon(() => inboxOf(core.ctx)).toMatchObject([{ state: 'handled' }])
  await worker.stop()
})

/** Stores an event, and queues no job. */
async function storedByAnother(id: string) {
  const payload = Buffer.from(eventBody({ id }))
  const event = parseEvent(payload.toString())
  if (event === null) throw new Error('not an event')
  const events = [{ event, payload, ignored: null }]
  await storeEvents(core.ctx.db.pool, { events, now: core.clock.now() })
  return inboxOf(core.ctx)
}
