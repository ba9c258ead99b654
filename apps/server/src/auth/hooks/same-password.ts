import type { Context } from '@tollgate/core'
import { textOf } from './body.ts'
import type { HookContext } from './hook-context.ts'
import { refusals } from './refusals.ts'

/** The stored password that a sign-in under way is compared with. */
const compared = new WeakMap<Request, string | null>()

/** Before a sign-in compares the password: notes which one is stored. */
export async function notePassword({ db }: Context, ctx: HookContext): Promise<void> {
  if (ctx.path !== '/sign-in/email' || !ctx.request) return
  const { rows } = await db.pool.query<{ password: string | null }>(
    `SELECT a.password FROM auth_accounts a JOIN auth_users u ON u.id = a.user_id
     WHERE u.email = $1 AND a.provider_id = 'credential'`,
    [textOf(ctx.body, 'email')?.toLowerCase() ?? ''],
  )
  compared.set(ctx.request, rows[0]?.password ?? null)
}

/**
 * After it: a password that was changed meanwhile opens nothing. The change ends the sessions that are there; this one
 * may come right after. Waits for a change that is under way. Throws an APIError.
 */
export async function requireSamePassword({ db }: Context, ctx: HookContext): Promise<void> {
  const { newSession } = ctx.context
  if (ctx.path !== '/sign-in/email' || !ctx.request || !newSession) return
  const { rows } = await db.pool.query<{ password: string | null }>(
    `SELECT password FROM auth_accounts WHERE user_id = $1 AND provider_id = 'credential' FOR SHARE`,
    [newSession.user.id],
  )
  if (rows[0]?.password === compared.get(ctx.request)) return
  await db.pool.query('DELETE FROM auth_sessions WHERE token = $1', [newSession.session.token])
  throw refusals.wrongSignIn()
}
