import type pg from 'pg'
import { userNotFound } from '../errors.ts'
import type { StoredSubscription } from './subscription.ts'

interface Row extends Omit<StoredSubscription, 'unitAmount'> {
  /** PostgreSQL gives bigint as text. */
  unitAmount: string | null
}

const COLUMNS = `s.id, s.customer_id AS "customerId", s.status, s.price_id AS "priceId", s.plan,
  s.is_current AS "isCurrent", s.currency, s.unit_amount AS "unitAmount",
  s.quantity, s.interval, s.interval_count AS "intervalCount",
  s.current_period_start AS "currentPeriodStart", s.current_period_end AS "currentPeriodEnd",
  s.cancel_at AS "cancelAt", s.ended_at AS "endedAt", s.trial_end AS "trialEnd",
  s.pending_plan AS "pendingPlan", s.pending_interval AS "pendingInterval", s.pending_at AS "pendingAt",
  s.past_due_since AS "pastDueSince", s.pause_behavior AS "pauseBehavior", s.pause_resumes_at AS "pauseResumesAt",
  s.created_at AS "createdAt"`

/** The subscription that counts for a user; null where they have none. Throws USER_NOT_FOUND. */
export async function readCurrent(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<StoredSubscription | null> {
  const { rows } = await db.query<Row | { id: null }>(
    `SELECT ${COLUMNS} FROM users u LEFT JOIN subscriptions s ON s.user_id = u.id AND s.is_current
     WHERE u.id = $1`,
    [userId],
  )
  const row = rows[0]
  if (!row) throw userNotFound(userId)
  return row.id === null ? null : toStored(row)
}

/** All subscriptions that a user ever had, the newest first. */
export async function readSubscriptions(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<StoredSubscription[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM subscriptions s WHERE s.user_id = $1 ORDER BY s.created_at DESC, s.id DESC`,
    [userId],
  )
  return rows.map(toStored)
}

function toStored(row: Row): StoredSubscription {
  return { ...row, unitAmount: row.unitAmount === null ? null : Number(row.unitAmount) }
}
