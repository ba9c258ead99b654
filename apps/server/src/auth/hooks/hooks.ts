import type { Context } from '@tollgate/core'
import { passOnDetails } from '@tollgate/core'
import type { BetterAuthOptions } from 'better-auth'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import type { AccountMail } from '../mail/account-mail.ts'
import { noteAway } from '../prisma.ts'
import { textOf } from './body.ts'
import { guard, requirePassword } from './guard.ts'
import type { GuessLimit } from './guess-limit.ts'
import type { HookContext } from './hook-context.ts'
import { addressOf } from './hook-context.ts'
import { refusals } from './refusals.ts'
import { notePassword, requireSamePassword } from './same-password.ts'

export interface HookOptions {
  core: Context
  limit: GuessLimit
  /** Null where mail is not set up. */
  mail: AccountMail | null
}

/** What runs before and after each route of better-auth. */
export function routeHooks(options: HookOptions): NonNullable<BetterAuthOptions['hooks']> {
  return {
    before: createAuthMiddleware((ctx) => noteAway(before(ctx, options))),
    after: createAuthMiddleware((ctx) => noteAway(after(ctx, options))),
  }
}

async function before(ctx: HookContext, { core, limit, mail }: HookOptions) {
  await guard(ctx, { delivery: mail?.mailer.delivery ?? 'none' })
  await limit.before(ctx)
  await notePassword(core, ctx)
  await requirePassword(ctx)
  return changedBody(ctx)
}

async function after(ctx: HookContext, options: HookOptions): Promise<void> {
  await requireSamePassword(options.core, ctx)
  await options.limit.after(ctx)
  if (!isAPIError(ctx.context.returned)) await afterSuccess(ctx, options)
}

/** A change of password ends the other sessions, whatever the caller says. */
function changedBody(ctx: HookContext) {
  if (ctx.path === '/change-password') return { context: { body: { revokeOtherSessions: true } } }
  return undefined
}

async function afterSuccess(ctx: HookContext, { core, limit, mail }: HookOptions): Promise<void> {
  const { newSession, session } = ctx.context
  switch (ctx.path) {
    case '/sign-in/email':
    case '/sign-up/email':
      if (newSession) await limit.trust(newSession.user, addressOf(ctx))
      return
    case '/change-password':
      if (!newSession) return
      await forgetLinks(core, newSession.user.id)
      mail?.passwordChanged(newSession.user.email)
      return
    case '/change-email':
      if (session) mail?.emailChangeAsked(session.user.email, textOf(ctx.body, 'newEmail') ?? '')
      return
    case '/delete-user':
      if (session) mail?.accountDeleted(session.user.email)
      return
  }
}

/** Links that were mailed before the password or the address changed open nothing any more. */
export async function forgetLinks({ db }: Context, userId: string): Promise<void> {
  await noteAway(db.pool.query('DELETE FROM auth_verifications WHERE value = $1', [userId]))
}

/** What happens to rows of better-auth, whichever route writes them. */
export function rowHooks(core: Context): NonNullable<BetterAuthOptions['databaseHooks']> {
  return {
    session: {
      create: {
        // The database refuses it too; here it is said in words. Signing up is a transaction with a connection of its own,
        // in which nothing may wait for another one: many at once would wait for each other.
        before: async ({ userId }, ctx) => {
          if (ctx?.path === '/sign-up/email') return
          const { rowCount } = await noteAway(
            core.db.pool.query('SELECT FROM auth_users WHERE id = $1 AND banned_at IS NOT NULL', [
              userId,
            ]),
          )
          if (rowCount !== 0) throw refusals.banned()
        },
      },
    },
    user: {
      update: {
        // The link was opened, so mail to the new address reaches its owner.
        before: async ({ email, ...rest }, ctx) => {
          if (email === undefined || ctx?.path !== '/verify-email') return
          if (await ctx.context.internalAdapter.findUserByEmail(email)) throw refusals.taken()
          return { data: { ...rest, email, emailVerified: true } }
        },
        after: async (user, ctx) => {
          if (ctx?.path === '/verify-email') await forgetLinks(core, user.id)
          void passOnDetails(core, { userId: user.id })
        },
      },
    },
  }
}
