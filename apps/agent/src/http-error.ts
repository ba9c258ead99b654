export interface HttpErrorDetails {
  retryAfterSeconds?: number | undefined
  /** For the log only. */
  cause?: unknown
}

/** A failure that the caller is told of: its message goes out as `{ error }`, with this status. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly retryAfterSeconds: number | undefined

  constructor(
    readonly statusCode: number,
    message: string,
    { retryAfterSeconds, cause }: HttpErrorDetails = {},
  ) {
    super(message, { cause })
    this.retryAfterSeconds = retryAfterSeconds
  }
}
