import type { Issue } from './error.ts'
import { TollgateApiError } from './error.ts'
import type { ErrorCode } from './types.ts'

export interface TransportOptions {
  fetch: typeof fetch
  /** For one attempt, from the connection to the last byte of the response. */
  timeoutMs: number
}

type Init = Omit<RequestInit, 'signal'> & { signal?: AbortSignal | null | undefined }

interface Received {
  status: number
  headers: Headers
  text: string
}

/** `fetch` as tRPC's link calls it: it returns the JSON of a success, and throws a TollgateApiError for anything else. */
export function createTransport(options: TransportOptions) {
  return async (url: string | URL | Request, init: Init = {}) => {
    const received = await send(url, init, options)
    const body = parse(received.text)
    if (received.status >= 200 && received.status < 300 && body !== undefined) {
      return { ok: true, json: () => Promise.resolve(body) }
    }
    throw toApiError(received, body)
  }
}

async function send(
  url: string | URL | Request,
  { signal, ...init }: Init,
  { fetch, timeoutMs }: TransportOptions,
): Promise<Received> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout
  try {
    const response = await fetch(url, { ...init, signal: either })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } catch (cause) {
    if (signal?.aborted) throw cause
    const message = timeout.aborted
      ? `Tollgate did not answer within ${timeoutMs} ms.`
      : 'Tollgate could not be reached.'
    throw new TollgateApiError({ errorCode: 'UNAVAILABLE', message, cause })
  }
}

function toApiError({ status, headers }: Received, body: unknown): TollgateApiError {
  const retryAfterSeconds = retryAfterOf(headers)
  const known = errorBodyOf(body)
  if (known) return new TollgateApiError({ ...known, status, retryAfterSeconds })
  const message = `The response (status ${status}) is not Tollgate's: check the url, and any proxy on the way.`
  const errorCode = status >= 500 || status === 429 ? 'UNAVAILABLE' : 'INTERNAL'
  return new TollgateApiError({ errorCode, message, status, retryAfterSeconds })
}

interface ErrorBody {
  errorCode: ErrorCode
  message: string
  issues?: readonly Issue[]
}

/** A procedure's error is inside tRPC's envelope; one from before it (rate limit, load) is plain. */
function errorBodyOf(body: unknown): ErrorBody | null {
  if (!isObject(body)) return null
  const { error } = body
  const plain = isObject(error) && isObject(error['data']) ? { ...error, ...error['data'] } : body
  return isErrorBody(plain) ? plain : null
}

function isErrorBody(body: Record<string, unknown>): body is Record<string, unknown> & ErrorBody {
  return typeof body['errorCode'] === 'string' && typeof body['message'] === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Seconds, or a date, which is compared with the response's own `Date`: the two clocks may differ. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : (Date.parse(value) - Date.parse(headers.get('date') ?? '')) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}
