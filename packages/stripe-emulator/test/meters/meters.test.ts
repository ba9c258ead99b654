import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, refusal } from '../harness.ts'
import { metered, NOW } from './usage.ts'

const DAY = 86_400

describe('meters', () => {
  test('a meter is created with the defaults of Stripe, renamed, deactivated and reactivated, each with its event', async () => {
    const { stripe, meter } = await metered()
    expect(meter).toMatchObject({
      object: 'billing.meter',
      customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
      default_aggregation: { formula: 'sum' },
      event_time_window: null,
      status: 'active',
      status_transitions: { deactivated_at: null },
      value_settings: { event_payload_key: 'value' },
    })
    const renamed = await stripe.billing.meters.update(meter.id, { display_name: 'Calls' })
    expect(renamed.display_name).toBe('Calls')
    const off = await stripe.billing.meters.deactivate(meter.id)
    expect(off).toMatchObject({ status: 'inactive', status_transitions: { deactivated_at: NOW } })
    expect((await stripe.billing.meters.list({ status: 'active' })).data).toEqual([])
    expect((await stripe.billing.meters.list({ status: 'inactive' })).data).toEqual([off])
    expect((await stripe.billing.meters.reactivate(meter.id)).status).toBe('active')
    const { data } = await stripe.events.list({ types: ['billing.meter.*'] })
    expect(data.map(({ type }) => type)).toEqual([
      'billing.meter.reactivated',
      'billing.meter.deactivated',
      'billing.meter.updated',
      'billing.meter.created',
    ])
    expect(data[2]?.data.previous_attributes).toEqual({ display_name: 'API calls' })
  })

  test('two active meters never have the same event name', async () => {
    const { stripe, meter } = await metered()
    const again = () =>
      stripe.billing.meters.create({
        display_name: 'Again',
        event_name: 'api_calls',
        default_aggregation: { formula: 'count' },
      })
    expect(await refusal(again())).toMatchObject({ statusCode: 400, param: 'event_name' })
    await stripe.billing.meters.deactivate(meter.id)
    await again()
    expect(await refusal(stripe.billing.meters.reactivate(meter.id))).toMatchObject({
      statusCode: 400,
    })
  })

  test('a meter that does not exist, another formula, a long name are refused', async () => {
    const { stripe } = await metered()
    const create = (params: object) =>
      stripe.billing.meters.create({
        display_name: 'X',
        event_name: 'x',
        default_aggregation: { formula: 'sum' },
        ...params,
      })
    expect(await refusal(stripe.billing.meters.retrieve('mtr_x'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    })
    for (const [params, param] of [
      [{ default_aggregation: { formula: 'max' } }, 'default_aggregation[formula]'],
      [{ event_name: 'x'.repeat(101) }, 'event_name'],
      [{ display_name: '' }, 'display_name'],
      [{ event_time_window: 'week' }, 'event_time_window'],
      [{ customer_mapping: { type: 'by_id' } }, 'customer_mapping[event_payload_key]'],
    ] as const) {
      expect(await refusal(create(params))).toMatchObject({ statusCode: 400, param })
    }
  })
})

describe('fact 14: meter events', () => {
  test('an event is accepted with its identifier and time, or gets both', async () => {
    const { stripe, use, customer } = await metered()
    expect(await use(25, { identifier: 'a', at: NOW - 60 })).toMatchObject({
      object: 'billing.meter_event',
      created: NOW,
      event_name: 'api_calls',
      identifier: 'a',
      livemode: false,
      payload: { stripe_customer_id: customer.id, value: '25' },
      timestamp: NOW - 60,
    })
    const bare = await stripe.billing.meterEvents.create({
      event_name: 'api_calls',
      payload: { stripe_customer_id: customer.id, value: '1', region: 'eu' },
    })
    expect(bare).toMatchObject({ timestamp: NOW, payload: { region: 'eu' } })
    expect(bare.identifier).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('a timestamp is at most 35 days old and at most 5 minutes ahead', async () => {
    const { use, total } = await metered()
    await use(1, { at: NOW - 35 * DAY })
    await use(2, { at: NOW + 300 })
    expect(await refusal(use(4, { at: NOW - 35 * DAY - 1 }))).toMatchObject({
      statusCode: 400,
      param: 'timestamp',
    })
    expect(await refusal(use(8, { at: NOW + 301 }))).toMatchObject({
      statusCode: 400,
      param: 'timestamp',
    })
    expect(await total()).toBe(3)
  })

  test('the clock of a customer with a test clock is that of its events', async () => {
    const { stripe, use, meter } = await metered()
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: NOW - 90 * DAY })
    const customer = (await stripe.customers.create({ test_clock: clock.id })).id
    await use(3, { customer, at: NOW - 91 * DAY })
    expect(await refusal(use(3, { customer, at: NOW }))).toMatchObject({ statusCode: 400 })
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer,
      start_time: Math.floor(NOW / DAY) * DAY - 100 * DAY,
      end_time: Math.floor(NOW / DAY) * DAY,
    })
    expect(data[0]?.aggregated_value).toBe(3)
  })

  test('a repeated identifier is refused for 24 hours, also with another value, and counts once', async () => {
    const { emulator, use, total } = await metered()
    await use(5, { identifier: 'once' })
    const error = await refusal(use(7, { identifier: 'once' }))
    expect(error).toMatchObject({
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      message: 'An event already exists with identifier once.',
    })
    expect(error.code).toBeUndefined()
    emulator.clock.advanceBy(24 * HOUR_MS - 1000)
    expect(await refusal(use(7, { identifier: 'once' }))).toMatchObject({ statusCode: 400 })
    emulator.clock.advanceBy(1000)
    await use(7, { identifier: 'once' })
    expect(await total()).toBe(12)
  })

  test('the same request under the same idempotency key is answered again, not counted again', async () => {
    const { stripe, customer, total } = await metered()
    const send = () =>
      stripe.billing.meterEvents.create(
        {
          event_name: 'api_calls',
          identifier: 'once',
          payload: { stripe_customer_id: customer.id, value: '5' },
        },
        { idempotencyKey: 'key' },
      )
    expect((await send()).identifier).toBe((await send()).identifier)
    expect(await total()).toBe(5)
  })

  test('a value is a whole number of at most 15 digits, and may be negative', async () => {
    const { stripe, customer, total } = await metered()
    const send = (payload: Record<string, string>) =>
      stripe.billing.meterEvents.create({
        event_name: 'api_calls',
        timestamp: NOW + 1,
        payload: { stripe_customer_id: customer.id, ...payload },
      })
    await send({ value: '10' })
    await send({ value: '-4' })
    await send({ value: '999999999999999' })
    await send({ value: '-999999999999999' })
    for (const value of ['1.5', 'ten', '', '1e3', '+1', ' 1']) {
      expect(await refusal(send({ value }))).toMatchObject({ statusCode: 400 })
    }
    expect(await refusal(send({ value: '1234567890123456' }))).toMatchObject({
      message:
        'The value in the event payload can have at most 15 digits. Received 1234567890123456.',
    })
    expect(await refusal(send({}))).toMatchObject({ statusCode: 400, param: 'payload' })
    expect(await total()).toBe(6)
  })

  test('an event without a meter, to an inactive one, or without a customer is refused', async () => {
    const { stripe, meter, use, customer } = await metered()
    expect(await refusal(use(1, { event: 'other' }))).toMatchObject({
      statusCode: 400,
      message: 'No active meter found for event name "other".',
    })
    expect(
      await refusal(
        stripe.billing.meterEvents.create({ event_name: 'api_calls', payload: { value: '1' } }),
      ),
    ).toMatchObject({ statusCode: 400, param: 'payload' })
    expect(
      await refusal(
        stripe.billing.meterEvents.create({
          event_name: 'api_calls',
          identifier: 'x'.repeat(101),
          payload: { stripe_customer_id: customer.id, value: '1' },
        }),
      ),
    ).toMatchObject({ statusCode: 400, param: 'identifier' })
    await stripe.billing.meters.deactivate(meter.id)
    expect(await refusal(use(1))).toMatchObject({ statusCode: 400 })
  })

  test('the keys of the payload are those of the meter, and a meter that counts needs no value', async () => {
    const { stripe, customer } = await metered()
    const meter = await stripe.billing.meters.create({
      display_name: 'Jobs',
      event_name: 'jobs',
      default_aggregation: { formula: 'count' },
      customer_mapping: { type: 'by_id', event_payload_key: 'who' },
      value_settings: { event_payload_key: 'how_many' },
    })
    for (const payload of [{ who: customer.id }, { who: customer.id, how_many: '7' }]) {
      await stripe.billing.meterEvents.create({ event_name: 'jobs', timestamp: NOW, payload })
    }
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer: customer.id,
      start_time: Math.floor(NOW / 60) * 60,
      end_time: Math.ceil((NOW + 1) / 60) * 60,
    })
    expect(data[0]?.aggregated_value).toBe(2)
  })
})

