import type { Identify } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Auth } from './auth.ts'
import { CLIENT_IP_HEADER } from './auth.ts'
import { refuseNul } from './refuse-nul.ts'

/** better-auth at /api/auth, as it is: it answers errors and unknown paths itself. */
export function addAuth(app: FastifyInstance, sources: { auth: Auth; core: Context }): void {
  void app.register((scope, _options, done) => {
    authRoutes(scope, sources)
    done()
  })
}

function authRoutes(scope: FastifyInstance, { auth, core }: { auth: Auth; core: Context }): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    // Fastify can't send a Response without its body.
    exposeHeadRoute: false,
    bodyLimit: 64 * 2 ** 10,
    handler: async (request, reply) => {
      refuseNul(request)
      const answer = await auth.handler(toWebRequest(request))
      // Its 500 does not say why: with the database away this throws, and the answer is UNAVAILABLE.
      if (answer.status === 500) await core.db.pool.query('SELECT 1')
      return reply.send(answer)
    },
  })
}

/** Whose session a request carries. No cookie: no look into the database. */
export function identifyBy(auth: Auth): Identify {
  return async (request) => {
    if (request.headers.cookie === undefined) return null
    const session = await auth.api.getSession({ headers: webHeaders(request) })
    if (!session) return null
    return { userId: session.user.id, role: session.user.role === 'admin' ? 'admin' : 'customer' }
  }
}

function toWebRequest(request: FastifyRequest): Request {
  const url = new URL(request.url, `${request.protocol}://${request.host || 'localhost'}`)
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
