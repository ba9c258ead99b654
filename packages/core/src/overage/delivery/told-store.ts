import type pg from 'pg'

/** A delivery that the operator has to see to. */
export interface Told {
  identifier: string
  userId: string
  meter: string
  state: 'rejected' | 'unbilled' | 'refund_due'
  units: number
  /** In the minor unit of `currency`, as a decimal text: `units` at the price of then. */
  amount: string
  currency: string
  invoiceId: string | null
}

/** What the operator has not seen to yet, of a user, the oldest first; at most 100. */
export async function readTold(db: pg.Pool | pg.ClientBase, userId: string): Promise<Told[]> {
  const { rows } = await db.query<Told>(
    `SELECT identifier, user_id AS "userId", meter, state, units::float8 AS units,
       trim_scale(abs(units) * unit_price)::text AS amount, currency, invoice_id AS "invoiceId"
     FROM overage_deliveries
     WHERE user_id = $1 AND state IN ('rejected', 'unbilled', 'refund_due') AND resolved_at IS NULL
     ORDER BY ended_at, identifier LIMIT 100`,
    [userId],
  )
  return rows
}

/** The meters of which anything was delivered since then, with the time of the first of it. */
export async function readOldestDelivered(
  db: pg.Pool | pg.ClientBase,
  { userId, since }: { userId: string; since: Date },
): Promise<{ meter: string; from: Date }[]> {
  const { rows } = await db.query<{ meter: string; from: Date }>(
    `SELECT meter, min(occurred_at) AS from FROM overage_deliveries
     WHERE user_id = $1 AND state = 'delivered' AND occurred_at >= $2 GROUP BY meter ORDER BY meter`,
    [userId, since],
  )
  return rows
}

/** Stores that Stripe took deliveries and could not count them. Returns how many are ours and were not known for it. */
export async function rejectDeliveries(
  db: pg.Pool | pg.ClientBase,
  { identifiers, reason, now }: { identifiers: readonly string[]; reason: string; now: Date },
): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE overage_deliveries SET state = 'rejected', last_error = $2, ended_at = $3, next_try_at = NULL
     WHERE identifier = ANY ($1) AND state IN ('pending', 'delivered')`,
    [identifiers, reason, now],
  )
  return rowCount ?? 0
}

/** Stores that the operator has seen to a delivery. Returns whether it waited for that. */
export async function resolveTold(
  db: pg.Pool | pg.ClientBase,
  { identifier, now }: { identifier: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE overage_deliveries SET resolved_at = $2
     WHERE identifier = $1 AND state IN ('rejected', 'unbilled', 'refund_due') AND resolved_at IS NULL`,
    [identifier, now],
  )
  return rowCount === 1
}
