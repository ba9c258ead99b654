import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A way to a database that can be cut and mended, as a cable or a server can. */
export interface Link {
  /** The database's URL by this way. */
  url: string
  /** Ends every connection, and refuses new ones. */
  cut: () => Promise<void>
  mend: () => Promise<void>
}

/** Carries the bytes of one connection both ways. */
export type Carry = (near: Socket, far: Socket) => void

const carryOn: Carry = (near, far) => {
  near.pipe(far).pipe(near)
}

export async function openLink(databaseUrl: string, carry = carryOn): Promise<Link> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    carry(near, far)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve)
    })
  await listen(0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
    mend: () => listen(address.port),
  }
}
