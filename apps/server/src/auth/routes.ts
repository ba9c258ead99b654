import type { Readable } from 'node:stream'
import type { BodyReader, Identify } from '@tollgate/api'
import { fitJson } from '@tollgate/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Auth } from './auth.ts'
import { CLIENT_IP_HEADER } from './auth.ts'
import type { Delivery } from './mail/mailer.ts'
import { whileDatabaseIsThere } from './prisma.ts'
import { refuseNul } from './refuse-nul.ts'
import { hasAuthRoute } from './route-list.ts'

const PREFIX = '/api/auth'

export interface AuthSources {
  auth: Auth
  bodies: BodyReader
  /** The app's public origin. */
  appUrl: string
}

/** E-mail addresses, passwords and names: nothing longer. */
const MAX_BODY_BYTES = 64 * 2 ** 10

/** better-auth at /api/auth: it answers errors itself. Which of its routes there are is in route-list.ts. */
export function addAuth(app: FastifyInstance, sources: AuthSources): void {
  void app.register((scope, _options, done) => {
    authRoutes(scope, sources)
    done()
  })
}

function authRoutes(scope: FastifyInstance, { auth, bodies, appUrl }: AuthSources): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable) => {
    const body = await bodies.read({ request, payload, maxBytes: MAX_BODY_BYTES })
    // It is JSON to better-auth whatever its type says.
    fitJson(body.toString(), 1)
    return body
  })
  scope.addHook('onResponse', (request, _reply, done) => {
    bodies.release(request)
    done()
  })
  scope.route({
    method: ['GET', 'POST'],
    url: `${PREFIX}/*`,
    // Fastify can't send a Response without its body.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      refuseNul(request)
      const path = request.url.slice(PREFIX.length).split('?')[0] ?? ''
      if (!hasAuthRoute(request.method, path)) return reply.callNotFound()
      const answer = await whileDatabaseIsThere(() => auth.handler(toWebRequest(request, appUrl)))
      // Its general limit says it in a header of its own.
      const retryAfter = answer.headers.get('x-retry-after')
      if (retryAfter !== null) reply.header('retry-after', retryAfter)
      return reply.send(answer)
    },
  })
}

/** What the pages need to know before anybody is signed in: who does the sign-in, and where mail goes. */
export function addSignInFacts(
  app: FastifyInstance,
  facts: { signIn: 'password' | 'host'; mail: Delivery },
): void {
  app.get('/api/sign-in', (_request, reply) =>
    reply.header('cache-control', 'no-store').send(facts),
  )
}

/** Whose session a request carries. No cookie: no look into the database. */
export function identifyBy(auth: Auth): Identify {
  return async (request) => {
    if (request.headers.cookie === undefined) return null
    const headers = webHeaders(request)
    const session = await whileDatabaseIsThere(() => auth.api.getSession({ headers }))
    if (!session) return null
    return { userId: session.user.id, role: session.user.role === 'admin' ? 'admin' : 'customer' }
  }
}

/** The address is the app's own, whatever the request calls it. */
function toWebRequest(request: FastifyRequest, appUrl: string): Request {
  const url = new URL(request.url, appUrl)
  const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : null
  return new Request(url, { method: request.method, headers: webHeaders(request), body })
}

function webHeaders(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  headers.set(CLIENT_IP_HEADER, request.ip)
  if (!headers.has('origin')) {
    // Browsers send an Origin with every POST. A program that does not is none, whatever else its HTTP library
    // says of itself (Node's fetch sends Sec-Fetch-Mode), and there is nobody's page to protect against.
    for (const name of ['sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) headers.delete(name)
  }
  return headers
}
