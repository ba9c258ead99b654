import { availableParallelism } from 'node:os'
import Stripe from 'stripe'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Observer } from '../../src/index.ts'
import { startStripeEmulator } from '../../src/index.ts'
import { clientOf, receiver } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'
import { announcedAs, leftOut } from './left-out.ts'
import type { Run } from './stripe-cli.ts'
import { allTriggers, stripeCli } from './stripe-cli.ts'

const SECRET = 'whsec_triggers'

const known = await allTriggers()
const unanswered = Object.values(leftOut).flat()
const answered = known.filter((name) => !unanswered.includes(name))

interface Outcome extends Run {
  /** The types of the events that arrived; each had a signature that the SDK accepts. */
  arrived: string[]
}

/** Holds what the command line is told to the types, which know nothing of the page's private part. */
function observed(): Observer {
  const observer = checkedObserver({ older: true })
  return {
    ...observer,
    onExchange: (exchange) => {
      if (!exchange.path.startsWith('/v1/payment_pages/')) observer.onExchange?.(exchange)
    },
  }
}

/** Runs a trigger against an emulator of its own, whose webhooks go to a receiver of its own. */
async function run(name: string): Promise<Outcome> {
  const hook = await receiver()
  const emulator = await startStripeEmulator({
    observer: observed(),
    webhooks: [{ url: hook.url, secret: SECRET }],
  })
  try {
    const api = ['--api-key', 'sk_test_1234567890abcdef', '--api-base', emulator.url]
    const ended = await stripeCli(['trigger', name, ...api])
    const stripe = clientOf(emulator)
    // A test clock arrives before the next request is answered.
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
    const waiting = [...answered]
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        outcomes.set(name, await run(name))
      }
    }
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work))
  }, 300_000)

  test('are all answered, or left out by name', () => {
    expect(known.length).toBeGreaterThan(100)
    expect(new Set(known).size).toBe(known.length)
    expect([...answered, ...unanswered].sort()).toEqual([...known].sort())
    expect(known).toEqual(expect.arrayContaining(Object.keys(announcedAs)))
  })

  test.each(answered)('%s succeeds, and its signed event arrives', (name) => {
    const outcome = outcomes.get(name)
    expect(outcome?.output).toContain('Trigger succeeded!')
    expect(outcome?.exitCode).toBe(0)
    expect(outcome?.arrived).toContain(announcedAs[name]?.type ?? name)
  })
})

test('a signature by another secret is refused', async () => {
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
