import type { Clock } from '../core/clock.ts'
import { toSeconds } from '../core/clock.ts'
import type { DeliveryAttempt, Event } from '../documents.ts'
import { signatureOf } from './signature.ts'

const TIMEOUT_MS = 10_000
const SHOWN_CHARACTERS = 500

export interface AttemptParts {
  event: Event
  url: string
  secret: string
  clock: Clock
  signal: AbortSignal
}

/** Posts an event to an endpoint, signed, and tells what came of it. Never throws. */
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
    const answered = (await response.text()).slice(0, SHOWN_CHARACTERS)
    const { status, ok } = response
    const error = ok ? null : `answered ${status}`
    return { at, status, body: answered, error, fault: null }
  } catch (error) {
    return { at, status: null, body: '', error: reasonOf(error), fault: null }
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
