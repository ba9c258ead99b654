import Stripe from 'stripe'
import { TollgateError } from '../errors.ts'

const { errors } = Stripe

/** How long to wait where Stripe does not say. */
const RETRY_AFTER_SECONDS = 5

/**
 * Stripe's failure as an error of the contract, recognised by class and code, never by message. A refusal keeps
 * Stripe's message, which is written for the payer or about the request. A bad key or a missing permission is no outage
 * and for the operator only, so Stripe's words stay in the cause. Any other error is returned unchanged.
 */
export function toTollgateError(error: unknown): unknown {
  if (!(error instanceof errors.StripeError)) return error
  if (
    error instanceof errors.StripeCardError ||
    error instanceof errors.StripeInvalidRequestError
  ) {
    return new TollgateError('STRIPE_REJECTED', error.message, { cause: error })
  }
  if (isBadKey(error) || isForbidden(error)) {
    const message = 'Billing is stopped until the operator looks at it: Stripe refuses its key.'
    return new TollgateError('STRIPE_UNAVAILABLE', message, { cause: error })
  }
  return new TollgateError(
    'STRIPE_UNAVAILABLE',
    'Stripe could not be reached. Try again shortly.',
    {
      retryAfterSeconds: retryAfter(error.headers?.['retry-after']),
      cause: error,
    },
  )
}

/** Whether a call failed because what it named does not exist at Stripe. */
export function isMissing(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof errors.StripeInvalidRequestError && cause.code === 'resource_missing'
}

/**
 * Whether Stripe refused a meter event because it has one with this identifier: it was delivered before. The API gives it
 * no code, so its words have to name the identifier; any other refusal is not this one.
 */
export function meterEventExists(error: unknown, identifier: string): boolean {
  const cause = causeOf(error)
  if (!(cause instanceof errors.StripeInvalidRequestError) || cause.statusCode !== 400) return false
  if (cause.code === 'duplicate_meter_event') return true
  return cause.message.includes(identifier) && /already exists/i.test(cause.message)
}

/** Whether a call was refused because its idempotency key was used for another call, which Stripe has answered. */
export function isKeyUsed(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof errors.StripeIdempotencyError && cause.statusCode === 400
}

/** Whether Stripe answered that it did not do what was asked, and never will. */
export function isRefused(error: unknown): boolean {
  const cause = causeOf(error)
  return (
    cause instanceof errors.StripeCardError ||
    cause instanceof errors.StripeInvalidRequestError ||
    isForbidden(error) ||
    isBadKey(error)
  )
}

/** Whether Stripe failed in answering: the request may have been done, and the answer may stand under its key. */
export function isFailedAnswer(error: unknown): boolean {
  const cause = causeOf(error)
  return cause instanceof errors.StripeAPIError || cause instanceof errors.StripeRateLimitError
}

/** Whether a call failed because the key may not make it. */
export function isForbidden(error: unknown): boolean {
  return causeOf(error) instanceof errors.StripePermissionError
}

/** Whether a call failed because the key is wrong or was revoked. */
export function isBadKey(error: unknown): boolean {
  return causeOf(error) instanceof errors.StripeAuthenticationError
}

/**
 * Whether Stripe answered with this failure, so that it may keep it under the idempotency key. While another request
 * with the same key is under way (409), nothing is kept yet.
 */
export function isAnswered(error: unknown): boolean {
  const cause = causeOf(error)
  if (!(cause instanceof errors.StripeError)) return false
  return cause.statusCode !== undefined && cause.statusCode !== 409
}

/**
 * Whether this failure is about the idempotency key alone: an earlier request with it had the same failure, or had other
 * parameters. A request with another key may succeed at once.
 */
export function isRepeatedAnswer(error: unknown): boolean {
  const cause = causeOf(error)
  if (!(cause instanceof errors.StripeError)) return false
  return (
    cause instanceof errors.StripeIdempotencyError ||
    cause.headers?.['idempotent-replayed'] === 'true'
  )
}

function causeOf(error: unknown): unknown {
  return error instanceof TollgateError ? error.cause : error
}

function retryAfter(header: string | undefined): number {
  const seconds = Number(header)
  return Number.isInteger(seconds) && seconds > 0 ? seconds : RETRY_AFTER_SECONDS
}
