import { isTollgateError } from './error.ts'
import type { MutationPath } from './types.ts'

export interface RetryPolicy {
  /** How often a failed call is sent again. */
  retries: number
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface Call {
  type: 'query' | 'mutation'
  path: string
  signal: AbortSignal | undefined
}

const FIRST_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 8_000
/** Where the server asks for a longer wait, the call fails at once instead. */
const MAX_RETRY_AFTER_SECONDS = 30

/**
 * Which mutations may be sent again when it is unknown whether the first one arrived. A new mutation does not compile
 * until it is listed here.
 */
const repeatable: Record<MutationPath, boolean> = {
  // The same idempotency key goes out again, so it counts once.
  'usage.record': true,
  'usage.recordBatch': true,
  'usage.consume': true,
  'usage.reserve': true,
  // Idempotent by nature: the same again changes nothing. A second portal link is harmless.
  'usage.settle': true,
  'usage.release': true,
  'usage.void': true,
  'users.upsert': true,
  'billing.checkout': true,
  'billing.buyPack': true,
  'billing.portal': true,
  'billing.cancel': true,
  'billing.resume': true,
  'billing.sync': true,
  'billing.setOverageCap': true,
  // Moves money. A repeat would find what was done before, but the caller decides whether to ask again.
  'billing.changePlan': false,
}

const repeatablePaths = new Set(
  Object.entries(repeatable).flatMap(([path, safe]) => (safe ? [path] : [])),
)

/**
 * Runs `attempt` until it succeeds, fails for good, or has been repeated `retries` times. What is repeated: queries and
 * the mutations above, where no response came or its status was 429, 502, 503 or 504.
 */
export async function withRetries<T>(
  call: Call,
  { retries, sleep }: RetryPolicy,
  attempt: () => Promise<T>,
): Promise<T> {
  const repeats = call.type === 'query' || repeatablePaths.has(call.path) ? retries : 0
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      const waitMs = failures < repeats ? waitMsAfter(error, failures) : null
      if (waitMs === null) throw error
      await sleep(waitMs, call.signal)
    }
  }
}

/** Null: don't try again. Half of the backoff is random, so that callers who failed together don't return together. */
function waitMsAfter(error: unknown, failures: number): number | null {
  if (!isTollgateError(error)) return null
  const { status, retryAfterSeconds } = error
  if (status !== null && ![429, 502, 503, 504].includes(status)) return null
  if (retryAfterSeconds !== null && retryAfterSeconds > MAX_RETRY_AFTER_SECONDS) return null
  const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS)
  const jitterMs = (backoffMs / 2) * Math.random()
  return (retryAfterSeconds === null ? backoffMs / 2 : retryAfterSeconds * 1000) + jitterMs
}

/** Resolves after `ms`; rejects with the signal's reason as soon as that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
