/** Every way in which a call can fail, as callers see it. The API maps each to a status; a new one does not compile until mapped. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'VALIDATION',
  'NOT_FOUND',
  'USER_NOT_FOUND',
  'UNKNOWN_PLAN',
  'UNKNOWN_METER',
  'METHOD_NOT_ALLOWED',
  'ALREADY_SUBSCRIBED',
  'NO_SUBSCRIPTION',
  'IDEMPOTENCY_KEY_REUSED',
  'RESERVATION_CLOSED',
  'ALREADY_VOIDED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'STRIPE_REJECTED',
  'STRIPE_UNAVAILABLE',
  'UNAVAILABLE',
  'INTERNAL',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** One mistake in an input: where, and what to write instead. */
export interface Issue {
  path: string
  message: string
}

export interface ErrorDetails {
  issues?: readonly Issue[]
  retryAfterSeconds?: number
  /** For the log only; never sent. */
  cause?: unknown
}

/** A failure with a code of docs/contract.md. Its message is for the caller, so it never has a secret or a stack in it. */
export class TollgateError extends Error {
  override readonly name = 'TollgateError'
  readonly issues: readonly Issue[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.issues = details.issues
    this.retryAfterSeconds = details.retryAfterSeconds
  }
}

/** USER_NOT_FOUND, for an id that no user has. */
export function userNotFound(userId: string): TollgateError {
  return new TollgateError('USER_NOT_FOUND', `There is no user ${JSON.stringify(userId)}.`)
}

/** VALIDATION about one field. */
export function invalid(path: string, message: string): TollgateError {
  return new TollgateError('VALIDATION', `${path}: ${message}`, { issues: [{ path, message }] })
}
