import type pg from 'pg'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import { appendAudit } from '../audit.ts'
import type { AccountAction } from './account.ts'
import { deleteSessions, lockAccount, writeBan } from './account-store.ts'
import { noAccount } from './no-account.ts'

/**
 * Bans an account: its sessions end with the call, and it gets no other until the ban is lifted. Subscription, usage
 * and API keys of sibling apps are not touched. A repeat changes nothing. Throws USER_NOT_FOUND, VALIDATION for an admin.
 */
export async function banAccount(ctx: Context, action: AccountAction): Promise<{ userId: string }> {
  return change(ctx, action, async (tx, { isAdmin, isBanned }) => {
    if (isAdmin) throw adminProtected()
    if (isBanned) return
    await writeBan(tx, action.userId, ctx.clock.now())
    await appendAudit(ctx, { ...action, action: 'account.ban' }, tx)
  })
}

/** Lifts a ban: the account may sign in again. A repeat changes nothing. Throws USER_NOT_FOUND. */
export async function unbanAccount(
  ctx: Context,
  action: AccountAction,
): Promise<{ userId: string }> {
  return change(ctx, action, async (tx, { isBanned }) => {
    if (!isBanned) return
    await writeBan(tx, action.userId, null)
    await appendAudit(ctx, { ...action, action: 'account.unban' }, tx)
  })
}

/** Ends every session of an account; it may sign in again. Safe to repeat. Throws USER_NOT_FOUND. */
export async function signOutEverywhere(
  ctx: Context,
  action: AccountAction,
): Promise<{ userId: string }> {
  return change(ctx, action, async (tx) => {
    const sessions = await deleteSessions(tx, action.userId)
    await appendAudit(ctx, { ...action, action: 'account.signOut', details: { sessions } }, tx)
  })
}

/** VALIDATION: whoever wants to ban or erase an admin takes the role away first, so that neither is an accident. */
export function adminProtected(): TollgateError {
  return new TollgateError(
    'VALIDATION',
    'This is an admin’s account. Take the admin role away first.',
  )
}

type Locked = NonNullable<Awaited<ReturnType<typeof lockAccount>>>

async function change(
  ctx: Context,
  { userId }: AccountAction,
  work: (tx: pg.ClientBase, account: Locked) => Promise<void>,
): Promise<{ userId: string }> {
  return inTransaction(ctx.db.pool, async (tx) => {
    const account = await lockAccount(tx, userId)
    if (!account) throw noAccount({ userId })
    await work(tx, account)
    return { userId }
  })
}
