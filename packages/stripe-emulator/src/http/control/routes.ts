import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidRequest, StripeError } from '../../core/errors.ts'
import { shortId } from '../../core/ids.ts'
import { errorResponse, toBody } from '../response.ts'
import { clockRoutes } from './clock.ts'
import { deliveryRoutes } from './deliveries.ts'
import { faultRoutes } from './faults.ts'
import { requireJson, requireLoopback, requireOwnOrigin } from './guard.ts'
import type { ControlParts, ControlRoute } from './route.ts'
import { scenarioRoutes } from './scenarios/routes.ts'
import { dunningRoutes } from './settings/dunning.ts'
import { keyRoutes } from './settings/keys.ts'
import { meterRoutes } from './settings/meters.ts'
import { taxRoutes } from './settings/tax.ts'
import { stateRoutes } from './state.ts'
import { triggerRoutes } from './trigger.ts'

const PREFIX = '/_emulator'

/**
 * Adds the control endpoints to the server: JSON, for this machine only, and not for pages of other
 * origins.
 */
export function serveControl(server: FastifyInstance, parts: ControlParts): void {
  const routes = allRoutes(parts)
  const list = routes.map(({ method, path }) => `${method} ${path}`).join(', ')
  server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson)
    scope.addHook('onRequest', (request, _reply, next) => {
      requireLoopback(request)
      requireOwnOrigin(request)
      requireJson(request)
      next()
    })
    scope.setErrorHandler((error, _request, reply) => sendError(reply, error))
    for (const route of routes) serveRoute(scope, parts, route)
    scope.all(`${PREFIX}/*`, ({ method, url }) => {
      throw new StripeError(404, {
        type: 'invalid_request_error',
        message: `stripe-emulator has no ${method} ${url.split('?')[0]}. There are: ${list}.`,
      })
    })
    done()
  })
}

function allRoutes(parts: ControlParts): ControlRoute[] {
  const routes = [
    ...stateRoutes(parts),
    ...clockRoutes(parts),
    ...deliveryRoutes(parts),
    ...triggerRoutes(parts),
    ...scenarioRoutes(parts),
    ...faultRoutes(parts),
    ...meterRoutes(parts),
    ...keyRoutes(parts),
    ...taxRoutes(parts),
    ...dunningRoutes(parts),
  ]
  const shown = routes.map(({ method, path, summary, takes }) => ({
    route: `${method} ${path}`,
    summary,
    takes,
  }))
  const summary = 'This list'
  const index = {
    method: 'GET' as const,
    path: PREFIX,
    summary,
    takes: '',
    run: () => ({ data: shown }),
  }
  return [index, ...routes]
}

function parseJson(
  _request: FastifyRequest,
  text: string,
  done: (error: Error | null, parsed?: unknown) => void,
): void {
  try {
    done(null, text === '' ? {} : JSON.parse(text))
  } catch {
    done(invalidRequest('The body is not JSON.'))
  }
}

function sendError(reply: FastifyReply, error: unknown) {
  const { status, body } = errorResponse(error, shortId('req'))
  return reply.code(status).type('application/json').send(body)
}

function serveRoute(scope: FastifyInstance, parts: ControlParts, route: ControlRoute): void {
  scope.route({
    method: route.method,
    url: route.path,
    handler: async ({ params, query, body }, reply) => {
      const id = isRecord(params) ? String(params['id'] ?? '') : ''
      const result = await route.run({ id, query: isRecord(query) ? query : {}, body })
      await parts.engine.durable()
      return reply.type('application/json').header('Cache-Control', 'no-store').send(toBody(result))
    },
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
