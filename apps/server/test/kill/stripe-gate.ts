import { createServer, request } from 'node:http'
import type { Trap } from './trap.ts'

export interface StripeGate {
  /** Where to reach Stripe by this way. */
  url: string
  close: () => Promise<void>
}

/** A way to Stripe on which each call is a step of the trap. */
export async function openStripeGate(stripe: string, trap: Trap): Promise<StripeGate> {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const onward = request(stripe + url, { method, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        if (trap.holds(`${method} ${url.split('?')[0]}`)) return
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(chunks))
      })
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
