import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { limitedAddress, plainAddress } from './address.ts'
import type { Trust } from './forwarded.ts'

export interface ConnectionLimits {
  all: number
  /** Of one address that is no trusted proxy. */
  perAddress: number
}

/** Closes connections beyond the limits as soon as they are made. */
export function limitConnections(server: Server, trust: Trust, limits: ConnectionLimits): void {
  server.maxConnections = limits.all
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (trust(peer, 0)) return
    const address = limitedAddress(peer)
    const count = (open.get(address) ?? 0) + 1
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
    if (count > limits.perAddress) socket.destroy()
  })
}
