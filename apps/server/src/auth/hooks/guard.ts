import { getSessionFromCtx } from 'better-auth/api'
import type { Delivery } from '../mail/mailer.ts'
import { textOf, unstorableField } from './body.ts'
import type { HookContext } from './hook-context.ts'
import { whyWeak } from './passwords.ts'
import { refusals } from './refusals.ts'

const needsMail = new Set(['/change-email', '/request-password-reset', '/send-verification-email'])
/** Which field of which route becomes somebody's password. */
const newPassword: Readonly<Record<string, string>> = {
  '/sign-up/email': 'password',
  '/change-password': 'newPassword',
  '/reset-password': 'newPassword',
}

/** Refuses what better-auth would take and this product does not. Throws an APIError. */
export async function guard(ctx: HookContext, { delivery }: { delivery: Delivery }): Promise<void> {
  const field = unstorableField(ctx.body)
  if (field !== null) throw refusals.badText(field)
  if (delivery === 'none' && needsMail.has(ctx.path)) throw refusals.noMail()
  await refuseWeakPassword(ctx)
}

async function refuseWeakPassword(ctx: HookContext): Promise<void> {
  const field = newPassword[ctx.path]
  const password = field && textOf(ctx.body, field)
  if (!password) return
  const session = ctx.path === '/change-password' ? await getSessionFromCtx(ctx) : null
  const owner = session?.user ?? {
    email: textOf(ctx.body, 'email'),
    name: textOf(ctx.body, 'name'),
  }
  const why = whyWeak(password, owner)
  if (why !== null) throw refusals.weakPassword(why)
}

/**
 * The password of who is signed in, for routes where better-auth asks for none, or not always: a session that was left
 * open must not be enough to take an account over, or to delete it. Throws an APIError.
 */
export async function requirePassword(ctx: HookContext): Promise<void> {
  if (ctx.path !== '/change-email' && ctx.path !== '/delete-user') return
  const session = await getSessionFromCtx(ctx)
  // Better-auth refuses it itself.
  if (!session) return
  const { internalAdapter, password: passwords } = ctx.context
  const account = await internalAdapter.findCredentialAccount(session.user.id)
  const password = textOf(ctx.body, 'password') ?? ''
  const hash = account?.password
  if (!hash || !(await passwords.verify({ hash, password }))) throw refusals.wrongPassword()
}
