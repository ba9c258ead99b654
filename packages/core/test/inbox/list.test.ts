import { afterEach, beforeEach, expect, test } from 'vitest'
import { getOverview, listWebhookEvents } from '../../src/index.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import { addCustomer, deliver, startCoreWith } from '../stripe/stripe-harness.ts'

let core: StripeHarness
let userId: string

beforeEach(async () => {
  core = await startCoreWith('http://127.0.0.1:1')
  userId = await addCustomer(core.ctx, 'cus_1')
})
afterEach(() => core.close())

const statesIn = async (input: Parameters<typeof listWebhookEvents>[1]) =>
  (await listWebhookEvents(core.ctx, input)).items.map(({ id, state }) => [id, state])

test('the inbox is listed by state, type, and what people search for, page by page', async () => {
  await deliver(core.ctx, { id: 'evt_1' })
  core.clock.advance(1)
  await deliver(core.ctx, { id: 'evt_2', type: 'invoice.paid' })
  core.clock.advance(1)
  await deliver(core.ctx, { id: 'evt_3', type: 'payout.paid', customer: null })
  await core.ctx.db.pool.query(`UPDATE stripe_events SET attempts = 2 WHERE id = 'evt_2'`)
  const first = await listWebhookEvents(core.ctx, { limit: 2 })
  expect(first.items.map(({ id }) => id)).toEqual(['evt_3', 'evt_2'])
  expect(await statesIn({ cursor: first.nextCursor ?? '' })).toEqual([['evt_1', 'pending']])
  expect(await statesIn({ state: 'pending' })).toEqual([['evt_1', 'pending']])
  expect(await statesIn({ state: 'failing' })).toEqual([['evt_2', 'failing']])
  expect(await statesIn({ state: 'dead' })).toEqual([])
  expect(await statesIn({ type: 'payout.paid' })).toEqual([['evt_3', 'ignored']])
  expect(await statesIn({ search: 'evt_3' })).toEqual([['evt_3', 'ignored']])
  expect(await statesIn({ search: 'cus_1@EXAMPLE' })).toHaveLength(2)
  expect(await statesIn({ search: userId, type: 'invoice.paid' })).toHaveLength(1)
  expect((await getOverview(core.ctx)).inbox).toMatchObject({ pending: 1, failing: 1, dead: 0 })
})
