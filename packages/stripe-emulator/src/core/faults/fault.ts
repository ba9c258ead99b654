import { StripeError } from '../errors.ts'

/** A request to the API, as a fault function gets it. */
export interface FaultRequest {
  method: string
  path: string
  idempotencyKey: string | null
}

/** A webhook delivery, as a fault function gets it. */
export interface FaultDelivery {
  eventType: string
  url: string
}

/** The errors that Stripe returns for reasons of its own. */
export type FaultError = 'rate_limit' | 'lock_timeout' | 'server_error'

/**
 * What may go wrong with a request: a delay, an error response (`answer`), or a closed connection (`cut`)
 * before or after the effect. An error response has no effect. With `remembered` it is stored under the
 * idempotency key and returned again, as Stripe does once execution has begun.
 */
export type RequestFault =
  | { kind: 'delay'; delayMs: number }
  | { kind: 'answer'; error: FaultError; remembered?: boolean | undefined }
  | { kind: 'cut'; when: 'before' | 'after' }

/**
 * What may go wrong with a webhook: never sent (and counted as delivered), sent twice, sent after the
 * next one to the same endpoint, or sent late while others overtake it.
 */
export type DeliveryFault =
  | { kind: 'drop' | 'duplicate' | 'reorder' }
  | { kind: 'delay'; delayMs: number }

/** Functions that inject faults; null or no function means no fault. */
export interface Faults {
  onRequest?: ((request: FaultRequest) => RequestFault | null) | undefined
  onDelivery?:
    | ((delivery: FaultDelivery) => DeliveryFault | 'drop' | 'duplicate' | 'reorder' | null)
    | undefined
}

/** The error of an `answer` fault. */
export function faultError(error: FaultError): StripeError {
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
        message: 'An unknown error occurred (an injected fault of stripe-emulator).',
      })
  }
}
