import type { ErrorCode, Issue } from '@tollgate/core'
import { isDatabaseAway, TollgateError } from '@tollgate/core'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'

type TrpcCode = TRPCError['code']

/** The HTTP status of each error code. A new code does not compile until it is listed here. */
export const errorStatus = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  VALIDATION: 400,
  NOT_FOUND: 404,
  USER_NOT_FOUND: 404,
  UNKNOWN_PLAN: 400,
  UNKNOWN_METER: 400,
  METHOD_NOT_ALLOWED: 405,
  ALREADY_SUBSCRIBED: 409,
  NO_SUBSCRIPTION: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  RESERVATION_CLOSED: 409,
  ALREADY_VOIDED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  STRIPE_REJECTED: 402,
  STRIPE_UNAVAILABLE: 503,
  UNAVAILABLE: 503,
  INTERNAL: 500,
} as const satisfies Record<ErrorCode, number>

/** For each status above, tRPC's code, and the error code that one of tRPC's own failures gets. */
const trpcCodes = {
  400: ['BAD_REQUEST', 'VALIDATION'],
  401: ['UNAUTHORIZED', 'UNAUTHENTICATED'],
  402: ['PAYMENT_REQUIRED', 'STRIPE_REJECTED'],
  403: ['FORBIDDEN', 'FORBIDDEN'],
  404: ['NOT_FOUND', 'NOT_FOUND'],
  405: ['METHOD_NOT_SUPPORTED', 'METHOD_NOT_ALLOWED'],
  409: ['CONFLICT', 'INTERNAL'],
  413: ['PAYLOAD_TOO_LARGE', 'PAYLOAD_TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
  429: ['TOO_MANY_REQUESTS', 'RATE_LIMITED'],
  500: ['INTERNAL_SERVER_ERROR', 'INTERNAL'],
  503: ['SERVICE_UNAVAILABLE', 'UNAVAILABLE'],
} as const satisfies Record<(typeof errorStatus)[ErrorCode], readonly [TrpcCode, ErrorCode]>

const INTERNAL_MESSAGE = 'Something went wrong.'

/** An error names a few mistakes, and repeats little of what was sent: its size does not grow with the input's. */
const MAX_ISSUES = 5
const MAX_ISSUE_MESSAGE = 200
const MAX_MESSAGE = 1_000

function clipIssue({ path, message }: Issue): Issue {
  return { path: clip(path, MAX_ISSUE_MESSAGE), message: clip(message, MAX_ISSUE_MESSAGE) }
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

/** What a caller is told of a failure; never a stack or a cause. */
export interface ErrorBody {
  errorCode: ErrorCode
  message: string
  issues?: readonly Issue[]
}

/** A core failure as tRPC throws it, with the status of its code. */
export function toTrpcError(error: TollgateError): TRPCError {
  const [code] = trpcCodes[errorStatus[error.code]]
  return new TRPCError({ code, message: error.message, cause: error })
}

/** The TollgateError inside whatever was thrown; null where there is none. */
export function tollgateErrorOf(error: unknown): TollgateError | null {
  if (error instanceof TollgateError) return error
  if (error instanceof TRPCError) return tollgateErrorOf(error.cause)
  if (!isDatabaseAway(error)) return null
  const message = 'The database is away; try again in a moment.'
  return new TollgateError('UNAVAILABLE', message, { retryAfterSeconds: 1, cause: error })
}

/** Whatever was thrown, as a TollgateError: INTERNAL, without any detail, where it was not expected. */
export function toTollgateError(error: unknown): TollgateError {
  const known = tollgateErrorOf(error)
  if (known) return known
  if (error instanceof TRPCError) {
    const { errorCode, message, issues } = toErrorBody(error)
    return new TollgateError(errorCode, message, { ...(issues && { issues }), cause: error })
  }
  return new TollgateError('INTERNAL', INTERNAL_MESSAGE, { cause: error })
}

/** The response body of a tRPC error: error code, message, and the issues of an input. */
export function toErrorBody(error: TRPCError): ErrorBody {
  const known = tollgateErrorOf(error)
  if (known) return bodyOf(known)
  if (error.cause instanceof z.ZodError && error.code === 'BAD_REQUEST') {
    return inputError(error.cause)
  }
  const errorCode = codeOf(error.code)
  return {
    errorCode,
    message: errorCode === 'INTERNAL' ? INTERNAL_MESSAGE : clip(error.message, MAX_MESSAGE),
  }
}

export function bodyOf({ code, message, issues }: TollgateError): ErrorBody {
  return {
    errorCode: code,
    message: clip(message, MAX_MESSAGE),
    ...(issues && { issues: issues.slice(0, MAX_ISSUES).map(clipIssue) }),
  }
}

function codeOf(trpcCode: TrpcCode): ErrorCode {
  if (trpcCode === 'PARSE_ERROR') return 'VALIDATION'
  const match = Object.values(trpcCodes).find(([code]) => code === trpcCode)
  return match?.[1] ?? 'INTERNAL'
}

/** The response body for an input that its schema refused. Unknown meters and plans pass the schema; core refuses them. */
export function inputError(error: z.ZodError): ErrorBody {
  const issues = error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => clipIssue({ path: path.join('.'), message }))
  const message = issues.map((issue) => `${issue.path || 'input'}: ${issue.message}`).join('; ')
  return { errorCode: 'VALIDATION', message: clip(message, MAX_MESSAGE), issues }
}
