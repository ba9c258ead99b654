import type { Context } from '../../context.ts'
import { userNotFound } from '../../quota/index.ts'

/** A user as Stripe has to know them. */
export interface Payer {
  userId: string
  email: string
  name: string | null
  customerId: string | null
  trialUsed: boolean
}

/** Throws USER_NOT_FOUND. */
export async function readPayer(ctx: Context, userId: string): Promise<Payer> {
  const user = await ctx.db.prisma.user.findUnique({ where: { id: userId } })
  if (!user) throw userNotFound(userId)
  return {
    userId,
    email: user.email,
    name: user.name,
    customerId: user.stripeCustomerId,
    trialUsed: user.trialUsedAt !== null,
  }
}

/** Binds a user to a Stripe customer for good. Answers the one that holds: the first that was bound. */
export async function bindCustomer(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
): Promise<string> {
  const { rows } = await ctx.db.pool.query<{ customer_id: string }>(
    `UPDATE users SET stripe_customer_id = coalesce(stripe_customer_id, $2), updated_at = $3
     WHERE id = $1 RETURNING stripe_customer_id AS customer_id`,
    [userId, customerId, ctx.clock.now()],
  )
  const row = rows[0]
  if (!row) throw userNotFound(userId)
  return row.customer_id
}
