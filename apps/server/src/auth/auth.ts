import type { Context } from '@tollgate/core'
import type { BetterAuthOptions } from 'better-auth'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import type { Logger } from 'pino'
import type { Env } from '../config/env.ts'
import { openPrisma } from './prisma.ts'

/** The header in which our own server tells better-auth the caller's address; one that a caller sends is cut. */
export const CLIENT_IP_HEADER = 'x-tollgate-client-ip'

export interface AuthOptions {
  core: Context
  env: Pick<Env, 'appUrl' | 'origins' | 'authSecret' | 'production'>
  log: Logger
}

export type Auth = ReturnType<typeof createAuth>

/**
 * Sign-in with e-mail and password; sessions and rate limits live in the database, so that any process may
 * answer. `role` and `demo` are stored by us alone: no input of anybody's reaches them. A trigger mirrors each
 * account into `users`. No admin plugin: see docs/decisions/sign-in.md.
 */
export function createAuth({ core, env, log }: AuthOptions) {
  const prisma = openPrisma(core.db.pool)
  return betterAuth({
    ...settings(env),
    database: prismaAdapter(prisma, { provider: 'postgresql', transaction: true }),
    logger: {
      log: (level, message, ...details) => log[level]({ auth: true, details }, message),
    },
  })
}

function settings(env: AuthOptions['env']) {
  return {
    appName: 'Tollgate',
    baseURL: env.appUrl,
    basePath: '/api/auth',
    secret: env.authSecret,
    trustedOrigins: [...env.origins],
    emailAndPassword: { enabled: true },
    user: {
      modelName: 'authUser',
      additionalFields: {
        role: { type: 'string', required: false, input: false, defaultValue: 'customer' },
        demo: { type: 'boolean', required: false, input: false, defaultValue: false },
      },
    },
    session: { modelName: 'authSession' },
    account: { modelName: 'authAccount' },
    verification: { modelName: 'authVerification' },
    rateLimit: rateLimit(env.production),
    advanced: {
      useSecureCookies: env.appUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [CLIENT_IP_HEADER] },
      // Said aloud, since NODE_ENV=test would turn them off.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    telemetry: { enabled: false },
  } as const satisfies BetterAuthOptions
}

/** By address. Strict where passwords may be guessed; outside production a machine's own tests are let through. */
function rateLimit(production: boolean) {
  const attempts = { window: 60, max: production ? 10 : 1_000 }
  return {
    enabled: true,
    storage: 'database',
    modelName: 'authRateLimit',
    window: 60,
    max: 1_000,
    customRules: {
      '/sign-in/*': attempts,
      '/sign-up/*': attempts,
      // Asked on every page, and written by nobody: not worth two statements of bookkeeping.
      '/get-session': false,
    },
  } as const
}
