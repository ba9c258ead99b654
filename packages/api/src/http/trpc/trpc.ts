import type { Readable } from 'node:stream'
import { type AnyRouter, getTRPCErrorShape, type TRPCError } from '@trpc/server'
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorStatus, toTrpcError } from '../../errors.ts'
import { appRouter } from '../../router.ts'
import { MAX_CALLS } from '../../schemas/limits.ts'
import type { Asked, admission } from '../admission/admission.ts'
import { apiContextOf, bodyLimitFor } from '../admission/admission.ts'
import type { BodyReader } from '../body/body-reader.ts'
import { fitJson } from '../body/fit-json.ts'
import { failureOf, logFailure, retryHeaders } from '../failure.ts'
import { refuseOtherMethods } from '../rest/methods.ts'
import { readSingleCall, runSingleCall } from './single-call.ts'

export const TRPC_PATH = '/api/trpc'

/** Set always: tRPC leaves it out where it could not read a request at all. */
const JSON_TYPE = { 'content-type': 'application/json' }

interface TrpcOptions {
  router: AnyRouter
  admit: ReturnType<typeof admission>
  bodies: BodyReader
}

/**
 * The router at /api/trpc, as plain JSON. What Fastify refuses before a procedure is reached has the
 * shape of tRPC's errors too, so that clients see one kind of error.
 */
export function trpcRoutes(scope: FastifyInstance, { router, admit, bodies }: TrpcOptions): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    'application/json',
    async (request: FastifyRequest, payload: Readable) => {
      const { bytes, partDepth } = bodyLimitFor(request)
      const body = await bodies.read({ request, payload, maxBytes: bytes })
      return fitJson(body.toString(), partDepth)
    },
  )
  scope.setErrorHandler(answerTrpcFailure)
  const url = `${TRPC_PATH}/*`
  scope.route({
    method: ['GET', 'POST'],
    url,
    onRequest: admit((request) => askedBy(request, router)),
    handler: async (request: FastifyRequest<{ Params: { '*': string } }>, reply) => {
      // As tRPC answers it. Its adapter's response is one that Fastify can't send without its body.
      if (request.method === 'HEAD') return reply.code(204).send()
      const call = readSingleCall(request, router)
      if (call === null) return answerByAdapter(router, request, reply)
      const { status, body, error } = await runSingleCall(call, {
        router,
        ctx: apiContextOf(request),
      })
      if (error) {
        logFailure(failureOf(error), request)
        reply.headers(retryHeadersOf([error]))
      }
      return reply.code(status).headers(JSON_TYPE).send(body)
    },
  })
  refuseOtherMethods(scope, url, ['GET', 'POST'])
}

/**
 * The calls that an address like `billing.plans,billing.usage?batch=1` asks for. No name has a comma, so they are as many as
 * tRPC can make of it, however the query is written; were the two to differ on `batch`, the body's limits only got narrower.
 */
function askedBy({ params, query }: FastifyRequest, router: AnyRouter): Asked {
  const path = String(Reflect.get(Object(params), '*'))
  const procedures: object = router._def.procedures
  return {
    procedures: path.split(','),
    batched: [Reflect.get(Object(query), 'batch')].flat()[0] === '1',
    exists: (name) => Object.hasOwn(procedures, name),
  }
}

/** For all that is not one plain call: batches, and requests that tRPC refuses. */
async function answerByAdapter(
  router: AnyRouter,
  request: FastifyRequest<{ Params: { '*': string } }>,
  reply: FastifyReply,
) {
  await fastifyRequestHandler({
    router,
    req: request,
    res: reply,
    // Decoded already, and decoded once more by the adapter, which fails at what is no encoding.
    path: encodeURIComponent(request.params['*']),
    createContext: () => apiContextOf(request),
    allowBatching: true,
    maxBatchSize: MAX_CALLS,
    onError: ({ error }) => logFailure(failureOf(error), request),
    responseMeta: ({ errors }) => ({ headers: { ...JSON_TYPE, ...retryHeadersOf(errors) } }),
  })
  return reply
}

/** Answers a failure as tRPC does: `{ error: { message, code, data: { errorCode, … } } }` with its status. */
export function answerTrpcFailure(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const failure = failureOf(error)
  logFailure(failure, request)
  const shape = getTRPCErrorShape({
    config: appRouter._def._config,
    error: toTrpcError(failure),
    type: 'unknown',
    path: undefined,
    input: undefined,
    ctx: undefined,
  })
  const status = errorStatus[failure.code]
  return reply.code(status).headers(retryHeaders(failure)).send({ error: shape })
}

/** The longest of the waits that a batch's failures ask for. */
function retryHeadersOf(errors: readonly TRPCError[]): Record<string, string> {
  const waits = errors.flatMap((error) => Object.values(retryHeaders(failureOf(error))).map(Number))
  return waits.length === 0 ? {} : { 'retry-after': String(Math.max(...waits)) }
}
