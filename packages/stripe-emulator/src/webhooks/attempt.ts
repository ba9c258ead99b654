import type { Clock } from '../core/clock.ts'
import { toSeconds } from '../core/clock.ts'
import type { DeliveryAttempt } from '../documents.ts'
import { signatureOf } from './signature.ts'

const TIMEOUT_MS = 10_000
const KEPT_CHARACTERS = 500

export interface AttemptParts {
  event: object
  url: string
  secret: string
  clock: Clock
  signal: AbortSignal
}

/** Posts a signed event to an endpoint and returns the outcome. Never rejects. */
export async function attempt(parts: AttemptParts): Promise<DeliveryAttempt> {
  const body = JSON.stringify(parts.event, null, 2)
  const at = toSeconds(parts.clock.now())
  try {
    const response = await fetch(parts.url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Stripe-Signature': signatureOf(body, parts.secret, at),
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      body,
      signal: AbortSignal.any([parts.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const text = (await response.text()).slice(0, KEPT_CHARACTERS)
    const { status, ok } = response
    const error = ok ? null : `answered ${status}`
    return { at, status, body: text, error, fault: null }
  } catch (error) {
    return { at, status: null, body: '', error: reasonOf(error), fault: null }
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
