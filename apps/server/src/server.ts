import type { Worker } from '@tollgate/core'
import { closeContext, isDatabaseAway } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { checkProxy } from './config/check-proxy.ts'
import type { Deployment } from './config/deployment.ts'
import type { Env } from './config/env.ts'
import { StartError } from './config/start-error.ts'
import { openCore } from './core.ts'
import type { AppOptions } from './http/app.ts'
import { buildApp } from './http/app.ts'
import { createLog } from './log.ts'
import { prepare } from './prepare.ts'

/** How long calls in flight may take once the server was asked to stop; those that are left then are cut. */
const STOP_TIMEOUT_MS = 25_000

/**
 * Listens, prepares the database, serves until `signal` aborts; then takes no more connections, answers the
 * calls in flight, ends the worker's jobs and closes every connection. Throws a StartError when it can't run, and after the
 * same orderly end what nobody in this process has handled.
 */
export async function runServer(
  { env, config }: Deployment,
  signal: AbortSignal,
  { router, acceptResets = false }: Pick<AppOptions, 'router'> & { acceptResets?: boolean } = {},
): Promise<void> {
  const log = createLog(env)
  const core = openCore({ env, config }, log)
  const unhandled = endOnUnhandled(log)
  const end = AbortSignal.any([signal, unhandled.signal])
  let worker: Worker | undefined
  const prepared = () => worker !== undefined
  const app = await buildApp({ core, env, config, log, prepared, router })
  try {
    await listen(app, env)
    log.info({ url: env.appUrl, port: env.port }, 'listening')
    warnAbout(env, (message) => log.warn(message))
    const preparing = prepare(core, { production: env.production, acceptResets, signal: end })
    worker = await Promise.race([preparing, aborted(end)])
    if (worker) log.info('ready')
    await aborted(end)
  } catch (error) {
    if (!end.aborted) throw error
  } finally {
    setTimeout(() => {
      log.fatal('calls were still in flight when the server had to stop: they are cut')
      process.exit(1)
    }, STOP_TIMEOUT_MS).unref()
    await Promise.all([app.close(), worker?.stop()])
    await closeContext(core)
    unhandled.stop()
  }
  unhandled.signal.throwIfAborted()
  log.info('stopped')
}

/**
 * Aborts `signal` with what nobody in this process has handled: a rejected promise or a thrown error that belongs to no
 * caller, of a library most likely. Node would end the process at once, and cut the calls in flight. That the database is
 * away is no reason to end at all: whoever needs it finds that out by itself. `stop` gives both back to Node.
 */
function endOnUnhandled(log: Logger): { signal: AbortSignal; stop: () => void } {
  const end = new AbortController()
  const unhandled = (error: unknown) => {
    if (isDatabaseAway(error)) {
      log.warn({ err: error }, 'the database is away, and nobody waited for it')
      return
    }
    log.fatal({ err: error }, 'nobody has handled this error: the server ends')
    end.abort(error)
  }
  process.on('unhandledRejection', unhandled).on('uncaughtException', unhandled)
  return {
    signal: end.signal,
    stop: () => {
      process.off('unhandledRejection', unhandled).off('uncaughtException', unhandled)
    },
  }
}

async function listen(app: FastifyInstance, { host, port }: Env): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new StartError(`Port ${port} is in use: set PORT to another port`)
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartError(
        `HOST ${host} is not an address of this machine: set HOST to one that is`,
      )
    }
    if (code === 'EACCES') {
      throw new StartError(`Port ${port} is not for this user: set PORT to 1024 or more`)
    }
    throw error
  }
}

function warnAbout(env: Env, warn: (message: string) => void): void {
  const { production, stripe, mail } = env
  if (production && stripe.apiBase !== undefined) {
    warn('STRIPE_API_BASE is set in production: payments do not go to Stripe itself')
  }
  if (production && mail === null) {
    warn('SMTP_URL is not set: nobody can reset a password, change or verify an e-mail address')
  }
  const proxy = checkProxy(env)
  if (!proxy.ok) warn(`TRUST_PROXY is empty: of the proxies ${proxy.message}`)
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
