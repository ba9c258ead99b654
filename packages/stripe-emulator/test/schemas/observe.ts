import Stripe from 'stripe'
import { afterAll, afterEach } from 'vitest'
import type { Exchange, Observer } from '../../src/index.ts'
import { readSchemas } from './cache.ts'
import { Conformance } from './check.ts'

const conformance = new Conformance(readSchemas())
const violations = new Set<string>()

/** Throws where a violation was found since the last call. */
function throwViolations(): void {
  const found = [...violations]
  violations.clear()
  if (found.length === 0) return
  throw new Error(`does not conform to the types of the stripe package:\n  ${found.join('\n  ')}`)
}

afterEach(throwViolations)
afterAll(throwViolations)

/** The parameters that were accepted and had no effect. A filter of an empty list has nothing to filter. */
function ignoredParams({ method, path, body, unread }: Exchange): string[] {
  const route = `${method} ${path}`
  if (method === 'GET' && JSON.parse(body).data?.length === 0) return []
  return unread.map((name) => `${route}: accepts and ignores ${name}`)
}

function report(lines: readonly string[]): void {
  for (const line of lines) violations.add(line)
}

/**
 * An observer for an emulator in a test: it checks each request, response and event against the types of the
 * `stripe` package, and fails the test at a violation. `provoking`: invalid requests are allowed as long as
 * they are rejected. `older`: the client has an older version, so only responses and events are checked.
 */
export function checkedObserver({
  provoking = false,
  older = false,
}: {
  provoking?: boolean
  older?: boolean
} = {}): Observer {
  return {
    watchesParams: true,
    onExchange(exchange: Exchange) {
      if (exchange.status === 200) report(ignoredParams(exchange))
      // The types of the package do not describe responses in an older version.
      if (exchange.version !== Stripe.API_VERSION) return
      const { request, response } = conformance.ofExchange(exchange)
      const refused = exchange.status >= 400 && exchange.status < 500
      if (!(provoking && refused) && !older) report(request)
      report(response)
    },
    onEvent: checkEvent,
  }
}

/** Checks the body of a webhook against the types of the `stripe` package. */
export function checkEvent(event: unknown): void {
  report(conformance.ofEvent(event))
}
