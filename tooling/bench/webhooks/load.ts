import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What a load of requests came to. */
export interface LoadResult {
  seconds: number
  /** Of each request, in milliseconds, from its first byte out to its last byte in. */
  latencies: number[]
}

/**
 * Sends prepared HTTP/1.1 requests over as many connections, each one answered before the connection's next. Works on
 * bare sockets, since the machine is shared with what is measured. Throws when an answer is anything but 200.
 */
export async function sendAll(
  origin: string,
  requests: readonly Buffer[],
  connections: number,
): Promise<LoadResult> {
  const { hostname, port } = new URL(origin)
  const sockets = Array.from({ length: connections }, () => connect(Number(port), hostname))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const latencies: number[] = []
  let next = 0
  const begin = performance.now()
  await Promise.all(
    sockets.map(async (socket) => {
      for (let request = requests[next++]; request; request = requests[next++]) {
        const sent = performance.now()
        await exchange(socket.setNoDelay(true), request)
        latencies.push(performance.now() - sent)
      }
      socket.destroy()
    }),
  )
  return { seconds: (performance.now() - begin) / 1_000, latencies }
}

/** A request as it goes over the wire. */
export function wire(
  method: 'GET' | 'POST',
  path: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): Buffer {
  const all = { Host: '127.0.0.1', 'Content-Length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** One request and its whole answer. */
function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const settle = (error?: Error) => {
      socket.off('data', onData).off('error', settle).off('close', onClose)
      if (error) reject(error)
      else resolve()
    }
    const onClose = () => settle(new Error('the connection was closed before its answer'))
    const onData = (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      const end = answer.indexOf('\r\n\r\n')
      if (end === -1) return
      const length = /^content-length: (\d+)/im.exec(answer)?.[1]
      if (length === undefined || !answer.startsWith('HTTP/1.1 200')) {
        settle(new Error(`not a plain 200: ${answer.slice(0, 500)}`))
      } else if (answer.length >= end + 4 + Number(length)) settle()
    }
    socket.on('data', onData).on('error', settle).on('close', onClose)
    socket.write(request)
  })
}
