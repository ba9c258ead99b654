import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { appRouter } from '../../router.ts'
import { createCallerFactory } from '../../trpc.ts'
import type { admission } from '../admission/admission.ts'
import { apiContextOf, bodyLimitFor } from '../admission/admission.ts'
import type { BodyReader } from '../body/body-reader.ts'
import { fitJson } from '../body/fit-json.ts'
import { answerFailure } from '../failure.ts'
import { refuseOtherMethods } from './methods.ts'
import { restInput } from './rest-input.ts'

/** A procedure that REST has, with its method and path. */
export interface RestRoute {
  /** As in `usage.recordBatch`. */
  procedure: string
  method: 'GET' | 'POST' | 'PUT'
  /** As in `/api/users/{userId}`. */
  path: string
  /** What its input has to be; undefined where it takes none. */
  schema: unknown
}

/** The part of tRPC's own description of a procedure that REST is made from. */
const definition = z.object({
  _def: z.object({
    inputs: z.array(z.unknown()),
    meta: z
      .object({
        openapi: z.object({ method: z.enum(['GET', 'POST', 'PUT']), path: z.string() }).optional(),
      })
      .optional(),
  }),
})

/** The procedures that carry `meta.openapi`: all that REST has. */
export const restRoutes: readonly RestRoute[] = Object.entries(appRouter._def.procedures).flatMap(
  ([procedure, built]) => {
    const { inputs, meta } = definition.parse({ ...built })._def
    return meta?.openapi ? [{ procedure, ...meta.openapi, schema: inputs[0] }] : []
  },
)

const createCaller = createCallerFactory(appRouter)

/** The same procedures as plain HTTP: path, query or JSON body in, JSON out. */
export function restApi(
  scope: FastifyInstance,
  { admit, bodies }: { admit: ReturnType<typeof admission>; bodies: BodyReader },
): void {
  scope.removeAllContentTypeParsers()
  const parse = scope.getDefaultJsonParser('error', 'error')
  scope.addContentTypeParser('application/json', (request, payload, done) => {
    const { bytes, partDepth } = bodyLimitFor(request)
    bodies
      .read({ request, payload, maxBytes: bytes })
      .then((body) => {
        if (body.length === 0) return done(null, undefined)
        return parse(request, fitJson(body.toString(), partDepth), done)
      })
      .catch(done)
  })
  scope.setErrorHandler(answerFailure)
  for (const route of restRoutes) {
    const url = fastifyPath(route.path)
    const asked = { procedures: [route.procedure], batched: false, exists: () => true }
    scope.route({
      method: route.method,
      url,
      onRequest: admit(() => asked),
      handler: async (request: FastifyRequest<{ Params: Record<string, string> }>, reply) => {
        const output = await call(route, request)
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(output))
      },
    })
    refuseOtherMethods(scope, url, [route.method])
  }
}

async function call(
  { procedure, method, path, schema }: RestRoute,
  request: FastifyRequest<{ Params: Record<string, string> }>,
): Promise<unknown> {
  const query = request.query
  const input = restInput(method, schema, {
    params: namedParams(path, request.params),
    query: typeof query === 'object' && query !== null ? { ...query } : {},
    body: request.body,
  })
  return procedureOf(createCaller(apiContextOf(request)), procedure)(input)
}

/**
 * A parameter at the end is a wildcard to Fastify, which otherwise cuts parameters off at 100 characters unless
 * the whole server is set up differently.
 */
function fastifyPath(path: string): string {
  return path.replace(/\{\w+\}$/, '*')
}

function namedParams(path: string, params: Record<string, string>): Record<string, string> {
  const name = /\{(\w+)\}$/.exec(path)?.[1]
  return name === undefined ? {} : { [name]: params['*'] ?? '' }
}

/** The function of a caller at a path like `billing.plans`. */
function procedureOf(caller: unknown, path: string): (input: unknown) => Promise<unknown> {
  const found = path.split('.').reduce<unknown>((node, key) => {
    return node instanceof Object ? Reflect.get(node, key) : undefined
  }, caller)
  if (typeof found !== 'function') throw new Error(`there is no procedure ${path}`)
  return async (input) => found(input)
}
