import type pg from 'pg'
import type { PackChange, PaidGrant } from './decide.ts'
import type { PackOrder } from './pack-order.ts'

/** Whether the user of a customer ever opened a checkout of a pack. */
export async function hasOpenedPacks(
  db: pg.Pool | pg.ClientBase,
  customerId: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM checkouts WHERE packs AND user_id IN (
       SELECT id FROM users WHERE stripe_customer_id = $1
       UNION ALL SELECT user_id FROM former_customers WHERE customer_id = $1)`,
    [customerId],
  )
  return rowCount !== 0
}

/** Written before the first session is opened, so that no paid one is ever overlooked. A repeat changes nothing. */
export async function writePacksOpened(db: pg.Pool | pg.ClientBase, userId: string): Promise<void> {
  await db.query(
    `INSERT INTO checkouts AS c (user_id, attempt, packs) VALUES ($1, 0, true)
     ON CONFLICT (user_id) DO UPDATE SET packs = true WHERE NOT c.packs`,
    [userId],
  )
}

const PAID_GRANT = `checkout_session_id AS "sessionId", user_id AS "userId", meter, frozen_at IS NOT NULL AS "isFrozen",
  revoked_at IS NOT NULL AS "isRevoked", taken_back AS "isTakenBack", amount_refunded::float8 AS "amountRefunded",
  dispute_status AS "disputeStatus"`

/** All grants that a user has paid for. */
export async function readPaidGrantsOf(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<PaidGrant[]> {
  const { rows } = await db.query<PaidGrant>(
    `SELECT ${PAID_GRANT} FROM grants WHERE user_id = $1 AND checkout_session_id IS NOT NULL`,
    [userId],
  )
  return rows
}

/** The grants of these sessions. Locks them in the order in which decisions on usage do. */
export async function lockPaidGrants(
  tx: pg.ClientBase,
  sessionIds: readonly string[],
): Promise<PaidGrant[]> {
  const { rows } = await tx.query<PaidGrant>(
    `SELECT ${PAID_GRANT} FROM grants WHERE checkout_session_id = ANY ($1)
     ORDER BY user_id, meter, id FOR UPDATE`,
    [sessionIds],
  )
  return rows
}

/** A grant of a paid pack. One session has one at most: false where it has one already. */
export async function insertPaidGrant(
  tx: pg.ClientBase,
  { payment, isFrozen, disputeStatus }: Extract<PackChange, { kind: 'grant' }>,
  { id, userId, now, expiresAt }: { id: string; userId: string; now: Date; expiresAt: Date | null },
): Promise<boolean> {
  const { sessionId, paymentIntentId, order, amountRefunded } = payment
  const { rowCount } = await tx.query(
    `INSERT INTO grants (id, user_id, meter, amount, remaining, source, pack, quantity, checkout_session_id,
       payment_intent_id, effective_at, expires_at, created_at, frozen_at, amount_refunded, dispute_status)
     VALUES ($1, $2, $3, $4, $4, 'pack', $5, $6, $7, $8, $9, $10, $9, CASE WHEN $11 THEN $9::timestamptz END, $12, $13)
     ON CONFLICT (checkout_session_id) DO NOTHING`,
    [
      id,
      userId,
      order.meter,
      order.amount * order.quantity,
      order.pack,
      order.quantity,
      sessionId,
      paymentIntentId,
      now,
      expiresAt,
      isFrozen,
      amountRefunded,
      disputeStatus,
    ],
  )
  return rowCount === 1
}

/**
 * Freezes, takes back or gives back a grant as its payment says. What remains of it is not touched: whether it may be
 * used follows from `frozen_at` and `revoked_at`.
 */
export async function updatePaidGrant(
  tx: pg.ClientBase,
  { payment, before, after, reason }: Extract<PackChange, { kind: 'update' }>,
  now: Date,
): Promise<void> {
  const revokes = after.isTakenBack && !before.isTakenBack
  const restores = before.isTakenBack && !after.isTakenBack
  await tx.query(
    `UPDATE grants SET
       frozen_at = CASE WHEN $2 THEN coalesce(frozen_at, $3::timestamptz) END,
       taken_back = $4, amount_refunded = $5, dispute_status = $6,
       revoked_at = CASE WHEN $7 THEN $3::timestamptz WHEN $8 THEN NULL ELSE revoked_at END,
       revoked_reason = CASE WHEN $7 THEN $9::text WHEN $8 THEN NULL ELSE revoked_reason END
     WHERE checkout_session_id = $1`,
    [
      payment.sessionId,
      after.isFrozen,
      now,
      after.isTakenBack,
      after.amountRefunded,
      after.disputeStatus,
      revokes,
      restores,
      reason,
    ],
  )
}

/** How many grants of a meter a user could use now. */
export async function countLiveGrants(
  db: pg.Pool | pg.ClientBase,
  { userId, meter, now }: { userId: string; now: Date } & Pick<PackOrder, 'meter'>,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM grants
     WHERE user_id = $1 AND meter = $2 AND is_open AND revoked_at IS NULL
       AND (expires_at IS NULL OR expires_at > $3)`,
    [userId, meter, now],
  )
  return rows[0]?.count ?? 0
}

/** What the operator should know of payments, counted in grants. */
export interface PaymentTroubles {
  /** Refunded in part, and something is left of the credits. */
  refundedInPart: number
  /** Taken away since `since`. */
  takenBack: number
}

export async function countPaymentTroubles(
  db: pg.Pool | pg.ClientBase,
  { now, since }: { now: Date; since: Date },
): Promise<PaymentTroubles> {
  const { rows } = await db.query<PaymentTroubles>(
    `SELECT
       count(*) FILTER (WHERE amount_refunded > 0 AND is_open AND revoked_at IS NULL
         AND (expires_at IS NULL OR expires_at > $1))::int AS "refundedInPart",
       count(*) FILTER (WHERE taken_back AND revoked_at > $2)::int AS "takenBack"
     FROM grants WHERE amount_refunded > 0 OR taken_back`,
    [now, since],
  )
  return rows[0] ?? { refundedInPart: 0, takenBack: 0 }
}
