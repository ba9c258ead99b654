import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, latestInvoice, onEnd, receiver, refusal, start } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'
import { metered, NOW } from './usage.ts'

const SECRET = 'whsec_thin'

async function control(url: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/_emulator/meters`, {
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
  })
  return (await response.json()) as Record<string, unknown>
}

describe('usage is processed asynchronously', () => {
  test('what is held back is accepted and counts when it is released, its cancellation too', async () => {
    const { emulator, stripe, use, total } = await metered({ meterEvents: { hold: true } })
    const cancel = (identifier: string) =>
      stripe.billing.meterEventAdjustments.create({
        event_name: 'api_calls',
        type: 'cancel',
        cancel: { identifier },
      })
    await use(10, { identifier: 'a' })
    await use(5, { identifier: 'b' })
    expect(await refusal(use(5, { identifier: 'b' }))).toMatchObject({ statusCode: 400 })
    expect(await total()).toBe(0)
    expect(await control(emulator.url)).toMatchObject({ processing: 'held', waiting: 2 })
    await cancel('b')
    expect(await control(emulator.url, { processing: 'released' })).toMatchObject({
      processing: 'at_once',
      waiting: 0,
    })
    expect(await total()).toBe(10)
    expect(await control(emulator.url, { processing: 'held' })).toMatchObject({ waiting: 0 })
    await cancel('a')
    expect(await total()).toBe(10)
    await control(emulator.url, { processing: 'released' })
    expect(await total()).toBe(0)
  })

  test('a delay is one of the emulator’s clock', async () => {
    const { emulator, use, total } = await metered({ meterEvents: { delaySeconds: 60 } })
    await use(10)
    emulator.clock.advanceBy(59_000)
    expect(await total()).toBe(0)
    emulator.clock.advanceBy(1000)
    expect(await total()).toBe(10)
    emulator.meterEvents.delaySeconds = 0
    await use(1)
    expect(await total()).toBe(11)
  })

  test('what is held back until the invoice is final is on none, and is listed', async () => {
    const { emulator, stripe, meter, customer, use, subscribe } = await metered()
    const subscription = await subscribe()
    await use(10)
    emulator.meterEvents.hold = true
    await use(7)
    emulator.clock.advanceBy(30 * DAY_MS + HOUR_MS)
    const invoice = await latestInvoice(stripe, subscription.id)
    expect(invoice.total).toBe(20)
    expect(await control(emulator.url)).toMatchObject({ unbilled: [] })
    expect(await control(emulator.url, { processing: 'released' })).toMatchObject({
      unbilled: [
        { invoice: invoice.id, customer: customer.id, meter: meter.id, billed: 10, used: 17 },
      ],
    })
    expect(await latestInvoice(stripe, subscription.id)).toMatchObject({ total: 20 })
  })

  test('held usage and the sums survive a restart', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises')
    const { tmpdir } = await import('node:os')
    const { join } = await import('node:path')
    const folder = await mkdtemp(join(tmpdir(), 'meters-'))
    onEnd(() => rm(folder, { recursive: true, force: true }))
    const dataFile = join(folder, 'stripe.json')
    const first = await metered({ dataFile })
    await first.use(10)
    first.emulator.meterEvents.hold = true
    await first.use(5)
    await first.emulator.stop()
    const { emulator, stripe } = await start({ dataFile })
    const total = async () => {
      const { data } = await stripe.billing.meters.listEventSummaries(first.meter.id, {
        customer: first.customer.id,
        start_time: Math.floor(NOW / 60) * 60,
        end_time: Math.ceil(NOW / 60) * 60 + 60,
      })
      return data[0]?.aggregated_value
    }
    expect(await total()).toBe(10)
    expect(await control(emulator.url, { processing: 'released' })).toMatchObject({ waiting: 0 })
    expect(await total()).toBe(15)
  })

  test('a refused call has no effect, a cut one may have had it: the same identifier tells', async () => {
    const { emulator, use, total } = await metered()
    emulator.faults.add({
      request: 'POST /v1/billing/meter_events',
      kind: 'answer',
      error: 'lock_timeout',
      times: 1,
    })
    expect(await refusal(use(10, { identifier: 'a' }))).toMatchObject({
      statusCode: 429,
      code: 'lock_timeout',
    })
    await use(10, { identifier: 'a' })
    for (const when of ['before', 'after'] as const) {
      emulator.faults.add({ request: 'POST /v1/billing/meter_events', kind: 'cut', when, times: 2 })
      await expect(use(5, { identifier: when })).rejects.toThrow()
      emulator.faults.clear()
    }
    await use(5, { identifier: 'before' })
    expect(await refusal(use(5, { identifier: 'after' }))).toMatchObject({
      message: 'An event already exists with identifier after.',
    })
    expect(await total()).toBe(20)
  })
})

describe('fact 14: bad events come back as v1.billing.meter.error_report_triggered', () => {
  test('a use of an unknown customer is accepted and reported by a thin event, which is fetched', async () => {
    const hook = await receiver()
    const snapshots = await receiver()
    const { emulator, stripe, meter, use } = await metered({
      webhooks: [
        { url: hook.url, secret: SECRET, payload: 'thin' },
        { url: snapshots.url, secret: SECRET },
      ],
    })
    await use(3, { customer: 'cus_unknown', identifier: 'lost' })
    await emulator.webhooksSettled()
    expect(snapshots.types()).not.toContain('v1.billing.meter.error_report_triggered')
    const [one] = hook.received
    const signature = String(one?.headers['stripe-signature'])
    const notification = stripe.parseEventNotification(
      one?.body ?? '',
      signature,
      SECRET,
      Number.MAX_SAFE_INTEGER,
    )
    expect(hook.received).toHaveLength(1)
    expect(one?.body).not.toContain('developer_message_summary')
    expect(notification).toMatchObject({
      object: 'v2.core.event',
      type: 'v1.billing.meter.error_report_triggered',
      livemode: false,
      related_object: { id: meter.id, type: 'billing.meter' },
    })
    const event = await notification.fetchEvent()
    expect(event).toMatchObject({
      id: notification.id,
      data: {
        developer_message_summary: 'There is 1 invalid event',
        reason: {
          error_count: 1,
          error_types: [
            {
              code: 'meter_event_customer_not_found',
              error_count: 1,
              sample_errors: [{ request: { identifier: 'lost' } }],
            },
          ],
        },
        validation_start: '2026-11-10T18:29:20.000Z',
        validation_end: '2026-11-10T18:29:30.000Z',
      },
    })
    if (notification.type !== 'v1.billing.meter.error_report_triggered') throw new Error('type')
    expect((await notification.fetchRelatedObject()).id).toBe(meter.id)
  })

  test('a customer that was deleted before is unknown', async () => {
    const { stripe, customer, use, total, emulator } = await metered({
      meterEvents: { hold: true },
    })
    await use(3)
    await stripe.customers.del(customer.id)
    await control(emulator.url, { processing: 'released' })
    expect((await refusal(total())).message).toContain('No such customer')
  })
})

describe('the v2 API', () => {
  test('an event is recorded by JSON, its times are texts, and its errors have codes', async () => {
    const { stripe, customer, total } = await metered()
    const send = (params: object) =>
      stripe.v2.billing.meterEvents.create({
        event_name: 'api_calls',
        identifier: 'a',
        timestamp: '2026-11-10T18:29:24.000Z',
        payload: { stripe_customer_id: customer.id, value: '5' },
        ...params,
      })
    expect(await send({})).toMatchObject({
      object: 'v2.billing.meter_event',
      created: '2026-11-10T18:29:24.000Z',
      timestamp: '2026-11-10T18:29:24.000Z',
      identifier: 'a',
    })
    for (const [params, code] of [
      [{}, 'duplicate_meter_event'],
      [{ event_name: 'other' }, 'no_meter'],
      [{ payload: { value: '1' } }, 'payload_no_customer_defined'],
      [{ payload: { stripe_customer_id: customer.id } }, 'payload_no_value_defined'],
      [{ payload: { stripe_customer_id: customer.id, value: 'x' } }, 'payload_invalid_value'],
      [{ identifier: 'b', timestamp: '2026-10-01T00:00:00.000Z' }, undefined],
      [{ identifier: 'b', timestamp: '2026-11-10T18:40:00.000Z' }, undefined],
    ] as const) {
      expect(await refusal(send(params))).toMatchObject({ statusCode: 400, code })
    }
    expect(await refusal(send({ identifier: 'b', timestamp: 'yesterday' }))).toMatchObject({
      statusCode: 400,
    })
    expect(await total()).toBe(5)
    expect(
      await stripe.v2.billing.meterEventAdjustments.create({
        event_name: 'api_calls',
        type: 'cancel',
        cancel: { identifier: 'a' },
      }),
    ).toMatchObject({ object: 'v2.billing.meter_event_adjustment', status: 'pending' })
    expect(await total()).toBe(0)
  })

  test('the stream takes events by a session token for 15 minutes, and reports what cannot be counted', async () => {
    const hook = await receiver()
    const { emulator, stripe, meter, customer, total } = await metered({
      webhooks: [{ url: hook.url, secret: SECRET, payload: 'thin' }],
    })
    const session = await stripe.v2.billing.meterEventSession.create()
    expect(session).toMatchObject({ expires_at: '2026-11-10T18:44:24.000Z' })
    const send = (events: object[], bearer = session.authentication_token) =>
      fetch(`${emulator.url}/v2/billing/meter_event_stream`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
      })
    const good = {
      event_name: 'api_calls',
      identifier: 'a',
      payload: { stripe_customer_id: customer.id, value: '5' },
    }
    const answer = await send([
      good,
      good,
      { ...good, identifier: 'b', payload: { value: '1' } },
      { ...good, identifier: 'c', payload: { stripe_customer_id: customer.id, value: '1.5' } },
      { ...good, identifier: 'd', timestamp: '2020-01-01T00:00:00Z' },
      { ...good, identifier: 'e', event_name: 'other' },
    ])
    expect([answer.status, await answer.json()]).toEqual([200, {}])
    expect(await total()).toBe(5)
    await emulator.webhooksSettled()
    const [report, noMeter] = await Promise.all(
      hook.received.map(({ event }) => stripe.v2.core.events.retrieve(event.id)),
    )
    expect(report).toMatchObject({
      type: 'v1.billing.meter.error_report_triggered',
      related_object: { id: meter.id },
      data: { reason: { error_count: 3 } },
    })
    expect(JSON.stringify(report)).toContain(
      'Customer mapping key stripe_customer_id not found in payload.',
    )
    expect(noMeter).toMatchObject({ type: 'v1.billing.meter.no_meter_found' })
    expect((await send([])).status).toBe(400)
    expect((await send(Array.from({ length: 101 }, () => good))).status).toBe(400)
    expect((await send([good], 'sk_test_x')).status).toBe(401)
    emulator.clock.advanceBy(15 * 60_000)
    const expired = await send([good])
    expect([expired.status, await expired.json()]).toMatchObject([
      401,
      { error: { code: 'billing_meter_event_session_expired' } },
    ])
    expect(await refusal(stripe.v2.core.events.retrieve('evt_x'))).toMatchObject({
      statusCode: 404,
    })
  })

  test('another route of v2 is a gap that says so', async () => {
    const { stripe } = await start({ observer: checkedObserver({ provoking: true }) })
    const error = await refusal(stripe.v2.core.eventDestinations.list())
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
    expect(error.message).toContain('stripe-emulator: this route is not emulated')
  })
})
