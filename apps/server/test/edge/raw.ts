import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface RawAnswer {
  status: number
  headers: Headers
  body: string
}

/**
 * Sends these bytes as they are, and reads what comes until the server closes the connection, or for as long as given where
 * it need not close it.
 */
export async function raw(
  url: string,
  bytes: string,
  { patienceMs }: { patienceMs?: number } = {},
) {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
  socket.on('error', () => undefined)
  if (patienceMs !== undefined) socket.setTimeout(patienceMs, () => socket.end())
  socket.write(bytes, 'latin1')
  return parse(await text(socket))
}

/** A whole request after whose answer the server closes the connection; a header that is given twice is sent twice. */
export function requestText(path: string, lines: readonly string[], body = ''): string {
  const [first = ''] = lines
  const hasHost = lines.some((line) => /^host:/i.test(line))
  const method = /^(GET|POST|HEAD|OPTIONS|PUT|DELETE|TRACE)$/.test(first) ? first : 'GET'
  const headers = lines.filter((line) => line !== method)
  const own = [
    ...(hasHost ? [] : ['host: app.tollgate.test']),
    ...(body === '' ? [] : [`content-length: ${Buffer.byteLength(body, 'latin1')}`]),
    'connection: close',
  ]
  return [`${method} ${path} HTTP/1.1`, ...headers, ...own, '', body].join('\r\n')
}

function parse(answer: string): RawAnswer {
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') }
}
