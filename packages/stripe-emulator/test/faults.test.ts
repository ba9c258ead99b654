import { describe, expect, test } from 'vitest'
import { EmulatorFaults } from '../src/core/faults/emulator-faults.ts'
import type { FaultRule } from '../src/index.ts'
import { startStripeEmulator } from '../src/index.ts'
import { receiver, refusal, START, start } from './harness.ts'

async function listening(rules: FaultRule[]) {
  const hook = await receiver()
  const { emulator, stripe } = await start({
    webhooks: [{ url: hook.url, secret: 'whsec_test' }],
    faults: { rules },
  })
  const create = async (...names: string[]) => {
    for (const name of names) await stripe.customers.create({ name })
    await emulator.webhooksSettled()
  }
  const arrived = () =>
    hook.received.map(({ event }) => (event.data.object as { name?: string }).name)
  return { hook, emulator, stripe, create, arrived }
}

describe('a request fault', () => {
  test('affects only its scope, and stops after `times`', async () => {
    const { emulator, stripe } = await start({
      faults: {
        rules: [{ request: 'POST /v1/customers', kind: 'answer', error: 'lock_timeout', times: 2 }],
      },
    })
    await stripe.products.create({ name: 'out of its scope' })
    for (let call = 0; call < 2; call += 1) {
      const refused = await refusal(stripe.customers.create())
      expect(refused).toMatchObject({ statusCode: 429, code: 'lock_timeout' })
      expect(refused.headers?.['stripe-should-retry']).toBe('true')
    }
    await stripe.customers.create()
    expect((await stripe.customers.list()).data).toHaveLength(1)
    expect(emulator.faults.list()).toEqual([
      {
        id: 'fault_1',
        request: 'POST /v1/customers',
        kind: 'answer',
        error: 'lock_timeout',
        times: 2,
        matched: 3,
        happened: 2,
        spent: true,
      },
    ])
  })

  test('matches a route by its segments or by a prefix', async () => {
    const { emulator, stripe } = await start()
    const { id } = await stripe.customers.create()
    const hits = async (request: string) => {
      emulator.faults.add({ id: 'one', request, kind: 'answer', error: 'server_error' })
      const outcomes = await Promise.allSettled([
        stripe.customers.retrieve(id),
        stripe.customers.list(),
        stripe.customers.update(id, {}),
        stripe.products.list(),
      ])
      return outcomes.map(({ status }) => status === 'rejected')
    }
    expect(await hits('/v1/customers/:id')).toEqual([true, false, true, false])
    expect(await hits('GET /v1/customers/*')).toEqual([true, false, false, false])
    expect(await hits('/v1/customers*')).toEqual([true, true, true, false])
    expect(await hits('GET *')).toEqual([true, true, false, true])
    expect(emulator.faults.list()).toHaveLength(1)
  })

  test('with a probability and a seed affects the same requests each time', async () => {
    const run = async (seed: number) => {
      const { stripe } = await start({
        faults: {
          rules: [{ request: '*', kind: 'answer', error: 'server_error', probability: 0.4, seed }],
        },
      })
      const outcomes: boolean[] = []
      for (let call = 0; call < 40; call += 1) {
        outcomes.push(
          await stripe.products.list().then(
            () => true,
            () => false,
          ),
        )
      }
      return outcomes
    }
    const first = await run(7)
    expect(first.filter((passed) => !passed).length).toBeGreaterThan(5)
    expect(first.filter((passed) => passed).length).toBeGreaterThan(5)
    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
  })

  test('closes the connection before or after the effect', async () => {
    const { emulator, stripe } = await start()
    const count = async () => (await stripe.customers.list()).data.length
    // Not with the `stripe` package, which retries once when a connection was closed.
    const create = () =>
      fetch(`${emulator.url}/v1/customers`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_test_x' },
      })
    emulator.faults.add({ request: 'POST *', kind: 'cut', when: 'before', times: 1 })
    await expect(create()).rejects.toThrow('fetch failed')
    expect(await count()).toBe(0)
    emulator.faults.add({ request: 'POST *', kind: 'cut', when: 'after', times: 1 })
    await expect(create()).rejects.toThrow('fetch failed')
    expect(await count()).toBe(1)
    expect((await create()).status).toBe(200)
    expect(await count()).toBe(2)
  })

  test('delays one response without delaying the others', async () => {
    const { emulator, stripe } = await start()
    emulator.faults.add({ request: 'POST /v1/customers', kind: 'delay', delayMs: 100, times: 1 })
    const order: string[] = []
    await Promise.all([
      stripe.customers.create().then(() => order.push('slow')),
      stripe.products.list().then(() => order.push('other')),
    ])
    expect(order).toEqual(['other', 'slow'])
  })

  test('that is remembered is returned again for its idempotency key, without an effect', async () => {
    const { emulator, stripe } = await start()
    const create = (idempotencyKey: string) => stripe.customers.create({}, { idempotencyKey })
    emulator.faults.add({ request: 'POST *', kind: 'answer', error: 'server_error', times: 1 })
    await refusal(create('forgotten'))
    expect((await create('forgotten')).object).toBe('customer')
    emulator.faults.add({
      request: 'POST *',
      kind: 'answer',
      error: 'server_error',
      remembered: true,
      times: 1,
    })
    const first = await refusal(create('kept'))
    const again = await refusal(create('kept'))
    expect(again).toMatchObject({ statusCode: 500, message: first.message })
    expect(again.headers?.['idempotent-replayed']).toBe('true')
    expect((await stripe.customers.list()).data).toHaveLength(1)
  })

  test('ends when it is removed, and so does a function', async () => {
    const { emulator, stripe } = await start()
    const { id } = emulator.faults.add({ request: '*', kind: 'answer', error: 'rate_limit' })
    await refusal(stripe.customers.list())
    expect(emulator.faults.remove(id)).toBe(true)
    expect(emulator.faults.remove(id)).toBe(false)
    await stripe.customers.list()
    emulator.faults.onRequest = () => ({ kind: 'answer', error: 'server_error' })
    emulator.faults.add({ request: '*', kind: 'cut', when: 'before' })
    emulator.faults.clear()
    await stripe.customers.list()
  })
})

