import type { Context } from '../../context.ts'
import { inTransaction } from '../../database/index.ts'
import { userNotFound } from '../../quota/index.ts'

/** A user as Stripe has to know them. */
export interface Payer {
  userId: string
  email: string
  name: string | null
  customerId: string | null
  /** A digest of the e-mail address and name that Stripe was last told. */
  toldDetails: string | null
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
    toldDetails: user.stripeDetails,
    trialUsed: user.trialUsedAt !== null,
  }
}

/**
 * Binds a user to a Stripe customer: for good, or in the place of one that was deleted there. Answers the one
 * that holds: the first that was bound.
 */
export async function bindCustomer(
  ctx: Context,
  payer: Pick<Payer, 'userId' | 'customerId'>,
  next: { customerId: string; details: string },
): Promise<string> {
  const { userId, customerId: former } = payer
  const now = ctx.clock.now()
  return inTransaction(ctx.db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE users SET stripe_customer_id = $2, stripe_details = $3, updated_at = $4
       WHERE id = $1 AND stripe_customer_id IS NOT DISTINCT FROM $5`,
      [userId, next.customerId, next.details, now, former],
    )
    if (rowCount === 1 && former !== null) {
      await tx.query(
        'INSERT INTO former_customers (customer_id, user_id, until) VALUES ($1, $2, $3)',
        [former, userId, now],
      )
    }
    const { rows } = await tx.query<{ customer_id: string | null }>(
      'SELECT stripe_customer_id AS customer_id FROM users WHERE id = $1',
      [userId],
    )
    const bound = rows[0]?.customer_id
    if (!bound) throw userNotFound(userId)
    return bound
  })
}

/** Notes what Stripe was told about a user. */
export async function noteDetails(ctx: Context, userId: string, details: string): Promise<void> {
  await ctx.db.pool.query('UPDATE users SET stripe_details = $2 WHERE id = $1', [userId, details])
}
