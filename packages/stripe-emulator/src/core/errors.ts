export type ErrorType =
  | 'api_error'
  | 'card_error'
  | 'idempotency_error'
  | 'invalid_request_error'
  | 'temporary_session_expired'

/** The fields of Stripe's error object that the emulator fills. */
export interface ErrorFields {
  type: ErrorType
  message: string
  code?: string
  param?: string
  decline_code?: string
  advice_code?: string
  network_decline_code?: string
  charge?: string
  payment_intent?: object
  payment_method?: object
  setup_intent?: object
}

/**
 * An error that the caller gets as Stripe's error object. Its transaction is rolled back, unless
 * `keepsEffects`: a declined charge stays on record.
 */
export class StripeError extends Error {
  override readonly name = 'StripeError'
  readonly status: number
  readonly fields: ErrorFields
  readonly keepsEffects: boolean

  constructor(status: number, fields: ErrorFields, keepsEffects = false) {
    super(fields.message)
    this.status = status
    this.fields = fields
    this.keepsEffects = keepsEffects
  }
}

/** The last error of a payment or setup intent. */
interface LastError {
  code?: string
  message?: string
  charge?: unknown
  decline_code?: string
  advice_code?: string
  network_decline_code?: string
  payment_method?: object
}

/** The 402 for a declined card. `about`: the intent that records the attempt. */
export function cardDeclined(
  error: LastError,
  about: Pick<ErrorFields, 'payment_intent' | 'setup_intent'>,
): StripeError {
  return new StripeError(
    402,
    {
      type: 'card_error',
      code: error.code ?? 'card_declined',
      message: error.message ?? 'Your card was declined.',
      ...about,
      ...(typeof error.charge === 'string' ? { charge: error.charge } : {}),
      ...(error.decline_code === undefined ? {} : { decline_code: error.decline_code }),
      ...(error.advice_code === undefined ? {} : { advice_code: error.advice_code }),
      ...(error.network_decline_code === undefined
        ? {}
        : { network_decline_code: error.network_decline_code }),
      ...(error.payment_method === undefined ? {} : { payment_method: error.payment_method }),
    },
    true,
  )
}

/** 400 `invalid_request_error`. */
export function invalidRequest(
  message: string,
  details: Pick<ErrorFields, 'code' | 'param' | 'payment_intent' | 'setup_intent'> = {},
): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', message, ...details })
}

/** An object does not exist: 404 where the path names it, else 400 (docs/stripe.md, fact 16). */
export function noSuch(noun: string, id: string, param = 'id'): StripeError {
  return missing(param === 'id' ? 404 : 400, { noun, id, param })
}

/** 404 for an object that the path names; `param` is how Stripe calls that part of the path (fact 35). */
export function notFound(noun: string, id: string, param: string): StripeError {
  return missing(404, { noun, id, param })
}

function missing(status: number, of: { noun: string; id: string; param: string }): StripeError {
  return new StripeError(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${of.noun}: '${of.id}'`,
    param: of.param,
  })
}

/** A part of Stripe that the emulator lacks; the message names the emulator and the missing part. */
export function notEmulated(what: string, param?: string): StripeError {
  return invalidRequest(
    `stripe-emulator: ${what} is not emulated. Stripe itself would accept this request.`,
    param === undefined ? {} : { param },
  )
}
