import type pg from 'pg'
import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import { appendAudit } from '../audit.ts'
import type { AccountAction } from './account.ts'
import { lockAccount, writeErased } from './account-store.ts'
import { adminProtected } from './bans.ts'

/** Throws VALIDATION for an admin, who is not erased before the role is taken away. */
export async function requireErasable(
  ctx: Context,
  { userId }: Pick<AccountAction, 'userId'>,
): Promise<void> {
  await inTransaction(ctx.db.pool, (tx) => lockErasable(tx, userId))
}

/**
 * Deletes a sign-in account and clears name and e-mail address of the billing subject, for good. Usage, invoices and
 * audit log stay, under the id alone. For `eraseUser`, which has ended the subscription before. Throws VALIDATION for an
 * admin.
 */
export async function eraseAccount(ctx: Context, action: AccountAction): Promise<void> {
  await inTransaction(ctx.db.pool, async (tx) => {
    await lockErasable(tx, action.userId)
    if (await writeErased(tx, { userId: action.userId, now: ctx.clock.now() })) {
      await appendAudit(ctx, { ...action, action: 'account.erase' }, tx)
    }
  })
}

async function lockErasable(tx: pg.ClientBase, userId: string): Promise<void> {
  if ((await lockAccount(tx, userId))?.isAdmin) throw adminProtected()
}
