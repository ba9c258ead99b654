import type { Worker } from '@tollgate/core'
import { closeContext } from '@tollgate/core'
import type { FastifyInstance } from 'fastify'
import { checkProxy } from './config/check-proxy.ts'
import type { Deployment } from './config/deployment.ts'
import type { Env } from './config/env.ts'
import { StartError } from './config/start-error.ts'
import { openCore } from './core.ts'
import type { AppOptions } from './http/app.ts'
import { buildApp } from './http/app.ts'
import { createLog } from './log.ts'
import { prepare } from './prepare.ts'

/** How long calls in flight may take once the server was asked to stop. */
const STOP_TIMEOUT_MS = 25_000

/**
 * Listens, prepares the database, serves until `signal` aborts; then takes no more connections, answers the
 * calls in flight, ends the worker's jobs and closes every connection. Throws a StartError when it can't run.
 */
export async function runServer(
  { env, config }: Deployment,
  signal: AbortSignal,
  { router }: Pick<AppOptions, 'router'> = {},
): Promise<void> {
  const log = createLog(env)
  const core = openCore({ env, config }, log)
  let worker: Worker | undefined
  const prepared = () => worker !== undefined
  const app = await buildApp({ core, env, config, log, prepared, router })
  try {
    await listen(app, env)
    log.info({ url: env.appUrl, port: env.port }, 'listening')
    warnAbout(env, (message) => log.warn(message))
    worker = await prepare(core, { production: env.production, signal })
    log.info('ready')
    await aborted(signal)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    await app.close()
    await worker?.stop()
    await closeContext(core)
  }
  log.info('stopped')
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
  const { production, stripe } = env
  if (production && stripe.apiBase !== undefined) {
    warn('STRIPE_API_BASE is set in production: payments do not go to Stripe itself')
  }
  const proxy = checkProxy(env)
  if (!proxy.ok) warn(`TRUST_PROXY is empty: of the proxies ${proxy.message}`)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
