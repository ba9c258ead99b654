import { afterEach, beforeEach, expect, test } from 'vitest'
import { pruneInbox } from '../../src/inbox/prune.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, deliver, inboxOf, startCoreWith } from '../stripe/stripe-harness.ts'

const DAY_MS = 86_400_000

let core: StripeHarness

beforeEach(async () => {
  core = await startCoreWith('http://127.0.0.1:1')
  await addCustomer(core.ctx, 'cus_1')
})
afterEach(() => core.close())

test('handled and ignored events are kept for 31 days; pending and dead ones are never deleted', async () => {
  for (const id of ['evt_1', 'evt_2', 'evt_3', 'evt_4']) await deliver(core.ctx, { id })
  await core.ctx.db.pool.query(`UPDATE stripe_events SET state = CASE id WHEN 'evt_1' THEN 'handled'
    WHEN 'evt_2' THEN 'ignored' WHEN 'evt_3' THEN 'dead' ELSE 'pending' END`)
  core.clock.advance(31 * DAY_MS)
  expect(await pruneInbox(core.ctx)).toBe(0)
  core.clock.advance(1)
  expect(await pruneInbox(core.ctx)).toBe(2)
  expect((await inboxOf(core.ctx)).map(({ id }) => id)).toEqual(['evt_3', 'evt_4'])
})
