import type { ErrorCode } from './types.ts'

/** One thing that is wrong with an input: where, and how to mend it. */
export interface Issue {
  path: string
  message: string
}

export interface TollgateApiErrorDetails {
  errorCode: ErrorCode
  message: string
  issues?: readonly Issue[] | undefined
  status?: number | undefined
  retryAfterSeconds?: number | undefined
  cause?: unknown
}

/** A call that failed for good: Tollgate refused it, or could not be reached after all the retries. */
export class TollgateApiError extends Error {
  override readonly name = 'TollgateApiError'
  /** What went wrong, to branch on. `UNAVAILABLE` also where no response came at all. */
  readonly errorCode: ErrorCode
  /** For a VALIDATION: each field that was refused. Else empty. */
  readonly issues: readonly Issue[]
  /** The HTTP status; null where no response came. */
  readonly status: number | null
  /** How long to wait before the next try, where the server said so. */
  readonly retryAfterSeconds: number | null

  constructor(details: TollgateApiErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause })
    this.errorCode = details.errorCode
    this.issues = details.issues ?? []
    this.status = details.status ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
  }
}

/** Whether an error is a TollgateApiError, also one of another copy of this package. */
export function isTollgateError(error: unknown): error is TollgateApiError {
  return error instanceof Error && error.name === 'TollgateApiError'
}
