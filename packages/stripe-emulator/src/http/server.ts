import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { shortId } from '../core/ids.ts'
import type { Api } from './api.ts'
import type { Endpoint } from './endpoint.ts'
import { decodeForm, decodeJson } from './request/form.ts'

/** The fields of a posted form. */
export function formOf(request: FastifyRequest): Record<string, unknown> {
  return isRecord(request.body) ? request.body : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The Fastify server of the API and the hosted pages: it parses forms, and JSON for the v2 API, and closes its sockets when it stops. */
export function createServer(): FastifyInstance {
  const server = Fastify({
    logger: false,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    genReqId: () => shortId('req'),
    // No route has a JSON Schema. Without these two, Fastify loads its schema compilers: a quarter of the start-up time.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    routerOptions: { querystringParser: decodeForm, maxParamLength: 500 },
  })
  server.removeAllContentTypeParsers()
  const parse = (
    request: FastifyRequest,
    body: string,
    done: (error: null, parsed: unknown) => void,
  ) => done(null, request.url.startsWith('/v2/') ? decodeJson(body) : decodeForm(body))
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, parse)
  server.addContentTypeParser('*', { parseAs: 'string' }, parse)
  return server
}

function noSchemas(): never {
  throw new Error('the emulator validates parameters itself')
}

/** An API request and its response. */
export interface Exchange {
  method: string
  /** Path without query. */
  path: string
  /** The API version of the response. */
  version: string
  /** The parameters of query and body, every value as a string. */
  params: Record<string, unknown>
  status: number
  /** The JSON of the response. */
  body: string
  /** The names of the parameters that were accepted and that nothing has read, where the observer `watchesParams`. */
  unread: readonly string[]
}

/** Callbacks for requests and events. An error that one throws gives a 500. */
export interface Observer {
  /** Whether to find out which parameters of a request nothing reads. */
  watchesParams?: boolean
  /** Called after each request, also where a fault closes the connection. */
  onExchange?(exchange: Exchange): void
  /** Called after each event was written, with the event as endpoints get it. */
  onEvent?(event: object): void
}

/** What handles the requests to the API. */
export interface ApiServer {
  api: Api
  endpoints: readonly Endpoint[]
  observer: Observer
}

/** Adds the routes of the API to the server; every other path returns an error object (docs/stripe.md, fact 20). */
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

interface RouteCall {
  request: FastifyRequest
  reply: FastifyReply
  endpoint: Endpoint | undefined
}

async function respond({ api, observer }: ApiServer, { request, reply, endpoint }: RouteCall) {
  const { id = '', ...inPath } = isRecord(request.params) ? request.params : {}
  const query = isRecord(request.query) ? request.query : {}
  const [path = ''] = request.url.split('?')
  const known = endpoint === undefined ? {} : inPath
  const { method, headers } = request
  const params = { ...query, ...formOf(request) }
  const response = await api.handle(
    { method, path, headers, id: String(id), params: { ...params, ...known } },
    endpoint,
  )
  const { status, body, unread } = response
  const version = response.headers['Stripe-Version'] ?? ''
  observer.onExchange?.({ method, path, version, params, status, body, unread })
  if (response.cut) {
    request.raw.socket.destroy()
    return reply.hijack()
  }
  return reply.code(response.status).headers(response.headers).send(response.body)
}
