import Stripe from 'stripe'
import { afterAll, afterEach } from 'vitest'
import type { Exchange, Observer } from '../../src/index.ts'
import { readSchemas } from './cache.ts'
import { Conformance } from './check.ts'

const conformance = new Conformance(readSchemas())
const violations = new Set<string>()

/** Fails when something was said since the last look that Stripe or its types would not say. */
function verdict(): void {
  const found = [...violations]
  violations.clear()
  if (found.length === 0) return
  throw new Error(`not as the types of the stripe package have it:\n  ${found.join('\n  ')}`)
}

afterEach(verdict)
afterAll(verdict)

function tell(lines: readonly string[]): void {
  for (const line of lines) violations.add(line)
}

/**
 * Observes an emulator in a test: each call, answer and event is held to the types of the `stripe`
 * package, and the test in which one does not fit fails. `provoking` is for tests that send wrong
 * requests on purpose: those may be wrong as long as they are refused. `older` is for clients that
 * are not of the pinned version: only what they are told is held to it.
 */
export function checkedObserver({
  provoking = false,
  older = false,
}: {
  provoking?: boolean
  older?: boolean
} = {}): Observer {
  return {
    onExchange(exchange: Exchange) {
      // Answers in an older version's form are not what the package's types describe.
      if (exchange.version !== Stripe.API_VERSION) return
      const { request, response } = conformance.ofExchange(exchange)
      const refused = exchange.status >= 400 && exchange.status < 500
      if (!(provoking && refused) && !older) tell(request)
      tell(response)
    },
    onEvent: checkEvent,
  }
}

/** Holds the body of a webhook to the types of the `stripe` package, as `checkedObserver` does. */
export function checkEvent(event: unknown): void {
  tell(conformance.ofEvent(event))
}
