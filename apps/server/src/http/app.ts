import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Identify, TollgatePluginOptions } from '@tollgate/api'
import { answerFailure, tollgatePlugin, WEBHOOK_PATH } from '@tollgate/api'
import type { Context } from '@tollgate/core'
import { TollgateError } from '@tollgate/core'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import Fastify, { LogController } from 'fastify'
import type { Logger } from 'pino'
import { createAuth } from '../auth/auth.ts'
import { openMail } from '../auth/mail/open-mail.ts'
import { addOutbox } from '../auth/mail/outbox.ts'
import { addAuth, addSignInFacts, identifyBy } from '../auth/routes.ts'
import type { Config } from '../config/config-file.ts'
import type { Env } from '../config/env.ts'
import { addDocs } from './docs.ts'
import { addHealth } from './health.ts'
import { addMetrics } from './metrics.ts'
import { addPages } from './pages.ts'
import { addProtection } from './protection.ts'
import { RequestLog } from './request-log.ts'

export interface AppOptions extends Pick<TollgatePluginOptions, 'router'> {
  core: Context
  env: Env
  config?: Pick<Config, 'identify' | 'theme'>
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

const DEFAULTS: Pick<Config, 'identify' | 'theme'> = { theme: {} }

/** The whole server, not yet listening: sign-in, API, webhook, docs, health, metrics and the web app. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { core, env, config = DEFAULTS, log, router } = options
  const { prepared = () => true, pages = builtPages } = options
  const app = createServer(log)
  addRequestLog(app, log)
  closeAfterAnswers(app)
  await addProtection(app, env)
  app.addHook('onRequest', ({ url }, _reply, done) => {
    if (prepared() || !url.startsWith('/api/')) return done()
    done(new TollgateError('UNAVAILABLE', 'The server is starting.', { retryAfterSeconds: 1 }))
  })
  const signIn = config.identify
    ? addOwnSignIn(app, config.identify)
    : await addSignIn(app, options)
  await app.register(tollgatePlugin, {
    core,
    origins: env.origins,
    observe: addMetrics(app, { core, metricsToken: env.metricsToken }),
    router,
    ...signIn,
  })
  addHealth(app, { core, prepared })
  addDocs(app)
  await addPages(app, { folder: pages, theme: config.theme })
  return app
}

/** Sign-in with e-mail and password, where the host has none of its own. */
async function addSignIn(app: FastifyInstance, { core, env, config, log }: AppOptions) {
  const opened = openMail({ core, env, log, product: config?.theme.name ?? 'Tollgate' })
  const mail = opened?.mail ?? null
  const auth = createAuth({ core, env, log, mail })
  addAuth(app, { auth, core })
  addSignInFacts(app, { signIn: 'password', mail: mail?.mailer.delivery ?? 'none' })
  if (opened?.outbox) addOutbox(app, opened.outbox)
  app.addHook('onClose', () => mail?.mailer.close())
  const { authCookies } = await auth.$context
  return { identify: identifyBy(auth), sessionCookie: authCookies.sessionToken.name }
}

function addOwnSignIn(app: FastifyInstance, identify: Identify) {
  addSignInFacts(app, { signIn: 'host', mail: 'none' })
  return { identify }
}

function createServer(log: Logger): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log
  const app = Fastify({
    loggerInstance,
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
