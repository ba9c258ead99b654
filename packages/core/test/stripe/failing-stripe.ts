import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '@tollgate/testing/listen'
import type { OperationName } from '../../src/stripe/operations/operations.ts'
import { operationOf } from '../../src/stripe/operations/operations.ts'

/** What Stripe says of a write that it did not do, or did without being able to say so. */
export const failures = {
  server_error: { status: 500, body: { error: { type: 'api_error', message: 'An error.' } } },
  rate_limit: {
    status: 429,
    body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many.' } },
  },
  lock_timeout: {
    status: 429,
    body: { error: { type: 'invalid_request_error', code: 'lock_timeout', message: 'Locked.' } },
  },
} as const

export interface Failing {
  /** The path of the write, as `/v1/customers` or `/v1/subscriptions/*`. */
  path: string
  failure: keyof typeof failures
  /** Whether the write happens all the same. */
  happens: boolean
}

export interface FailingStripe {
  apiBase: string
  /** From now on the next write to this path fails once. */
  failNext(failing: Failing): void
  /** The kinds of calls that the key may not make. */
  readonly denied: Set<OperationName>
  /** How many answers were failures. */
  readonly failed: number
  close(): Promise<void>
}

interface Stored extends Failing {
  /** The write that the key was used for first. */
  write: string
}

/**
 * A way to Stripe on which one write fails, and fails again for ever under its idempotency key, as at Stripe; another write
 * under that key is refused. The repeats bear no header that says so, so nothing may depend on one.
 */
export async function startFailingStripe(upstream: string): Promise<FailingStripe> {
  let next: Failing | null = null
  let failed = 0
  const stored = new Map<string, Stored>()
  const denied = new Set<OperationName>()
  const { url, close } = await listen(async (incoming, outgoing) => {
    const { method = 'GET', url: target = '/', headers } = incoming
    const body = await text(incoming)
    const answer = (status: number, content: unknown) =>
      outgoing
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(content))
    const operation = operationOf(method, target)
    if (operation !== null && denied.has(operation)) return answer(403, noPermission)
    const key = String(headers['idempotency-key'] ?? '')
    const write = `${target} ${body}`
    const before = method === 'POST' ? stored.get(key) : undefined
    if (before && before.write !== write) return answer(400, otherWrite)
    const now = method === 'POST' && next !== null && matches(next.path, target) ? next : null
    if (now) next = null
    const failing = before ?? now
    const fail = (how: Failing) => {
      failed += 1
      stored.set(key, { ...how, write })
      answer(failures[how.failure].status, failures[how.failure].body)
    }
    if (failing && (before || !failing.happens)) return fail(failing)
    const onward = request(upstream + target, { method, headers }, (response) => {
      if (failing) {
        response.resume().on('end', () => fail(failing))
        return
      }
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    onward.end(body)
  })
  return {
    apiBase: url,
    close,
    denied,
    failNext: (failing) => {
      next = failing
    },
    get failed() {
      return failed
    },
  }
}

/** docs/stripe.md, fact 38 */
const noPermission = {
  error: {
    type: 'invalid_request_error',
    message:
      "The provided key 'rk_test_***' does not have the required permissions for this endpoint on account 'acct_1'. Having the 'rak_x_write' permission would allow this request to continue.",
  },
}

/** docs/stripe.md, fact 18 */
const otherWrite = {
  error: {
    type: 'idempotency_error',
    message: 'Keys for idempotent requests can only be used with the same parameters.',
  },
}

function matches(pattern: string, url: string): boolean {
  const path = new URL(url, 'http://stripe').pathname
  return new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`).test(path)
}
