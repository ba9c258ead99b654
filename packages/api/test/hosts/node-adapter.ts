import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Listening } from '@tollgate/testing/listen'
import { listen } from '@tollgate/testing/listen'

/** What Next.js hands to a route handler: a Request with more to it. */
export class NextLikeRequest extends Request {
  readonly nextUrl = new URL(this.url)
}

/** Serves what answers a Request with a Response over node:http, as Next.js and Hono do in Node. */
export function serve(answer: (request: Request) => Promise<Response>): Promise<Listening> {
  return listen((incoming, outgoing) => {
    answer(toRequest(incoming)).then(
      (response) => send(response, outgoing),
      (error: unknown) => outgoing.writeHead(599).end(String(error)),
    )
  })
}

function toRequest(incoming: IncomingMessage): Request {
  const { method = 'GET', url = '/', headers } = incoming
  const sent = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new NextLikeRequest(new URL(url, `http://${headers.host}`), {
    method,
    headers: Object.fromEntries(sent),
    ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' }),
  })
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  outgoing.writeHead(response.status, [...response.headers].flat()).end(body)
}
