import { expect, test } from 'vitest'
import { DAY_MS, receiver, refusal, start } from './harness.ts'

test('an event and its deliveries are deleted after 30 days', async () => {
  const hook = await receiver()
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  await stripe.customers.create()
  await emulator.webhooksSettled()
  const [event] = (await stripe.events.list()).data
  emulator.clock.advanceBy(30 * DAY_MS - 1_000)
  expect(await stripe.events.retrieve(event?.id ?? '')).toMatchObject({ type: 'customer.created' })
  emulator.clock.advanceBy(1_000)
  await stripe.customers.create()
  expect(await refusal(stripe.events.retrieve(event?.id ?? ''))).toMatchObject({ statusCode: 404 })
})

test('an event with a pending delivery is kept until it is delivered', async () => {
  let up = false
  const hook = await receiver(() => (up ? 200 : 503))
  const { stripe, emulator } = await start({ webhooks: [{ url: hook.url, secret: 'whsec_x' }] })
  await stripe.customers.create()
  await hook.first
  emulator.clock.advanceBy(45 * DAY_MS)
  await stripe.products.create({ name: 'Later' })
  up = true
  await emulator.webhooksSettled()
  expect(hook.types()).toEqual(expect.arrayContaining(['customer.created', 'product.created']))
})

test('the event of a test clock with an old date is kept as long as any other', async () => {
  const { stripe, emulator } = await start()
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1_577_836_800 })
  const hook = await receiver()
  await stripe.webhookEndpoints.create({ url: hook.url, enabled_events: ['customer.created'] })
  await stripe.customers.create({ test_clock: clock.id })
  await emulator.webhooksSettled()
  emulator.clock.advanceBy(29 * DAY_MS)
  const id = hook.received[0]?.event.id ?? ''
  expect(await stripe.events.retrieve(id)).toMatchObject({ created: 1_577_836_800 })
})
