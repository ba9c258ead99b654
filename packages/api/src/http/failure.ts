import type { ErrorCode } from '@tollgate/core'
import { TollgateError } from '@tollgate/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bodyOf, errorStatus, toTollgateError } from '../errors.ts'

/** The error codes of what Fastify and its plugins refuse, by status. */
const refusals: Readonly<Record<number, readonly [ErrorCode, message?: string]>> = {
  400: ['VALIDATION'],
  401: ['UNAUTHENTICATED'],
  403: ['FORBIDDEN'],
  404: ['NOT_FOUND', 'There is nothing at this address.'],
  405: ['METHOD_NOT_ALLOWED'],
  413: ['PAYLOAD_TOO_LARGE', 'The body is too large.'],
  414: ['VALIDATION'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The body must be JSON, sent as Content-Type: application/json.'],
  429: ['RATE_LIMITED'],
  503: ['UNAVAILABLE'],
}

/** Any other status of the 400s is the caller's mistake too, such as a range that a file does not have. */
function refusalOf(status: number) {
  return refusals[status] ?? (status >= 400 && status < 500 ? refusals[400] : undefined)
}

/** Whatever was thrown before a procedure or in it, as a TollgateError. */
export function failureOf(error: unknown): TollgateError {
  const failure = toTollgateError(error)
  if (failure.code !== 'INTERNAL' || !(error instanceof Error) || !('statusCode' in error)) {
    return failure
  }
  const [code, message = error.message] = refusalOf(Number(error.statusCode)) ?? []
  return code === undefined ? failure : new TollgateError(code, message, { cause: error })
}

/** Answers a failure as REST does: `{ errorCode, message, issues? }` with its status. */
export function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const failure = failureOf(error)
  logFailure(failure, request)
  return reply.code(errorStatus[failure.code]).headers(retryHeaders(failure)).send(bodyOf(failure))
}

/** Logs what the operator has to see. What the caller has to mend is in the response alone. */
export function logFailure(failure: TollgateError, { log }: Pick<FastifyRequest, 'log'>): void {
  const err = failure.cause ?? failure
  if (failure.code === 'INTERNAL') log.error({ err }, 'a call failed unexpectedly')
  if (failure.code === 'UNAVAILABLE' || failure.code === 'STRIPE_UNAVAILABLE') {
    log.warn({ err }, failure.message)
  }
}

/** When to come back: always with RATE_LIMITED and UNAVAILABLE, with others where it is known. */
export function retryHeaders({ code, retryAfterSeconds }: TollgateError): Record<string, string> {
  const always = code === 'RATE_LIMITED' || code === 'UNAVAILABLE'
  const seconds = retryAfterSeconds ?? (always ? 1 : undefined)
  return seconds === undefined ? {} : { 'retry-after': String(Math.ceil(seconds)) }
}
