import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPayload } from '../../src/inbox/event-store.ts'
import { parseEvent } from '../../src/inbox/parse.ts'
import { receiveWebhook } from '../../src/index.ts'
import type { StripeHarness } from '../stripe/stripe-harness.ts'
import {
  addCustomer,
  deliver,
  eventBody,
  inboxOf,
  sign,
  startCoreWith,
} from '../stripe/stripe-harness.ts'

const EVENTS = 30
const ROUNDS = 20

let core: StripeHarness

beforeAll(async () => {
  core = await startCoreWith('http://127.0.0.1:1')
  await addCustomer(core.ctx, 'cus_1')
  await addCustomer(core.ctx, 'cus_2')
})
afterAll(() => core.close())

test('of events that come at once, one that PostgreSQL refuses fails alone', async () => {
  const ids = Array.from({ length: EVENTS }, (_, i) => `evt_${String(i).padStart(2, '0')}`)
  const bad = ids[7]
  const outcomes = await Promise.all(
    ids.map((id, i) => {
      const body = eventBody({ id, customer: `cus_${1 + (i % 2)}` })
      const event = parseEvent(body)
      if (event === null) throw new Error('the body is an event')
      // A text with NUL, which PostgreSQL does not take: what Stripe sends is read so that none gets here.
      const stored = id === bad ? { ...event, customerId: 'cus_\0' } : event
      const item = { event: stored, payload: Buffer.from(body), ignored: null }
      return core.ctx.inbox.store(item).then(
        () => 'accepted',
        () => 'refused',
      )
    }),
  )
  expect(outcomes).toEqual(ids.map((id) => (id === bad ? 'refused' : 'accepted')))
  expect((await inboxOf(core.ctx)).map(({ id }) => id)).toEqual(ids.filter((id) => id !== bad))
  await core.ctx.inbox.drain()
  const { rows } = await core.ctx.db.pool.query('SELECT key FROM graphile_worker.jobs ORDER BY key')
  expect(rows).toEqual([{ key: 'sync:cus_1' }, { key: 'sync:cus_2' }])
})

test('two processes that are sent the same events in opposite order store each once', async () => {
  const another = core.another()
  for (let round = 0; round < ROUNDS; round += 1) {
    const ids = Array.from({ length: EVENTS }, (_, i) => `evt_${round}_${i}`)
    const outcomes = await Promise.all([
      ...ids.map((id) => deliver(core.ctx, { id })),
      ...ids.toReversed().map((id) => deliver(another, { id })),
    ])
    expect(outcomes.filter((outcome) => outcome !== 'accepted')).toEqual([])
  }
  const { rows } = await core.ctx.db.pool.query(
    `SELECT count(*)::int AS n FROM stripe_events WHERE id ~ '^evt_[0-9]+_'`,
  )
  expect(rows).toEqual([{ n: ROUNDS * EVENTS }])
})

test('more webhooks than may wait are refused, so that Stripe sends them again', async () => {
  const many = 2_500
  const outcomes = await Promise.all(
    Array.from({ length: many }, (_, i) => deliver(core.ctx, { id: `evt_many_${i}` })),
  )
  const accepted = outcomes.filter((outcome) => outcome === 'accepted').length
  expect(accepted).toBe(2_000)
  expect(outcomes.filter((outcome) => outcome === 'unavailable')).toHaveLength(many - accepted)
  const { rows } = await core.ctx.db.pool.query(
    `SELECT count(*)::int AS n FROM stripe_events WHERE id LIKE 'evt_many_%'`,
  )
  expect(rows).toEqual([{ n: accepted }])
  expect(await deliver(core.ctx, { id: `evt_many_${many - 1}` })).toBe('accepted')
})

test('a body is kept as the bytes that came', async () => {
  const body = eventBody({ id: 'evt_kept' }).replace('a lie', 'a \\u0000 lie, \u00e9')
  const signature = sign(body, { at: core.clock.now() })
  const rawBody = Buffer.from(body)
  expect(await receiveWebhook(core.ctx, { rawBody, signature })).toBe('accepted')
  expect(await readPayload(core.ctx.db.pool, 'evt_kept')).toBe(body)
})
