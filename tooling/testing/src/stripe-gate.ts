import { createServer, request } from 'node:http'

export interface StripeGate {
  /** Where to reach Stripe by this way. */
  url: string
  close: () => Promise<void>
}

/**
 * A way to Stripe on which `pass` is asked about each call once Stripe has answered it: the answer waits for that, and
 * does not go on where it says no.
 */
export async function openStripeGate(
  stripe: string,
  pass: (call: { method: string; url: string }) => boolean | Promise<boolean>,
): Promise<StripeGate> {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const onward = request(stripe + url, { method, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', async () => {
        if (!(await pass({ method, url }))) return
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
