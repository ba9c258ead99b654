import { request } from 'node:http'
import type { Listening } from '@tollgate/testing/listen'
import { listen } from '@tollgate/testing/listen'

export interface StripeCall {
  method: string
  path: string
  /** What is sent, decoded. */
  form: URLSearchParams
}

export interface ProxyHooks {
  /** Sees each call before Stripe does, and may hold it or send another form on. */
  onCall?: (call: StripeCall) => URLSearchParams | undefined | Promise<URLSearchParams | undefined>
  /** Sees each answer, and may give another: another body, or a success where Stripe has none. */
  onAnswer?: (call: StripeCall, body: string) => string | { success: object }
}

/** A way to Stripe on which calls can be held and answers can say more than the local Stripe knows. */
export function openStripeProxy(stripe: string, hooks: ProxyHooks): Promise<Listening> {
  return listen((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', async () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString())
      const call = { method, path: new URL(url, stripe).pathname, form }
      const body = String((await hooks.onCall?.(call)) ?? form)
      const { 'content-length': _, ...rest } = headers
      const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const onward = request(
        stripe + url,
        { method, headers: { ...rest, ...length } },
        (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part) => parts.push(part))
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString()
            const given = hooks.onAnswer?.(call, text) ?? text
            const { 'content-length': __, ...answered } = answer.headers
            if (typeof given === 'string') {
              outgoing.writeHead(answer.statusCode ?? 502, answered).end(given)
            } else outgoing.writeHead(200, answered).end(JSON.stringify(given.success))
          })
        },
      )
      onward.on('error', () => outgoing.destroy())
      onward.end(body)
    })
  })
}
