import { addAbortSignal, Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { TollgateError } from '@tollgate/core'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { bodyOf, errorStatus } from '../../errors.ts'
import { failureOf, logFailure, retryHeaders } from '../failure.ts'

/** They belong to one connection, or say how a message is framed on it: the host and this server have their own. */
const CONNECTION_HEADERS = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const

/** Not loopback, so that nothing which trusts loopback trusts a caller of unknown address. */
const UNKNOWN_ADDRESS = '0.0.0.0'

/** Passes a request to the server without a connection, and returns its response. Never rejects. */
export async function respond(app: FastifyInstance, request: Request): Promise<Response> {
  let body: Readable | undefined
  try {
    body = readableBody(request)
    const { statusCode, headers, rawPayload } = await app.inject(injection(request, body))
    return new Response(rawPayload.length > 0 ? new Uint8Array(rawPayload) : null, {
      status: statusCode,
      headers: responseHeaders(headers),
    })
  } catch (error) {
    const failure = request.signal.aborted
      ? new TollgateError('VALIDATION', 'The request was aborted.')
      : failureOf(error)
    logFailure(failure, app)
    return failureResponse(failure)
  } finally {
    // Of a body that was not read to its end, as one that is too large, the host need not send the rest.
    body?.destroy()
  }
}

/** A failure in the shape of REST. */
export function failureResponse(failure: TollgateError): Response {
  return Response.json(bodyOf(failure), {
    status: errorStatus[failure.code],
    headers: retryHeaders(failure),
  })
}

/** Undefined where the request has no body. Throws where it was read before: its bytes are gone. */
function readableBody(request: Request): Readable | undefined {
  if (request.bodyUsed) throw new Error('toFetchHandler() needs the request with its body unread')
  if (request.body === null) return undefined
  // One class, which the types of the DOM and of Node describe each in its own way.
  const body = Readable.fromWeb(request.body as ReadableStream)
  return addAbortSignal(request.signal, body)
}

function injection(request: Request, body: Readable | undefined): InjectOptions {
  const method = METHODS.find((each) => each === request.method)
  if (method === undefined) {
    throw new TollgateError('METHOD_NOT_ALLOWED', `Nothing here takes ${request.method}.`)
  }
  const { host, pathname, search } = new URL(request.url)
  return {
    method,
    url: pathname + search,
    authority: host,
    remoteAddress: UNKNOWN_ADDRESS,
    headers: {
      ...withoutConnectionHeaders(request.headers),
      // Of unknown length: the server counts the bytes as it reads, and stops at its limit.
      ...(body && { 'transfer-encoding': 'chunked' }),
    },
    ...(body && { payload: body }),
  }
}

function withoutConnectionHeaders(headers: Headers): Record<string, string> {
  const rest = new Headers(headers)
  for (const name of CONNECTION_HEADERS) rest.delete(name)
  return Object.fromEntries(rest)
}

function responseHeaders(sent: Readonly<Record<string, number | string | string[] | undefined>>) {
  const headers = new Headers()
  for (const [name, value] of Object.entries(sent)) {
    if (value === undefined || CONNECTION_HEADERS.includes(name)) continue
    for (const each of [value].flat()) headers.append(name, String(each))
  }
  return headers
}
