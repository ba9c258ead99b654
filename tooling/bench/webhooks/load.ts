import { once } from 'node:events'
import { connect } from 'node:net'

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
  const lines = await Promise.all(
    Array.from({ length: connections }, () => openLine(hostname, Number(port))),
  )
  const latencies: number[] = []
  let next = 0
  const begin = performance.now()
  await Promise.all(
    lines.map(async (line) => {
      for (let request = requests[next++]; request; request = requests[next++]) {
        const sent = performance.now()
        await line.exchange(request)
        latencies.push(performance.now() - sent)
      }
      line.close()
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

interface Line {
  /** One request and its whole answer. */
  exchange: (request: Buffer) => Promise<void>
  close: () => void
}

async function openLine(hostname: string, port: number): Promise<Line> {
  const socket = connect(port, hostname)
  await once(socket, 'connect')
  socket.setNoDelay(true)
  let waiting: { resolve: () => void; reject: (error: Error) => void } | null = null
  let answer = ''
  const fail = (reason: string) => waiting?.reject(new Error(reason))
  socket.on('error', (error) => fail(String(error)))
  socket.on('close', () => fail('the connection was closed before its answer'))
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
    const end = answer.indexOf('\r\n\r\n')
    if (end === -1) return
    const at = answer.indexOf('\r\ncontent-length: ')
    if (at === -1 || !answer.startsWith('HTTP/1.1 200')) {
      fail(`not a plain 200: ${answer.slice(0, 500)}`)
    } else if (answer.length >= end + 4 + Number.parseInt(answer.slice(at + 18, end), 10)) {
      answer = ''
      waiting?.resolve()
    }
  })
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}
