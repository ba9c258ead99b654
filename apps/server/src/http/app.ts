import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Identify, TollgatePluginOptions } from '@tollgate/api'
import { answerFailure, BodyReader, tollgatePlugin, WEBHOOK_PATH } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import { TollgateError } from '@tollgate/core'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import Fastify, { LogController } from 'fastify'
import type { Logger } from 'pino'
import { createAuth } from '../auth/auth.ts'
import { openMail } from '../auth/mail/open-mail.ts'
import { addOutbox } from '../auth/mail/outbox.ts'
import { addAuth, addSignInFacts, identifyBy } from '../auth/routes.ts'
import { addSession } from '../auth/session.ts'
import type { Config } from '../config/config-file.ts'
import type { Env } from '../config/env.ts'
import { addDocs } from './docs.ts'
import { addHealth } from './health.ts'
import { listenerFactory } from './listener/listener.ts'
import { addMetrics } from './metrics.ts'
import { addPages } from './pages.ts'
import { addProtection } from './protection.ts'
import { RequestLog } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'

export interface AppOptions extends Pick<TollgatePluginOptions, 'router'> {
  core: Context
  env: Env
  config?: Pick<Config, 'identify' | 'signInUrl' | 'theme'>
  log: Logger
  /** Whether the database is migrated and the worker runs; calls are UNAVAILABLE until then. */
  prepared?: () => boolean
  /** Where the built web app is. */
  pages?: string
}

/** Beside the built server, or where they are built in this repository. */
const builtPages = ['./web', '../../../web/dist']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((folder) => existsSync(folder))

const DEFAULTS: NonNullable<AppOptions['config']> = { theme: {} }

/** The whole server, not yet listening: sign-in, API, webhook, docs, health, metrics and the web app. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { core, env, config = DEFAULTS, log, router } = options
  const { prepared = () => true, pages = builtPages } = options
  const app = createServer({ env, log, headers: await securityHeaders(env.appUrl) })
  const bodies = new BodyReader()
  addRequestLog(app, log)
  closeAfterAnswers(app)
  const limit = await addProtection(app, env)
  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (prepared() || !url.startsWith('/api/')) return done()
    done(new TollgateError('UNAVAILABLE', 'The server is starting.', { retryAfterSeconds: 1 }))
  })
  const { identify, signInUrl = '', theme } = config
  const signIn = identify
    ? addOwnSignIn(app, { identify, core })
    : await addSignIn(app, { ...options, bodies })
  await app.register(tollgatePlugin, {
    core,
    origins: env.origins,
    observe: addMetrics(app, { core, env }),
    limit,
    bodies,
    router,
    ...signIn,
  })
  addHealth(app, { core, prepared })
  addDocs(app)
  await addPages(app, { folder: pages, theme, ...(identify && { signInUrl }) })
  return app
}

/** Sign-in with e-mail and password, where the host has none of its own. */
async function addSignIn(
  app: FastifyInstance,
  { core, env, config, log, bodies }: AppOptions & { bodies: BodyReader },
) {
  const opened = openMail({ core, env, log, product: config?.theme.name ?? 'Tollgate' })
  const mail = opened?.mail ?? null
  const auth = createAuth({ core, env, log, mail })
  addAuth(app, { auth, bodies, appUrl: env.appUrl })
  addSignInFacts(app, { signIn: 'password', mail: mail?.mailer.delivery ?? 'none' })
  if (opened?.outbox) addOutbox(app, opened.outbox)
  app.addHook('onClose', () => mail?.mailer.close())
  const { authCookies } = await auth.$context
  return { identify: identifyBy(auth), sessionCookie: authCookies.sessionToken.name }
}

function addOwnSignIn(app: FastifyInstance, sources: { identify: Identify; core: Context }) {
  addSession(app, sources)
  addSignInFacts(app, { signIn: 'host', mail: 'none' })
  return { identify: sources.identify }
}

function createServer({
  env: { trustProxy },
  log,
  headers,
}: Pick<AppOptions, 'env' | 'log'> & { headers: Record<string, string> }): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log
  const warn = (message: string) => log.warn(message)
  const app = Fastify({
    loggerInstance,
    serverFactory: listenerFactory({ trustProxy, headers, warn }),
    // It answers what is no request, for each address that it listens on.
    clientErrorHandler: () => undefined,
    // The listener has left of the forwarded headers what is true.
    trustProxy: (_address, hop) => hop === 0,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    childLoggerFactory: (logger, bindings) => new RequestLog(logger, bindings),
    // While it closes, calls that are already on a connection get their answers; the connection closes after.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => {
      answerFailure(error, request, reply)
    },
  })
  app.setErrorHandler(answerFailure)
  // Each route that reads a body says how. Where there is no route, nothing is read.
  app.removeAllContentTypeParsers()
  return app
}

/** Once the server closes, each answer ends its connection; kept alive, it would keep the server from ending. */
function closeAfterAnswers(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

/** Asked all the time, or, as webhooks, kept elsewhere with all that is known of them. */
const unremarkable = new Set(['/healthz', '/readyz', '/metrics', WEBHOOK_PATH])

/** One line a request, under an id that the answer carries too. Queries stay out: they may hold what people typed. */
function addRequestLog(app: FastifyInstance, log: Logger): void {
  // These fields hold no secret, and looking for one costs more than the line itself.
  const plain = log.child({}, { redact: [] })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.addHook('onResponse', ({ id, method, url, ip }, { statusCode, elapsedTime }, done) => {
    const path = url.split('?')[0]
    const fields = { reqId: id, method, path, ip, statusCode, ms: Math.round(elapsedTime) }
    if (path !== undefined && unremarkable.has(path) && statusCode === 200) {
      plain.debug(fields, 'answered')
    } else plain.info(fields, 'answered')
    done()
  })
}
