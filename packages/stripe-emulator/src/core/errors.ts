export type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'

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
 * A refusal that the caller sees as Stripe's error object.
 * `keepsEffects` is for refusals after something real happened: a declined charge stays on record.
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

/** What a payment or setup intent keeps of its last failure. */
interface LastError {
  code?: string
  message?: string
  charge?: unknown
  decline_code?: string
  advice_code?: string
  network_decline_code?: string
  payment_method?: object
}

/** The 402 of a card that was refused. `about`: the intent that keeps what was tried. */
export function cardRefusal(
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
  details: { code?: string; param?: string } = {},
): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', message, ...details })
}

/** A named thing does not exist: 404 where it is the subject of the path, else 400 [recorded]. */
export function noSuch(noun: string, id: string, param = 'id'): StripeError {
  return new StripeError(param === 'id' ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param,
  })
}

/** A part of Stripe that exists there and not here; the message names the emulator and the gap. */
export function notEmulated(what: string, param?: string): StripeError {
  return invalidRequest(
    `stripe-emulator: ${what} is not emulated. Stripe itself would accept this request.`,
    param === undefined ? {} : { param },
  )
}
