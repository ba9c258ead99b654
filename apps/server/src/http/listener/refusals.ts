import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answered before there is a request, or before Fastify sees it: in the shape that REST has. */
interface Refusal {
  status: number
  message: string
}

const BAD_REQUEST: Refusal = { status: 400, message: 'This is no HTTP request.' }

/** The parser's own errors, by their code; all others are a bad request. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
}

export const BAD_HOST: Refusal = { status: 400, message: 'The Host header is missing or no host.' }
export const BAD_EXPECTATION: Refusal = { status: 417, message: 'Nothing is known of Expect.' }

type Headers = Readonly<Record<string, string>>

/** Ends a connection on which no request could be read, with an answer where one can still be sent. */
export function refuseConnection(error: Error, socket: Duplex, headers: Headers): void {
  const underWay: unknown = Reflect.get(socket, '_httpMessage')
  const answered = underWay instanceof Object && Reflect.get(underWay, 'headersSent') === true
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ECONNRESET' || !socket.writable || answered) {
    socket.destroy()
    return
  }
  const refusal = refusals[code] ?? BAD_REQUEST
  const body = bodyOf(refusal)
  const lines = Object.entries(headersOf(body, headers)).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...lines]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** Answers a request that goes no further. */
export function refuse(response: ServerResponse<IncomingMessage>, refusal: Refusal): void {
  const body = bodyOf(refusal)
  response.writeHead(refusal.status, headersOf(body, {})).end(body)
}

function bodyOf({ message }: Refusal): string {
  return JSON.stringify({ errorCode: 'VALIDATION', message })
}

function headersOf(body: string, headers: Headers): Record<string, string> {
  return {
    ...headers,
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  }
}
