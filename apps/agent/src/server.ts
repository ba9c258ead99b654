import { type ErrorCode, isTollgateError, type TollgateClient } from '@tollgate/client'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify'
import { ZodError } from 'zod'
import { chatRoutes } from './chat.ts'
import { HttpError } from './http-error.ts'
import type { PageFetcher } from './scraper/fetch-page.ts'
import { scraperRoutes } from './scraper/routes.ts'
import { type Identify, isSameSite } from './session.ts'

export interface ServerOptions {
  tollgate: TollgateClient
  identify: Identify
  fetcher: PageFetcher
  /** Origins whose pages may call with their user's cookie. */
  origins: readonly string[]
  logger?: FastifyServerOptions['logger']
}

/** The agent's HTTP server, not yet listening. Failures answer `{ error }`. Closing it ends the fetcher as well. */
export function buildServer({ origins, logger = false, ...parts }: ServerOptions): FastifyInstance {
  // While it closes, what comes on a connection that stands is still answered.
  const app = Fastify({ logger, bodyLimit: 64 * 1024, return503OnClosing: false })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = toHttpError(error)
    if (failure.statusCode >= 500) request.log.error({ err: error }, failure.message)
    if (failure.retryAfterSeconds !== undefined)
      reply.header('retry-after', failure.retryAfterSeconds)
    return reply.code(failure.statusCode).send({ error: failure.message })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'There is nothing at this address.' }),
  )
  endConnectionsWhenClosing(app)
  app.addHook('onClose', () => parts.fetcher.close())
  app.get('/healthz', () => ({ status: 'ok' }))
  void app.register(
    (api, _options, done) => {
      api.addHook('onRequest', async ({ headers }) => {
        if (isSameSite(headers, origins)) return
        throw new HttpError(403, 'Send Content-Type: application/json and a trusted Origin.')
      })
      void api.register(chatRoutes, parts)
      void api.register(scraperRoutes, parts)
      done()
    },
    { prefix: '/api' },
  )
  return app
}

/** Closing waits for every connection, and one that a caller keeps open after its answer would hold it for a minute. */
function endConnectionsWhenClosing(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

/** Another payload under the same key, or the same work at another cost. */
const USED_KEY: readonly ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED', 'RESERVATION_CLOSED']

/** What the caller is told of a failure; of a surprise, nothing but that it was one. */
function toHttpError(error: FastifyError | Error): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof ZodError) {
    const [issue] = error.issues
    return new HttpError(400, `${issue?.path.join('.') || 'body'}: ${issue?.message}`)
  }
  if (isTollgateError(error)) {
    if (USED_KEY.includes(error.errorCode)) {
      return new HttpError(409, 'This Idempotency-Key was used for another request.')
    }
    const retryAfterSeconds = error.retryAfterSeconds ?? 1
    return new HttpError(503, 'Usage can not be metered at the moment.', { retryAfterSeconds })
  }
  if ('statusCode' in error && error.statusCode !== undefined && error.statusCode < 500) {
    return new HttpError(error.statusCode, error.message)
  }
  return new HttpError(500, 'Something went wrong.')
}
