import { StripeError } from './errors.ts'

/** A call to the API, as a fault is decided by it. */
export interface FaultRequest {
  method: string
  path: string
  idempotencyKey: string | null
}

/** What may go wrong with a call: slow, refused, or the connection cut before or after the effect. */
export type RequestFault =
  | { kind: 'delay'; delayMs: number }
  | { kind: 'answer'; error: 'rate_limit' | 'lock_timeout' | 'server_error' }
  | { kind: 'cut'; when: 'before' | 'after' }

/** What may go wrong with a webhook: never sent, or sent twice. */
export type DeliveryFault = 'drop' | 'duplicate'

/** The seam through which tests make things go wrong; null or no function means all is well. */
export interface Faults {
  onRequest?: ((request: FaultRequest) => RequestFault | null) | undefined
  onDelivery?: ((delivery: { eventType: string; url: string }) => DeliveryFault | null) | undefined
}

/** The refusal that an `answer` fault gives. */
export function faultError(error: 'rate_limit' | 'lock_timeout' | 'server_error'): StripeError {
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
