import type { Actor } from '../../actor.ts'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import { TollgateError } from '../../errors.ts'
import { appendAudit } from '../audit.ts'
import type { Account, AccountAction, AccountName } from './account.ts'
import { lockAccount, lockAdmins, readAccount, writeRole } from './account-store.ts'
import { noAccount } from './no-account.ts'

/** A sign-in account. Throws USER_NOT_FOUND. */
export async function findAccount(ctx: Context, name: AccountName): Promise<Account> {
  const account = await readAccount(ctx.db.pool, name, ctx.clock.now())
  if (!account) throw noAccount(name)
  return account
}

/**
 * Makes a sign-in account an admin; a repeat changes nothing. Named by its e-mail address, the address has to be
 * verified: anybody can sign up under somebody else's. Named by its id, the caller has looked whose it is. The
 * operator's command: nothing that a caller sends over HTTP reaches it. Throws USER_NOT_FOUND, VALIDATION.
 */
export async function grantAdmin(
  ctx: Context,
  { grantedBy = OPERATOR, ...name }: AccountName & { grantedBy?: Actor },
): Promise<{ userId: string }> {
  const { userId } = await findAccount(ctx, name)
  return inTransaction(ctx.db.pool, async (tx) => {
    const account = await lockAccount(tx, userId)
    if (!account) throw noAccount(name)
    if ('email' in name && !account.isVerified) throw unverified(userId)
    if (account.isBanned) {
      throw new TollgateError('VALIDATION', 'This account is banned. Lift the ban first.')
    }
    if (!account.isAdmin) {
      await writeRole(tx, userId, 'admin')
      await appendAudit(ctx, { actor: grantedBy, action: 'admin.grant', userId }, tx)
    }
    return { userId }
  })
}

const OPERATOR: Actor = { kind: 'command', id: 'admin grant' }

/**
 * Takes the admin role away, from the next call on; a repeat changes nothing. The last admin keeps it, unless
 * `evenTheLast`. Throws USER_NOT_FOUND, VALIDATION for the last admin.
 */
export async function revokeAdmin(
  ctx: Context,
  { evenTheLast = false, ...action }: AccountAction & { evenTheLast?: boolean },
): Promise<{ userId: string }> {
  const { userId } = action
  return inTransaction(ctx.db.pool, async (tx) => {
    const admins = await lockAdmins(tx)
    if (!admins.includes(userId)) {
      if (!(await lockAccount(tx, userId))) throw noAccount({ userId })
      return { userId }
    }
    if (admins.length === 1 && !evenTheLast) {
      throw new TollgateError(
        'VALIDATION',
        'This is the last admin. Make another account an admin first: tollgate admin grant.',
      )
    }
    await writeRole(tx, userId, 'customer')
    await appendAudit(ctx, { ...action, action: 'admin.revoke' }, tx)
    return { userId }
  })
}

function unverified(userId: string): TollgateError {
  return new TollgateError(
    'VALIDATION',
    `This address is not verified, and anybody can sign up under it. Where you know that the account is theirs, name it by its id: --user-id ${userId}`,
  )
}
