import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'

export interface Listening {
  url: string
  port: number
  /** Cuts what is open, and resolves once nothing is. */
  close: () => Promise<void>
}

/** A real web server on a port of its own on loopback. */
export async function listen(answer: RequestListener): Promise<Listening> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
