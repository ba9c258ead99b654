import type { IncomingMessage, OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { ServerResponse } from 'node:http'

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[]

/**
 * The response class of a server all of whose answers have these headers, unless the answer has its own of that name. They
 * are added as the head is written: setting them one by one beforehand costs more than the rest of a small answer.
 */
export function responseWith(headers: Readonly<Record<string, string>>): typeof ServerResponse {
  return class<Request extends IncomingMessage> extends ServerResponse<Request> {
    override writeHead(status: number, reason?: string | Headers, given?: Headers): this {
      const own = typeof reason === 'string' ? given : (reason ?? given)
      const all = Array.isArray(own) ? own : { ...this.#missing(), ...own }
      return typeof reason === 'string'
        ? super.writeHead(status, reason, all)
        : super.writeHead(status, all)
    }

    /** Names are in lower case wherever this server or Fastify writes them. */
    #missing(): Readonly<Record<string, string>> {
      if (this.getHeaderNames().length === 0) return headers
      return Object.fromEntries(Object.entries(headers).filter(([name]) => !this.hasHeader(name)))
    }
  }
}
