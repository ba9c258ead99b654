import type { Context } from '@tollgate/core'
import type { AnyRouter } from '@trpc/server'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ObservedCall } from '../context.ts'
import { handleOf } from '../context.ts'
import { appRouter } from '../router.ts'
import type { LimitedCall } from './admission/admission.ts'
import { admission } from './admission/admission.ts'
import type { Identify } from './admission/caller.ts'
import { callerOf } from './admission/caller.ts'
import { BodyReader } from './body/body-reader.ts'
import { answerFailure } from './failure.ts'
import { answerUnknown } from './not-found.ts'
import type { OpenApiOptions } from './rest/openapi.ts'
import { openApiDocument } from './rest/openapi.ts'
import { restApi } from './rest/rest.ts'
import { answerTrpcFailure, TRPC_PATH, trpcRoutes } from './trpc/trpc.ts'
import { webhookRoute } from './webhook.ts'

export interface TollgatePluginOptions extends OpenApiOptions {
  /** Core's context, of any catalogue. */
  core: Context
  /** Origins whose pages may change something with a cookie, and that people may be sent back to. */
  origins: readonly string[]
  /** The host's sign-in. */
  identify: Identify
  /** Called once per call, when its result is known: for metrics. */
  observe?: (call: ObservedCall) => void
  /** Called for each request once its caller is known, before its body is read. What it throws is the answer: a rate limit. */
  limit?: (request: FastifyRequest, call: LimitedCall) => void
  /** Shares one bound on memory with other routes of the host. */
  bodies?: BodyReader
  /** What /api/trpc serves: our router with further procedures beside it. Our router alone unless given. */
  router?: AnyRouter | undefined
}

/**
 * Mounts billing and metering in any Fastify server: the tRPC router at /api/trpc, REST at /api/billing, /api/usage and
 * /api/users, Stripe's webhook, and /api/openapi.json. It checks API keys itself; sessions are what `identify` says.
 * It adds no CORS and no rate limit: these are the server's. Needs a worker in some process for the webhooks:
 * `startWorker`. A core of any catalogue will do.
 */
export const tollgatePlugin = fp(mount, {
  name: '@tollgate/api',
  fastify: '5.x',
  // Its parsers, hooks and error handlers apply to its own routes alone, and a prefix works.
  encapsulate: true,
})

function mount(scope: FastifyInstance, options: TollgatePluginOptions, done: () => void): void {
  const { core, origins, identify, observe, limit, router = appRouter } = options
  const { bodies = new BodyReader() } = options
  // An address that has nothing reads nothing.
  scope.removeAllContentTypeParsers()
  scope.setErrorHandler(answerFailure)
  // What somebody may see is for nobody else: neither a proxy nor the next user of a browser keeps it.
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store')
    done()
  })
  scope.addHook('onResponse', (request, _reply, done) => {
    bodies.release(request)
    done()
  })
  const admit = admission(scope, {
    callerOf: (request) => callerOf(request, { core, identify }),
    origins,
    core: handleOf(core),
    observe,
    limit,
  })
  inScope(scope, (child) => webhookRoute(child, core, bodies))
  inScope(scope, (child) => trpcRoutes(child, { router, admit, bodies }))
  inScope(scope, (child) => restApi(child, { admit, bodies }))
  const document = JSON.stringify(
    openApiDocument({
      ...options,
      catalog: core.catalog,
      prefix: scope.prefix,
    }),
  )
  scope.get('/api/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  )
  for (const prefix of ['/api/billing', '/api/usage', '/api/users']) {
    inScope(scope, (child) => child.setNotFoundHandler(answerUnknown(answerFailure)), prefix)
  }
  inScope(scope, (child) => child.setNotFoundHandler(answerUnknown(answerTrpcFailure)), TRPC_PATH)
  done()
}

/** Adds routes whose parsers, hooks and error handlers apply to them alone. */
function inScope(
  scope: FastifyInstance,
  add: (child: FastifyInstance) => unknown,
  prefix = '',
): void {
  void scope.register(
    (child, _options, done) => {
      add(child)
      done()
    },
    { prefix },
  )
}