describe('a webhook fault', () => {
  test('that reorders lets the next one arrive first', async () => {
    const { create, arrived } = await listening([{ webhook: '*', kind: 'reorder' }])
    await create('a', 'b', 'c', 'd')
    expect(arrived()).toEqual(['b', 'a', 'd', 'c'])
  })

  test('that reorders loses nothing where no other webhook follows', async () => {
    const { create, arrived } = await listening([{ webhook: '*', kind: 'reorder' }])
    await create('alone')
    expect(arrived()).toEqual(['alone'])
    await create('later')
    expect(arrived()).toEqual(['alone', 'later'])
  })

  test('that delays lets all others overtake it', async () => {
    const { create, arrived, emulator } = await listening([
      { webhook: 'customer.created', kind: 'delay', delayMs: 60_000, times: 1 },
    ])
    await create('a', 'b', 'c')
    expect(arrived()).toEqual(['b', 'c', 'a'])
    expect(emulator.faults.list()[0]).toMatchObject({ matched: 3, happened: 1 })
  })

  test('that duplicates or drops affects only its event types', async () => {
    const { hook, emulator, stripe } = await listening([
      { webhook: 'customer.*', kind: 'duplicate', times: 1 },
      { webhook: 'product.created', kind: 'drop' },
    ])
    await stripe.customers.create()
    await stripe.products.create({ name: 'dropped' })
    await stripe.customers.create()
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(['customer.created', 'customer.created', 'customer.created'])
    const [first, second, third] = hook.received.map(({ event }) => event.id)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([])
  })

  test('ends when it is removed', async () => {
    const { create, arrived, emulator } = await listening([{ webhook: '*', kind: 'drop' }])
    await create('lost')
    emulator.faults.clear()
    await create('a', 'b')
    expect(arrived()).toEqual(['a', 'b'])
  })
})

