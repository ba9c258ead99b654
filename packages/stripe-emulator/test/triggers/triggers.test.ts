import { availableParallelism } from 'node:os'
import Stripe from 'stripe'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Observer } from '../../src/index.ts'
import { startStripeEmulator } from '../../src/index.ts'
import { clientOf, receiver } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'
import type { Run } from './stripe-cli.ts'
import { allTriggers, stripeCli } from './stripe-cli.ts'
import { eventTypes, olderVersions, unsupported } from './unsupported.ts'

const SECRET = 'whsec_triggers'

const known = await allTriggers()
const unsupportedNames = Object.values(unsupported).flat()
const supportedNames = known.filter((name) => !unsupportedNames.includes(name))

interface Outcome extends Run {
  /** The types of the events that arrived; each had a signature that the SDK accepts. */
  arrived: string[]
}

/** Checks the traffic of the command line against the types, except the private routes of the hosted page. */
function observed(): Observer {
  const observer = checkedObserver({ older: true })
  return {
    ...observer,
    onExchange: (exchange) => {
      if (!exchange.path.startsWith('/v1/payment_pages/')) observer.onExchange?.(exchange)
    },
  }
}

/** Runs a trigger against a new emulator whose webhooks go to a new receiver. */
async function run(name: string): Promise<Outcome> {
  const hook = await receiver()
  const older = olderVersions[name]
  const emulator = await startStripeEmulator({
    // The events of an older version are not as the types of the pinned one.
    observer: older === undefined ? observed() : {},
    webhooks: [{ url: hook.url, secret: SECRET }],
    ...(older !== undefined && { apiVersion: older.apiVersion }),
  })
  try {
    const api = ['--api-key', 'sk_test_1234567890abcdef', '--api-base', emulator.url]
    const ended = await stripeCli(['trigger', name, ...api])
    const stripe = clientOf(emulator)
    // The advance of a test clock completes before the next request.
    await stripe.events.list()
    await emulator.webhooksSettled()
    const arrived = hook.received.map(({ body, headers }) => {
      const signature = headers['stripe-signature'] ?? ''
      return stripe.webhooks.constructEvent(body, signature, SECRET).type
    })
    return { ...ended, arrived }
  } finally {
    await emulator.stop()
  }
}

describe("the triggers of Stripe's command line", () => {
  const outcomes = new Map<string, Outcome>()

  beforeAll(async () => {
    const waiting = [...supportedNames]
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        outcomes.set(name, await run(name))
      }
    }
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
  }, 300_000)

  test('all succeed, or are listed as unsupported', () => {
    expect(known.length).toBeGreaterThan(100)
    expect(new Set(known).size).toBe(known.length)
    expect([...supportedNames, ...unsupportedNames].sort()).toEqual([...known].sort())
    expect(known).toEqual(expect.arrayContaining(Object.keys(eventTypes)))
    expect(supportedNames).toEqual(expect.arrayContaining(Object.keys(olderVersions)))
  })

  test.each(supportedNames)('%s succeeds, and its signed event arrives', (name) => {
    const outcome = outcomes.get(name)
    expect(outcome?.output).toContain('Trigger succeeded!')
    expect(outcome?.exitCode).toBe(0)
    expect(outcome?.arrived).toContain(eventTypes[name]?.type ?? name)
  })
})

test('a signature with another secret is rejected', async () => {
  const hook = await receiver()
  const emulator = await startStripeEmulator({
    observer: checkedObserver(),
    webhooks: [{ url: hook.url, secret: SECRET }],
  })
  await clientOf(emulator).customers.create()
  await emulator.webhooksSettled()
  await emulator.stop()
  const [one] = hook.received
  const signature = one?.headers['stripe-signature'] ?? ''
  const read = () =>
    new Stripe('sk_test_x').webhooks.constructEvent(one?.body ?? '', signature, 'whsec_other')
  expect(read).toThrow(Stripe.errors.StripeSignatureVerificationError)
})
