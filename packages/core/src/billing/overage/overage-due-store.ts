import type pg from 'pg'

/** Whose subscription is to get overage items, of a customer or of all. */
export async function readOverageDue(
  db: pg.Pool | pg.ClientBase,
  customerId: string | null,
): Promise<{ userId: string; customerId: string }[]> {
  const { rows } = await db.query<{ userId: string; customerId: string }>(
    `SELECT user_id AS "userId", customer_id AS "customerId" FROM subscriptions
     WHERE overage_due AND is_current AND status IN ('active', 'trialing')
       AND ($1::text IS NULL OR customer_id = $1)
     ORDER BY id`,
    [customerId],
  )
  return rows
}

/** The users whose subscription runs, and its plan. */
export async function readRunningUsers(
  db: pg.Pool | pg.ClientBase,
): Promise<{ userId: string; plan: string }[]> {
  const { rows } = await db.query<{ userId: string; plan: string }>(
    `SELECT user_id AS "userId", plan FROM subscriptions
     WHERE is_current AND plan IS NOT NULL ORDER BY user_id`,
  )
  return rows
}
