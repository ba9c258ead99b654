import { StripeError } from '../errors.ts'

/** A call to the API, as a fault is decided by it. */
export interface FaultRequest {
  method: string
  path: string
  idempotencyKey: string | null
}

/** An event on its way to an endpoint, as a fault is decided by it. */
export interface FaultDelivery {
  eventType: string
  url: string
}

/** The errors that Stripe answers for reasons of its own. */
export type FaultAnswer = 'rate_limit' | 'lock_timeout' | 'server_error'

/**
 * What may go wrong with a call: slow, refused, or the connection cut before or after the effect.
 * A refusal has no effect. One that is `remembered` is answered again to the same idempotency key,
 * as Stripe does with what failed once execution had begun.
 */
export type RequestFault =
  | { kind: 'delay'; delayMs: number }
  | { kind: 'answer'; error: FaultAnswer; remembered?: boolean }
  | { kind: 'cut'; when: 'before' | 'after' }

/**
 * What may go wrong with a webhook: never sent (and counted as delivered), sent twice, sent after
 * the one that follows it to the same endpoint, or sent late while others overtake it.
 */
export type DeliveryFault =
  | { kind: 'drop' | 'duplicate' | 'reorder' }
  | { kind: 'delay'; delayMs: number }

/** The seam through which tests make things go wrong; null or no function means all is well. */
export interface Faults {
  onRequest?: ((request: FaultRequest) => RequestFault | null) | undefined
  onDelivery?:
    | ((delivery: FaultDelivery) => DeliveryFault | 'drop' | 'duplicate' | 'reorder' | null)
    | undefined
}

/** The refusal that an `answer` fault gives. */
export function faultError(error: FaultAnswer): StripeError {
  switch (error) {
    case 'rate_limit':
      return new StripeError(429, {
        type: 'invalid_request_error',
        code: 'rate_limit',
        message:
          'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
      })
    case 'lock_timeout':
      return new StripeError(429, {
        type: 'invalid_request_error',
        code: 'lock_timeout',
        message:
          'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request.',
      })
    case 'server_error':
      return new StripeError(500, {
        type: 'api_error',
        message: 'An unknown error occurred on the side of Stripe (asked for as a fault).',
      })
  }
}
