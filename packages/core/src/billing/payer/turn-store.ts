import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { assertLease, inTransaction } from '../../database/index.ts'

/**
 * Notes that something is about to be made or changed at Stripe for a user, and answers its number, which nothing
 * else of theirs has: the idempotency key follows from it. Throws UNAVAILABLE when the turn is lost.
 */
export async function beginAttempt(ctx: Context, lease: Lease, userId: string): Promise<number> {
  return inTransaction(ctx.db.pool, async (tx) => {
    await assertLease(tx, lease)
    const { rows } = await tx.query<{ attempt: number }>(
      `INSERT INTO checkouts AS c (user_id, attempt) VALUES ($1, 1)
       ON CONFLICT (user_id) DO UPDATE SET attempt = c.attempt + 1
       RETURNING attempt`,
      [userId],
    )
    return rows[0]?.attempt ?? 1
  })
}

/** Throws UNAVAILABLE when somebody else's turn has come since. */
export async function confirmTurn(ctx: Context, lease: Lease): Promise<void> {
  await inTransaction(ctx.db.pool, (tx) => assertLease(tx, lease))
}
