import type { Context } from '../context.ts'

/** Binds a user to a Stripe customer where they have none, or this one; answers whether they have it now. */
export async function bindUnbound(
  ctx: Context,
  { userId, customerId }: { userId: string; customerId: string },
): Promise<boolean> {
  const { rowCount } = await ctx.db.pool.query(
    `UPDATE users SET stripe_customer_id = $2, updated_at = $3
     WHERE id = $1 AND coalesce(stripe_customer_id, $2) = $2`,
    [userId, customerId, ctx.clock.now()],
  )
  return rowCount === 1
}