describe('adjustments', () => {
  test('an event is canceled by its identifier within 24 hours, once', async () => {
    const { emulator, stripe, use, total } = await metered()
    const cancel = (identifier: string, event = 'api_calls') =>
      stripe.billing.meterEventAdjustments.create({
        event_name: event,
        type: 'cancel',
        cancel: { identifier },
      })
    await use(5, { identifier: 'wrong' })
    await use(2, { identifier: 'right' })
    expect(await cancel('wrong')).toMatchObject({
      object: 'billing.meter_event_adjustment',
      cancel: { identifier: 'wrong' },
      status: 'pending',
      type: 'cancel',
    })
    await cancel('wrong')
    expect(await total()).toBe(2)
    expect(await refusal(use(5, { identifier: 'wrong' }))).toMatchObject({ statusCode: 400 })
    expect(await refusal(cancel('unknown'))).toMatchObject({ statusCode: 400 })
    expect(await refusal(cancel('right', 'other'))).toMatchObject({ statusCode: 400 })
    emulator.clock.advanceBy(DAY_MS)
    expect(await refusal(cancel('right'))).toMatchObject({ statusCode: 400 })
    expect(await total()).toBe(2)
    expect(
      await refusal(
        stripe.billing.meterEventAdjustments.create({ event_name: 'api_calls', type: 'cancel' }),
      ),
    ).toMatchObject({ code: 'parameter_missing', param: 'cancel[identifier]' })
  })
})

