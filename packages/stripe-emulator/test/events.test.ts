import { expect, test } from 'vitest'
import { EVENT_TYPES } from '../src/resources/events/event-types.ts'
import { refusal, start } from './harness.ts'
import { readSchemas } from './schemas/cache.ts'
import { checkedObserver } from './schemas/observe.ts'

const provoking = { observer: checkedObserver({ provoking: true }) }

const url = 'https://shop.example.org/hook'

test('the event types of an endpoint are those of the stripe package', () => {
  const { definitions } = readSchemas()
  const params = definitions['WebhookEndpointCreateParams (form)']
  const words = params?.properties?.['enabled_events']?.items?.enum ?? []
  expect(words.length).toBeGreaterThan(200)
  expect(['*', ...EVENT_TYPES].toSorted()).toEqual(words.toSorted())
})

test('an unknown event type is refused (fact 35)', async () => {
  const { stripe } = await start(provoking)
  const unknown = ['invoice.payed' as 'invoice.paid']
  const error = await refusal(stripe.webhookEndpoints.create({ url, enabled_events: unknown }))
  expect(error).toMatchObject({ statusCode: 400, param: 'enabled_events[0]' })
  expect(error.message).toMatch(/^Invalid enabled_events\[0\]: must be one of \*/)
  const known = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  const changed = await refusal(
    stripe.webhookEndpoints.update(known.id, { enabled_events: unknown }),
  )
  expect(changed.param).toBe('enabled_events[0]')
})

test('an endpoint refuses an unknown version, a URL without a scheme, and Connect', async () => {
  const { stripe } = await start(provoking)
  const version = '2999-01-01' as '2020-08-27'
  const of = { url, enabled_events: ['*' as const] }
  const unknown = await refusal(stripe.webhookEndpoints.create({ ...of, api_version: version }))
  expect(unknown.message).toMatch(/^Invalid Stripe API version: 2999-01-01/)
  const bare = await refusal(stripe.webhookEndpoints.create({ ...of, url: 'shop.example.org' }))
  expect(bare).toMatchObject({ code: 'url_invalid', param: 'url' })
  const connect = await refusal(stripe.webhookEndpoints.create({ ...of, connect: true }))
  expect(connect.message).toMatch(/Connect/)
})

test('there are at most 16 endpoints', async () => {
  const { stripe } = await start()
  const create = () => stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  for (let count = 0; count < 16; count += 1) await create()
  const error = await refusal(create())
  expect(error.message).toBe('You have reached the maximum of 16 test webhook endpoints.')
})

test('events are listed by one type or by several, not both', async () => {
  const { stripe } = await start()
  await stripe.customers.create({})
  const both = { type: 'customer.created', types: ['customer.created'] }
  expect(await refusal(stripe.events.list(both))).toMatchObject({
    code: 'parameters_exclusive',
    param: 'type',
  })
  const many = Array.from({ length: 21 }, () => 'customer.created')
  expect(await refusal(stripe.events.list({ types: many }))).toMatchObject({ param: 'types' })
  const { data } = await stripe.events.list({ types: ['customer.created', 'customer.updated'] })
  expect(data).toHaveLength(1)
})

test('a test clock without subscriptions advances two years at most', async () => {
  const { stripe } = await start()
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1_700_000_000 })
  const late = await refusal(
    stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1_700_000_000 + 800 * 86_400 }),
  )
  expect(late.param).toBe('frozen_time')
  const unknown = await refusal(stripe.testHelpers.testClocks.retrieve('clock_none'))
  expect(unknown).toMatchObject({
    statusCode: 404,
    message: "No such billingclock: 'clock_none'",
    param: 'test_clock',
  })
})
