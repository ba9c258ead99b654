import type pg from 'pg'
import { inTransaction } from '../../database/index.ts'
import { userNotFound } from '../../errors.ts'
import { isStorableText } from '../../text.ts'

/** A user as Stripe has to know them. */
export interface Payer {
  userId: string
  email: string
  name: string | null
  customerId: string | null
  /** A digest of the e-mail address and name that were last sent to Stripe. */
  sentDetails: string | null
  trialUsed: boolean
}

/** Throws USER_NOT_FOUND, also for somebody who was erased: nothing is sold to them. */
export async function readPayer(db: pg.Pool | pg.ClientBase, userId: string): Promise<Payer> {
  if (!isStorableText(userId)) throw userNotFound(userId)
  const { rows } = await db.query<Payer>(
    `SELECT id AS "userId", email, name, stripe_customer_id AS "customerId", stripe_details AS "sentDetails",
       trial_used_at IS NOT NULL AS "trialUsed"
     FROM users WHERE id = $1 AND erased_at IS NULL`,
    [userId],
  )
  const [payer] = rows
  if (!payer) throw userNotFound(userId)
  return payer
}

/**
 * Binds a user to a Stripe customer: for good, or in place of one that was deleted there. Returns the customer that
 * the user is bound to afterwards: of several that are bound at once, the first. Throws USER_NOT_FOUND.
 */
export async function bindCustomer(
  pool: pg.Pool,
  { userId, customerId: former }: Pick<Payer, 'userId' | 'customerId'>,
  next: { customerId: string; details: string; now: Date },
): Promise<string> {
  return inTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE users SET stripe_customer_id = $2, stripe_details = $3, updated_at = $4
       WHERE id = $1 AND stripe_customer_id IS NOT DISTINCT FROM $5`,
      [userId, next.customerId, next.details, next.now, former],
    )
    if (rowCount === 1 && former !== null) {
      await tx.query(
        'INSERT INTO former_customers (customer_id, user_id, until) VALUES ($1, $2, $3)',
        [former, userId, next.now],
      )
    }
    const { customerId } = await readPayer(tx, userId)
    if (customerId === null) throw new Error(`the user ${userId} was not bound`)
    return customerId
  })
}

/** Writes down which details of a user were sent to Stripe. */
export async function writeSentDetails(
  db: pg.Pool | pg.ClientBase,
  userId: string,
  details: string,
): Promise<void> {
  await db.query('UPDATE users SET stripe_details = $2 WHERE id = $1', [userId, details])
}