describe('an invalid fault is rejected with the name of the field', () => {
  const cases: [rule: object, param: string, message: RegExp][] = [
    [{ kind: 'drop' }, 'request', /either 'request' .* or 'webhook'/],
    [{ request: '*', webhook: '*', kind: 'drop' }, 'request', /either 'request' .* or 'webhook'/],
    [{ request: 'customers', kind: 'delay' }, 'request', /a path .*not "customers"/],
    [{ request: 'PATCH /v1/x', kind: 'delay' }, 'request', /a path/],
    [{ request: '*', kind: 'drop' }, 'kind', /one of answer, cut, delay, not "drop"/],
    [{ webhook: '*', kind: 'cut' }, 'kind', /one of drop, duplicate, reorder, delay/],
    [{ webhook: 'a b', kind: 'drop' }, 'webhook', /a type of event/],
    [{ request: '*', kind: 'answer' }, 'error', /one of rate_limit, lock_timeout, server_error/],
    [{ request: '*', kind: 'cut', when: 'never' }, 'when', /one of before, after, not "never"/],
    [{ request: '*', kind: 'delay' }, 'delayMs', /a whole number from 1 to 60000\.$/],
    [{ request: '*', kind: 'delay', delayMs: 0.5 }, 'delayMs', /not 0\.5/],
    [{ webhook: '*', kind: 'drop', times: 0 }, 'times', /a whole number from 1/],
    [{ webhook: '*', kind: 'drop', probability: 2 }, 'probability', /above 0 and at most 1, not 2/],
    [{ webhook: '*', kind: 'drop', seed: 1 }, 'probability', /given where there is a seed/],
    [{ webhook: '*', kind: 'drop', id: 'a b' }, 'id', /letters, digits/],
    [{ webhook: '*', kind: 'drop', delayMs: 5 }, 'delayMs', /does not belong to this fault/],
    [{ webhook: '*', kind: 'drop', colour: 'red' }, 'colour', /does not belong to this fault/],
  ]
  test.each(cases)('%j', (rule, param, message) => {
    const faults = new EmulatorFaults()
    // JSON or JavaScript may contain what the types do not allow.
    const set = () => faults.add(rule as FaultRule)
    expect(set).toThrow(expect.objectContaining({ message: expect.stringMatching(message) }))
    expect(set).toThrow(expect.objectContaining({ fields: expect.objectContaining({ param }) }))
    expect(faults.list()).toEqual([])
  })

  test('also in the options', async () => {
    const rules = [{ webhook: '*', kind: 'explode' } as unknown as FaultRule]
    await expect(startStripeEmulator({ faults: { rules } })).rejects.toThrow(/'kind' must be/)
  })
})

describe('a rate limit', () => {
  test('returns 429 beyond the limit within a second, without an effect', async () => {
    let now = START
    const { emulator, stripe } = await start({ rateLimit: 25, clock: { now: () => now } })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => stripe.customers.create()),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(25)
    const refused = await refusal(stripe.customers.create())
    expect(refused).toMatchObject({
      statusCode: 429,
      code: 'rate_limit',
      type: 'StripeRateLimitError',
    })
    expect(refused.headers).toMatchObject({ 'stripe-rate-limited-reason': 'global-rate' })
    expect(refused.headers?.['stripe-should-retry']).toBeUndefined()
    emulator.clock.advanceBy(86_400_000)
    await refusal(stripe.customers.create())
    now = new Date(START.getTime() + 1_000)
    expect((await stripe.customers.list({ limit: 100 })).data).toHaveLength(25)
  })

  test('can be changed and removed at run time', async () => {
    const { emulator, stripe } = await start()
    emulator.rateLimit.perSecond = 1
    await stripe.customers.list()
    await refusal(stripe.customers.list())
    emulator.rateLimit.perSecond = null
    await stripe.customers.list()
    await expect(startStripeEmulator({ rateLimit: 0 })).rejects.toThrow(/rateLimit must be/)
  })
})