describe('summaries', () => {
  test('the usage is given for the whole time, by hours and by days, newest first, in pages', async () => {
    const { stripe, meter, customer, use } = await metered()
    const day = Math.floor(NOW / DAY) * DAY
    await use(1, { at: day - DAY })
    await use(2, { at: day - 1 })
    await use(4, { at: day })
    await use(8, { at: day + 3599 })
    await use(16, { at: day + 3600 })
    const list = (params: object) =>
      stripe.billing.meters.listEventSummaries(meter.id, {
        customer: customer.id,
        start_time: day - DAY,
        end_time: day + DAY,
        ...params,
      })
    const values = async (params: object) =>
      (await list(params)).data.map(({ start_time: at, aggregated_value: value }) => [
        at - day,
        value,
      ])
    expect(await values({})).toEqual([[-DAY, 31]])
    expect(await values({ value_grouping_window: 'day' })).toEqual([
      [0, 28],
      [-DAY, 3],
    ])
    expect(await values({ value_grouping_window: 'hour' })).toEqual([
      [3600, 16],
      [0, 12],
      [-3600, 2],
      [-DAY, 1],
    ])
    expect(await values({ start_time: day + 3540, end_time: day + 3660 })).toEqual([[3540, 24]])
    const first = await list({ value_grouping_window: 'hour', limit: 3 })
    expect(first.has_more).toBe(true)
    const last = first.data.at(-1)?.id ?? ''
    expect(await values({ value_grouping_window: 'hour', starting_after: last })).toEqual([
      [-DAY, 1],
    ])
  })

  test('times that are not aligned, a reversed time and an unknown customer are refused', async () => {
    const { stripe, meter, customer } = await metered()
    const day = Math.floor(NOW / DAY) * DAY
    const list = (params: object) =>
      refusal(
        stripe.billing.meters.listEventSummaries(meter.id, {
          customer: customer.id,
          start_time: day,
          end_time: day + DAY,
          ...params,
        }),
      )
    for (const [params, param] of [
      [{ start_time: day + 1 }, 'start_time'],
      [{ end_time: day + 61 }, 'end_time'],
      [{ start_time: day + 60, value_grouping_window: 'hour' }, 'start_time'],
      [{ end_time: day + 3600, value_grouping_window: 'day' }, 'end_time'],
      [{ end_time: day }, 'end_time'],
      [{ customer: 'cus_x' }, 'customer'],
    ] as const) {
      expect(await list(params)).toMatchObject({ statusCode: 400, param })
    }
  })

  test('`last` takes the latest time, and of the same time the latest arrival', async () => {
    const { use, total } = await metered({ formula: 'last' })
    expect(await total()).toBe(0)
    await use(5, { at: NOW - 10 })
    await use(9, { at: NOW - 20 })
    expect(await total()).toBe(5)
    await use(7, { at: NOW - 10 })
    expect(await total()).toBe(7)
  })

  test.each(['hour', 'day'] as const)(
    'of events that are aggregated by %s only the one that arrived last counts',
    async (window) => {
      const { stripe, use, total } = await metered({ window })
      const start = Math.floor(NOW / DAY) * DAY - DAY
      await use(100, { at: start })
      await use(10, { at: start + 20 })
      await use(12, { at: start + 10, identifier: 'latest' })
      await use(3, { at: start + (window === 'hour' ? 3600 : DAY) })
      expect(await total()).toBe(15)
      await stripe.billing.meterEventAdjustments.create({
        event_name: 'api_calls',
        type: 'cancel',
        cancel: { identifier: 'latest' },
      })
      expect(await total()).toBe(13)
    },
  )
})
