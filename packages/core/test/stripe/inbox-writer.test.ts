import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiveWebhook } from '../../src/index.ts'
import type { StripeHarness } from './stripe-harness.ts'
import { addCustomer, eventBody, inboxOf, sign, startCoreWith } from './stripe-harness.ts'

const EVENTS = 30

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
      const plain = eventBody({ id, customer: `cus_${1 + (i % 2)}` })
      // JSON may hold it, PostgreSQL's jsonb may not.
      const body = id === bad ? plain.replace('a lie', 'a \\u0000 lie') : plain
      const signature = sign(body, { at: core.clock.now() })
      return receiveWebhook(core.ctx, { rawBody: Buffer.from(body), signature })
    }),
  )
  expect(outcomes).toEqual(ids.map((id) => (id === bad ? 'unavailable' : 'accepted')))
  expect((await inboxOf(core.ctx)).map(({ id }) => id)).toEqual(ids.filter((id) => id !== bad))
  const { rows } = await core.ctx.db.pool.query('SELECT key FROM graphile_worker.jobs ORDER BY key')
  expect(rows).toEqual([{ key: 'sync:cus_1' }, { key: 'sync:cus_2' }])
})

test('nobody waits for quiet where nothing is being written', async () => {
  await core.ctx.inbox.quiet(Number.MAX_SAFE_INTEGER)
})
