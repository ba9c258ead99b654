import { createServer, request } from 'node:http'

/** A way to Stripe on which the answer to the first look at a customer waits until it is let go. */
export interface HeldStripe {
  origin: string
  /** Resolves when Stripe has given that answer. */
  held: Promise<void>
  letGo: () => void
  /** How often somebody looked: once a sync. */
  looks: () => number
  close: () => void
}

export async function openHeldStripe(stripe: string): Promise<HeldStripe> {
  let looks = 0
  let letGo: () => void = () => undefined
  const free = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let hold: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    hold = resolve
  })
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const isLook = method === 'GET' && url.startsWith('/v1/subscriptions?')
    if (isLook) looks += 1
    const onward = request(stripe + url, { method, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', async () => {
        if (isLook) {
          hold()
          await free
        }
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
    origin: `http://127.0.0.1:${address.port}`,
    held,
    letGo,
    looks: () => looks,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
