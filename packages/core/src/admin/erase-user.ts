import type { AccountAction } from '../accounts/index.ts'
import { eraseAccount, requireErasable } from '../accounts/index.ts'
import { endBilling } from '../billing/index.ts'
import type { Context } from '../context.ts'
import { readUser } from './user-store.ts'

/**
 * Erases somebody: ends the subscription at Stripe, then deletes the sign-in account with all of its sessions, and
 * clears name and e-mail address here and at Stripe. Usage, invoices and audit log stay, under the id alone. What Stripe
 * refuses or does not answer leaves the account as it is. Safe to repeat. Throws USER_NOT_FOUND, VALIDATION for an
 * admin, STRIPE_REJECTED, STRIPE_UNAVAILABLE, UNAVAILABLE.
 */
export async function eraseUser(ctx: Context, action: AccountAction): Promise<{ userId: string }> {
  const { userId } = action
  const { erasedAt } = await readUser(ctx.db.pool, userId)
  if (erasedAt === null) {
    await requireErasable(ctx, { userId })
    await endBilling(ctx, { userId }, () => eraseAccount(ctx, action))
  }
  return { userId }
}
