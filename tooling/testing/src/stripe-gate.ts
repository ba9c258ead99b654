import { request } from 'node:http'
import type { Listening } from './listen.ts'
import { listen } from './listen.ts'

/**
 * A way to Stripe on which `pass` is asked about each call once Stripe has answered it: the answer waits for that, and
 * does not go on where it says no.
 */
export function openStripeGate(
  stripe: string,
  pass: (call: { method: string; url: string }) => boolean | Promise<boolean>,
): Promise<Listening> {
  return listen((incoming, outgoing) => {
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
}
