import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

let core: StripeHarness

beforeAll(async () => {
  core = await startCoreWith('http://127.0.0.1:1')
  await addCustomer(core.ctx, 'cus_1')
})
afterAll(() => core.close())
beforeEach(async () => {
  await core.ctx.db.pool.query('DELETE FROM stripe_events')
  await core.ctx.db.pool.query('DELETE FROM graphile_worker._private_jobs')
})

/** The queued jobs, once the burst is over. */
async function jobs(): Promise<{ key: string }[]> {
  await core.ctx.inbox.drain()
  return (await core.ctx.db.pool.query('SELECT key FROM graphile_worker.jobs')).rows
}

describe('what is stored', () => {
  test('an event, once, with one job for all of a customer', async () => {
    const event = { id: 'evt_1' }
    const another = core.another()
    const outcomes = await Promise.all([deliver(core.ctx, event), deliver(another, event)])
    await another.inbox.drain()
    expect(outcomes).toEqual(['accepted', 'accepted'])
    expect(await deliver(core.ctx, { id: 'evt_2' })).toBe('accepted')
    expect(await inboxOf(core.ctx)).toMatchObject([
      { id: 'evt_1', state: 'pending' },
      { id: 'evt_2', state: 'pending' },
    ])
    expect(await jobs()).toEqual([{ key: 'sync:cus_1' }])
  })

  test.each([
    ['of another type', { type: 'product.created' }, 'other_type'],
    ['about no customer', { customer: null }, 'no_customer'],
    ['of the other mode', { livemode: true }, 'other_mode'],
  ])('an event %s, as ignored and without a job', async (_, fields, why) => {
    expect(await deliver(core.ctx, { id: 'evt_1', ...fields })).toBe('accepted')
    expect(await inboxOf(core.ctx)).toMatchObject([
      { id: 'evt_1', state: 'ignored', ignored_because: why },
    ])
    expect(await jobs()).toEqual([])
  })

  test('an event about the customer itself', async () => {
    const object = { id: 'cus_1', object: 'customer', deleted: true }
    const body = JSON.stringify({
      ...JSON.parse(eventBody({ id: 'evt_1', type: 'customer.deleted' })),
      data: { object },
    })
    const signature = sign(body, { at: core.clock.now() })
    expect(await receiveWebhook(core.ctx, { rawBody: Buffer.from(body), signature })).toBe(
      'accepted',
    )
    expect(await jobs()).toEqual([{ key: 'sync:cus_1' }])
  })
})

describe('what is refused, and leaves nothing', () => {
  const body = eventBody({ id: 'evt_1' })
  const now = () => core.clock.now()
  const secondsAgo = (seconds: number) => new Date(now().getTime() - seconds * 1_000)
  const compact = JSON.stringify(JSON.parse(body))

  test.each<[string, () => { body: string; signature: string | undefined }]>([
    ['no signature', () => ({ body, signature: undefined })],
    ['an empty signature', () => ({ body, signature: '' })],
    ['a signature that is none', () => ({ body, signature: 'nonsense' })],
    ['another secret', () => ({ body, signature: sign(body, { at: now(), secret: 'whsec_x' }) })],
    ['301 s of age', () => ({ body, signature: sign(body, { at: secondsAgo(301) }) })],
    [
      'a body that was written again',
      () => ({ body: compact, signature: sign(body, { at: now() }) }),
    ],
    ['an empty body', () => ({ body: '', signature: sign('', { at: now() }) })],
    ['a body that is not JSON', () => ({ body: 'x', signature: sign('x', { at: now() }) })],
    ['JSON that is no event', () => ({ body: '{}', signature: sign('{}', { at: now() }) })],
    ['JSON that is null', () => ({ body: 'null', signature: sign('null', { at: now() }) })],
  ])('%s', async (_, make) => {
    const { body: sent, signature } = make()
    const rawBody = Buffer.from(sent)
    expect(await receiveWebhook(core.ctx, { rawBody, signature })).toBe('refused')
    expect(await inboxOf(core.ctx)).toEqual([])
    expect(await jobs()).toEqual([])
  })
})

test.each(['whsec_before', 'whsec_test'])(
  'while a secret is rolled, %s is taken, up to 300 s late',
  async (secret) => {
    const body = eventBody({ id: 'evt_1' })
    const signature = sign(body, { at: core.clock.now(), secret })
    core.clock.advance(300_000)
    expect(await receiveWebhook(core.ctx, { rawBody: Buffer.from(body), signature })).toBe(
      'accepted',
    )
    expect(await inboxOf(core.ctx)).toHaveLength(1)
  },
)

test('without a database it is unavailable, so that Stripe sends it again', async () => {
  const lost = await startCoreWith('http://127.0.0.1:1')
  await lost.close()
  expect(await deliver(lost.ctx, { id: 'evt_1' })).toBe('unavailable')
})
