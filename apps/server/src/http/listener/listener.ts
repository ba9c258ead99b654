import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { Env } from '../../config/env.ts'
import { trustsNobody } from '../../config/trust-proxy.ts'
import type { ConnectionLimits } from './connections.ts'
import { limitConnections } from './connections.ts'
import type { Trust } from './forwarded.ts'
import { settleForwarded, trustOf, wasForwarded } from './forwarded.ts'
import { isHostHeader } from './host-header.ts'
import { BAD_EXPECTATION, BAD_HOST, refuse, refuseConnection } from './refusals.ts'
import { responseWith } from './response.ts'

interface Limits {
  connections: ConnectionLimits
  /** How long the head of a request may take. */
  headMs: number
  /** How long all of it may take, head and body, however steadily it drips. */
  requestMs: number
  /** How often these two are looked at. */
  checkMs: number
}

const defaults: Limits = {
  connections: { all: 2_048, perAddress: 512 },
  headMs: 10_000,
  requestMs: 30_000,
  checkMs: 1_000,
}

/** Longer than proxies keep a connection that nobody uses, so that it is they who close it. */
const KEEP_ALIVE_MS = 72_000
/** A connection on which nothing moves while an answer is due. The longest of ours waits some 100 s for Stripe. */
const SILENCE_MS = 300_000

interface ListenerOptions {
  trustProxy: Env['trustProxy']
  /** On every answer, whoever makes it. */
  headers: Readonly<Record<string, string>>
  warn: (message: string) => void
  limits?: Limits
}

/**
 * Makes the HTTP server in front of Fastify. It bounds how long requests take to arrive and how many connections there
 * are, settles who the caller is, and puts the same headers on every answer: those of routes, of errors, and of the
 * HTTP parser itself.
 */
export function listenerFactory(options: ListenerOptions): (handler: RequestListener) => Server {
  const trust = trustOf(options.trustProxy)
  const { connections, headMs, requestMs, checkMs } = options.limits ?? defaults
  return (handler) => {
    const settle = settler(trust, options)
    const serve = (request: IncomingMessage, response: ServerResponse<IncomingMessage>) => {
      settle(request)
      if (hasGoodHost(request)) handler(request, response)
      else refuse(response, BAD_HOST)
    }
    const server = createServer(
      {
        ServerResponse: responseWith(options.headers),
        connectionsCheckingInterval: checkMs,
        // A request without a Host is answered here, as others are.
        requireHostHeader: false,
      },
      serve,
    )
    server.headersTimeout = headMs
    server.requestTimeout = requestMs
    server.keepAliveTimeout = KEEP_ALIVE_MS
    server.setTimeout(SILENCE_MS)
    server.on('checkExpectation', (request, response) => {
      settle(request)
      refuse(response, BAD_EXPECTATION)
    })
    server.on('clientError', (error, socket) => refuseConnection(error, socket, options.headers))
    limitConnections(server, trust, connections)
    return server
  }
}

function settler(trust: Trust, { trustProxy, warn }: ListenerOptions) {
  let told = !trustsNobody(trustProxy)
  return (request: IncomingMessage) => {
    settleForwarded(request, trust)
    if (told || !wasForwarded(request)) return
    told = true
    warn(
      'A request came through a proxy, and TRUST_PROXY names none: all callers count as one address. Set TRUST_PROXY to the address of the proxy.',
    )
  }
}

function hasGoodHost({ headers: { host }, httpVersion }: IncomingMessage): boolean {
  return host === undefined ? httpVersion === '1.0' : isHostHeader(host)
}
