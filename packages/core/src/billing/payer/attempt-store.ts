import type pg from 'pg'
import type { Lease } from '../../database/index.ts'
import { assertLease, inTransaction } from '../../database/index.ts'

/**
 * Counts an attempt to create or change something at Stripe for a user, before it is made. Returns its number, which
 * no other attempt of the user has: the idempotency key is made from it. Throws UNAVAILABLE when the lease is lost.
 */
export async function beginAttempt(pool: pg.Pool, lease: Lease, userId: string): Promise<number> {
  return inTransaction(pool, async (tx) => {
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

/** Throws UNAVAILABLE when another request has taken the lease since. */
export async function confirmLease(pool: pg.Pool, lease: Lease): Promise<void> {
  await inTransaction(pool, (tx) => assertLease(tx, lease))
}
