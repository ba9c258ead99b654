import type { Context } from '@tollgate/core'
import { eraseUser, limitStripeCalls } from '@tollgate/core'
import type { BetterAuthOptions } from 'better-auth'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { getIP } from 'better-auth/api'
import type { Logger } from 'pino'
import type { Env } from '../config/env.ts'
import { GuessLimit } from './hooks/guess-limit.ts'
import { forgetLinks, routeHooks, rowHooks } from './hooks/hooks.ts'
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './hooks/passwords.ts'
import { asRefusal } from './hooks/refusals.ts'
import type { AccountMail } from './mail/account-mail.ts'
import { noteAway, openPrisma } from './prisma.ts'

/** The header in which our own server tells better-auth the caller's address; one that a caller sends is cut. */
export const CLIENT_IP_HEADER = 'x-tollgate-client-ip'

export interface AuthOptions {
  core: Context
  env: Pick<Env, 'appUrl' | 'origins' | 'authSecret' | 'production'>
  log: Logger
  /** Null where mail is not set up: what needs it is refused, in words. */
  mail: AccountMail | null
}

export type Auth = ReturnType<typeof createAuth>

/**
 * Sign-in with e-mail and password; sessions and limits live in the database, so that any process may answer. `role`
 * and `demo` are stored by us alone: no input of anybody's reaches them. A trigger mirrors each account into `users`.
 * No admin plugin: see docs/decisions/sign-in.md.
 */
export function createAuth(options: AuthOptions) {
  const { core, env, log, mail } = options
  const prisma = openPrisma(core.db.pool)
  const limit = new GuessLimit(core, env)
  return betterAuth({
    ...settings(env),
    emailAndPassword: passwords(options, limit),
    ...(mail && {
      emailVerification: {
        sendOnSignUp: true,
        sendVerificationEmail: async ({ user, token }) => mail.verifyEmail(user.email, token),
      },
    }),
    user: { ...userTable, changeEmail: { enabled: true }, deleteUser: deletion(core) },
    hooks: routeHooks({ core, limit, mail }),
    databaseHooks: rowHooks(core),
    database: prismaAdapter(prisma, { provider: 'postgresql', transaction: true }),
    logger: {
      log: (level, message, ...details) => log[level]({ auth: true, details }, message),
    },
  })
}

/** A new password ends every other session, and what was mailed before. */
function passwords({ core, mail }: AuthOptions, limit: GuessLimit) {
  return {
    enabled: true,
    minPasswordLength: MIN_PASSWORD_LENGTH,
    maxPasswordLength: MAX_PASSWORD_LENGTH,
    revokeSessionsOnPasswordReset: true,
    ...(mail && {
      sendResetPassword: async ({ user, token }) => mail.resetPassword(user.email, token),
    }),
    onPasswordReset: async ({ user }, request) => {
      await forgetLinks(core, user.id)
      mail?.passwordChanged(user.email)
      const address = request && getIP(request, { advanced })
      if (address) await limit.trust(user, address)
    },
  } satisfies BetterAuthOptions['emailAndPassword']
}

/** Stripe first: while it does not answer, the account stays. Then core deletes the account, and better-auth finds none. */
function deletion(core: Context) {
  return {
    enabled: true,
    beforeDelete: async ({ id }) => {
      const actor = { kind: 'user', id } as const
      const erase = async () => {
        await limitStripeCalls(core, { userId: id })
        await eraseUser(core, { userId: id, actor, reason: 'deleted by its owner' })
      }
      await noteAway(erase()).catch((error: unknown) => {
        throw asRefusal(error)
      })
    },
  } satisfies NonNullable<BetterAuthOptions['user']>['deleteUser']
}

const userTable = {
  modelName: 'authUser',
  additionalFields: {
    role: { type: 'string', required: false, input: false, defaultValue: 'customer' },
    demo: { type: 'boolean', required: false, input: false, defaultValue: false },
  },
} as const

const advanced = {
  ipAddress: { ipAddressHeaders: [CLIENT_IP_HEADER] },
  // Said aloud, since NODE_ENV=test would turn them off.
  disableOriginCheck: false,
  disableCSRFCheck: false,
} as const satisfies BetterAuthOptions['advanced']

function settings(env: AuthOptions['env']) {
  return {
    appName: 'Tollgate',
    baseURL: env.appUrl,
    basePath: '/api/auth',
    secret: env.authSecret,
    trustedOrigins: [...env.origins],
    session: { modelName: 'authSession' },
    account: { modelName: 'authAccount' },
    // A copy of the database opens no account by a link that was mailed.
    verification: { modelName: 'authVerification', storeIdentifier: 'hashed' },
    rateLimit: floods(env.production),
    advanced: { ...advanced, useSecureCookies: env.appUrl.startsWith('https:') },
    telemetry: { enabled: false },
  } as const satisfies BetterAuthOptions
}

/**
 * Requests by address, wrong or right: against floods alone, so that an office behind one address is let in. Guesses
 * have limits of their own. Outside production a machine's own tests are let through.
 */
function floods(production: boolean) {
  const often = { window: 60, max: production ? 60 : 1_000 }
  const mails = { window: 3_600, max: production ? 20 : 1_000 }
  return {
    enabled: true,
    storage: 'database',
    modelName: 'authRateLimit',
    window: 60,
    max: 1_000,
    customRules: {
      '/sign-in/*': often,
      '/sign-up/*': often,
      '/reset-password': often,
      '/verify-email': often,
      '/change-email': mails,
      '/change-password': often,
      '/request-password-reset': mails,
      '/send-verification-email': mails,
      // Asked on every page, and written by nobody: not worth two statements of bookkeeping.
      '/get-session': false,
    },
  } as const
}
