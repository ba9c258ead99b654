import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context, Logger } from '@tollgate/core'
import { TollgateError } from '@tollgate/core'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import Fastify, { LogController } from 'fastify'
import type { Identify } from '../admission/caller.ts'
import { answerFailure } from '../failure.ts'
import { answerUnknown } from '../not-found.ts'
import type { TollgatePluginOptions } from '../plugin.ts'
import { tollgatePlugin } from '../plugin.ts'
import { failureResponse, respond } from './fetch-response.ts'

export interface FetchHandlerOptions extends Omit<TollgatePluginOptions, 'identify'> {
  /** The host's sign-in. It gets the request that the host passed, to read its headers; the body is not for it. */
  identify: Identify<Request>
  /** The part of the requests' paths before `/api/…`: `/pay` for `/pay/api/trpc`. Empty unless given. */
  prefix?: string
}

export interface FetchHandler {
  (request: Request): Promise<Response>
  /** Resolves once every call under way has its response; a later call is UNAVAILABLE. A repeat is safe. */
  close(): Promise<void>
}

/**
 * `tollgatePlugin` for hosts that answer a `Request` with a `Response`, as Next.js route handlers, Hono and Bun do. Paths,
 * statuses, bodies and their limits are the plugin's; CORS, rate limits and compression are the host's. Pass requests
 * with their body unread, since Stripe signs its bytes. The caller's address is unknown: neither it nor `Host` nor
 * `X-Forwarded-*` is read. The handler never rejects: an unexpected error is logged to `core.log`, and its response is
 * INTERNAL. Needs a worker in some process for the webhooks: `startWorker`. Closing it leaves `core` open.
 */
export function toFetchHandler(options: FetchHandlerOptions): FetchHandler {
  const { identify, prefix = '', ...rest } = options
  const current = new AsyncLocalStorage<Request>()
  const app = createApp(options.core)
  void app.register(tollgatePlugin, {
    ...rest,
    prefix,
    identify: async () => {
      const request = current.getStore()
      return request === undefined ? null : identify(request)
    },
  })
  const underWay = new Set<Promise<Response>>()
  let closing = false
  const handle = async (request: Request) => {
    if (closing) return failureResponse(new TollgateError('UNAVAILABLE', 'The server is closing.'))
    const response = current.run(request, () => respond(app, request))
    underWay.add(response)
    return response.finally(() => underWay.delete(response))
  }
  const close = async () => {
    closing = true
    await Promise.all(underWay)
    await app.close()
  }
  return Object.assign(handle, { close })
}

/** A server that never listens: requests are injected. */
function createApp({ log }: Context): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: serverLog(log),
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: (error, request, reply) => {
      answerFailure(error, request, reply)
    },
  })
  app.removeAllContentTypeParsers()
  app.setErrorHandler(answerFailure)
  app.setNotFoundHandler(answerUnknown(answerFailure))
  return app
}

/** Core's log in the shape that Fastify asks for: fields first, or the message alone. */
function serverLog(log: Logger): FastifyBaseLogger {
  const write = (level: keyof Logger) => (fields: unknown, message?: string) => {
    if (typeof fields === 'string') log[level]({}, fields)
    else log[level](Object(fields), message ?? '')
  }
  const levels = { debug: write('debug'), info: write('info'), warn: write('warn') }
  const error = write('error')
  const silent = () => undefined
  const logger: FastifyBaseLogger = {
    ...levels,
    level: 'info',
    error,
    fatal: error,
    trace: silent,
    silent,
    child: () => logger,
  }
  return logger
}
