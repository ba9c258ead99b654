import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { shortId } from '../core/ids.ts'
import type { Api } from './api.ts'
import type { Endpoint } from './endpoint.ts'
import { decodeForm } from './form.ts'

/** The fields of a form that was posted. */
export function formOf(request: FastifyRequest): Record<string, unknown> {
  return isRecord(request.body) ? request.body : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Fastify as the API and the hosted pages need it: forms only, sockets that can be closed. */
export function createServer(): FastifyInstance {
  const server = Fastify({
    logger: false,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    genReqId: () => shortId('req'),
    // No route has a JSON Schema: without these two, Fastify loads the compilers for them, a quarter of the start.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    routerOptions: { querystringParser: decodeForm, maxParamLength: 500 },
  })
  server.removeAllContentTypeParsers()
  const parse = (
    _request: FastifyRequest,
    body: string,
    done: (error: null, parsed: unknown) => void,
  ) => done(null, decodeForm(body))
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, parse)
  server.addContentTypeParser('*', { parseAs: 'string' }, parse)
  return server
}

function noSchemas(): never {
  throw new Error('the emulator checks parameters by itself')
}

/** A call to the API and its answer. */
export interface Exchange {
  method: string
  /** Path without query. */
  path: string
  /** The API version of the answer. */
  version: string
  /** What query and body said, every value as text. */
  params: Record<string, unknown>
  status: number
  /** The answer's JSON. */
  body: string
}

/** Is told what goes over the wire. What it throws ends the request with a 500. */
export interface Observer {
  /** After each call, those that a fault cuts off too. */
  onExchange?(exchange: Exchange): void
  /** After each event was written, with it as its endpoints will get it. */
  onEvent?(event: object): void
}

/** What answers the API's requests. */
export interface ApiServer {
  api: Api
  endpoints: readonly Endpoint[]
  observer: Observer
}

/** Puts the API's routes on the server; every other path answers Stripe's 404 object. */
export function serveApi(server: FastifyInstance, parts: ApiServer): void {
  for (const endpoint of parts.endpoints) {
    server.route({
      method: endpoint.method,
      url: endpoint.path,
      handler: (request, reply) => respond(parts, { request, reply, endpoint }),
    })
  }
  server.setNotFoundHandler((request, reply) =>
    respond(parts, { request, reply, endpoint: undefined }),
  )
}

interface Visit {
  request: FastifyRequest
  reply: FastifyReply
  endpoint: Endpoint | undefined
}

async function respond({ api, observer }: ApiServer, { request, reply, endpoint }: Visit) {
  const { id = '', ...inPath } = isRecord(request.params) ? request.params : {}
  const query = isRecord(request.query) ? request.query : {}
  const [path = ''] = request.url.split('?')
  const known = endpoint === undefined ? {} : inPath
  const { method, headers } = request
  const params = { ...query, ...formOf(request) }
  const response = await api.answer(
    { method, path, headers, id: String(id), params: { ...params, ...known } },
    endpoint,
  )
  const { status, body } = response
  const version = response.headers['Stripe-Version'] ?? ''
  observer.onExchange?.({ method, path, version, params, status, body })
  if (response.cut) {
    request.raw.socket.destroy()
    return reply.hijack()
  }
  return reply.code(response.status).headers(response.headers).send(response.body)
}
