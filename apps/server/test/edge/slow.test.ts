import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { listenerFactory } from '../../src/http/listener/listener.ts'

// The server's own times are 10 and 30 s; these tests have the same server with shorter ones.

const limits = {
  connections: { all: 6, perAddress: 4 },
  headMs: 300,
  requestMs: 600,
  checkMs: 50,
}

let server: Server
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
})

/** A server that reads each body to its end. */
async function listen(): Promise<number> {
  const make = listenerFactory({
    trustProxy: [],
    headers: { 'x-frame-options': 'DENY' },
    warn: () => undefined,
    limits,
  })
  server = make((request, response) => {
    request.on('error', () => undefined).on('end', () => response.end('read'))
    request.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function open(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ host: '127.0.0.1', port, localAddress })
  socket.on('error', () => undefined)
  sockets.push(socket)
  return socket
}

/** Sends a byte now and then for as long as the connection lasts, and resolves to all that came back. */
function drip(socket: Socket, begin: string): Promise<string> {
  socket.write(begin)
  const dripping = setInterval(() => socket.write('a'), 20)
  return text(socket).finally(() => clearInterval(dripping))
}

describe('a request that does not end', () => {
  it.each([
    ['in its head', 'GET / HTTP/1.1\r\nhost: a\r\nx: '],
    ['in its body', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n'],
    ['in a chunk', 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n'],
  ])('%s is ended, however steadily it drips', async (_where, begin) => {
    const answer = await drip(open(await listen()), begin)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('x-frame-options: DENY')
  })

  it('is ended where nothing comes at all', async () => {
    expect(await text(open(await listen()))).not.toContain('200')
  })
})

describe('connections', () => {
  it('of one address are bounded, and those of others are not affected', async () => {
    const port = await listen()
    const ask = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'
    for (let n = 0; n < 4; n++) open(port).write('GET / HTTP/1.1\r\n')
    const refused = open(port)
    refused.write(ask)
    expect(await text(refused).catch(() => '')).toBe('')
    const other = open(port, '127.0.0.2')
    other.write(ask)
    expect(await text(other)).toContain('200 OK')
  })

  it('are bounded in all', async () => {
    const port = await listen()
    const begun = ['127.0.0.1', '127.0.0.2'].flatMap((from) =>
      [1, 2, 3].map(() => open(port, from)),
    )
    await Promise.all(begun.map((socket) => new Promise((done) => socket.once('connect', done))))
    const refused = open(port, '127.0.0.3')
    refused.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    expect(await text(refused).catch(() => '')).toBe('')
  })
})
