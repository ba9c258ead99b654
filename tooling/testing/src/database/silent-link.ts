import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A way to a database on which connections can die without a word, as they do at a failover or in a NAT that forgot. */
export interface SilentLink {
  /** The database's URL by this way. */
  url: string
  /** The connections of now carry nothing any more, and stay open; new ones are well. Returns how many there were. */
  silence: () => number
  /** As `silence`, and new connections carry nothing either until `mend`. */
  hang: () => void
  mend: () => void
  close: () => Promise<void>
}

export async function openSilentLink(databaseUrl: string): Promise<SilentLink> {
  const target = new URL(databaseUrl)
  const pairs = new Set<readonly [Socket, Socket]>()
  let hangs = false
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    if (!hangs) near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  const silence = () => {
    for (const socket of [...pairs].flat()) socket.unpipe().pause()
    return pairs.size
  }
  return {
    url: url.href,
    silence,
    hang() {
      hangs = true
      silence()
    },
    mend() {
      hangs = false
    },
    async close() {
      for (const socket of [...pairs].flat()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
