import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { RawRequest } from './requests.ts'

export interface RawAnswer {
  status: number
  requestId: string
  body: string
}

/** Loopback has many addresses on Linux; a limit by address is then met less often. Elsewhere it has one. */
const ADDRESSES = process.platform === 'linux' ? 8 : 1

/** Sends requests as they are, over connections that stay open. */
export class Sender {
  readonly #url: URL
  readonly #agents = Array.from({ length: ADDRESSES }, (_, i) => ({
    localAddress: `127.0.0.${i + 1}`,
    agent: new Agent({ keepAlive: true }),
  }))
  #sent = 0

  constructor(url: string) {
    this.#url = new URL(url)
  }

  send({ body, ...options }: RawRequest): Promise<RawAnswer> {
    const { hostname, port } = this.#url
    this.#sent += 1
    const from = this.#agents[this.#sent % ADDRESSES]
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, maxHeaderSize: 2 ** 20, ...from, ...options })
      sent.once('error', reject).once('response', (response) => {
        const status = response.statusCode ?? 0
        const requestId = String(response.headers['x-request-id'])
        text(response).then((read) => resolve({ status, requestId, body: read }), reject)
      })
      sent.end(body)
    })
  }

  close(): void {
    for (const { agent } of this.#agents) agent.destroy()
  }
}
