import type pg from 'pg'

/** Why nothing is synced. */
export type StopReason = 'another_account' | 'another_mode' | 'customers_unknown'

/** The Stripe account that a key belongs to; `accountId` null where the key may not see it. */
export interface StripeAccount {
  accountId: string | null
  livemode: boolean
}

export interface Binding extends StripeAccount {
  boundAt: Date
  stoppedBecause: StopReason | null
}

/** The account that this database is bound to; null before the first sync. */
export async function readBinding(db: pg.Pool | pg.ClientBase): Promise<Binding | null> {
  const { rows } = await db.query<{
    account_id: string | null
    livemode: boolean
    bound_at: Date
    stopped_because: StopReason | null
  }>('SELECT account_id, livemode, bound_at, stopped_because FROM stripe_account')
  const row = rows[0]
  return row
    ? {
        accountId: row.account_id,
        livemode: row.livemode,
        boundAt: row.bound_at,
        stoppedBecause: row.stopped_because,
      }
    : null
}

/** Binds the database to an account, unless it is bound to one already. */
export async function writeBinding(
  db: pg.Pool | pg.ClientBase,
  account: StripeAccount,
  now: Date,
): Promise<void> {
  await db.query(
    `INSERT INTO stripe_account AS a (account_id, livemode, bound_at) VALUES ($1, $2, $3)
     ON CONFLICT ("only") DO UPDATE SET account_id = EXCLUDED.account_id
     WHERE a.account_id IS NULL AND EXCLUDED.account_id IS NOT NULL AND a.livemode = EXCLUDED.livemode`,
    [account.accountId, account.livemode, now],
  )
}

/** Stores why nothing is synced, and since when; null: syncs run again. */
export async function updateStop(
  db: pg.Pool | pg.ClientBase,
  reason: StopReason | null,
  now: Date,
): Promise<void> {
  await db.query(
    `UPDATE stripe_account SET stopped_because = $1::text, stopped_at = CASE WHEN $1::text IS NULL THEN NULL ELSE $2::timestamptz END
     WHERE stopped_because IS DISTINCT FROM $1::text`,
    [reason, now],
  )
}

export async function readPortal(db: pg.Pool | pg.ClientBase): Promise<string | null> {
  const { rows } = await db.query<{ id: string | null }>(
    'SELECT portal_configuration_id AS id FROM stripe_account',
  )
  return rows[0]?.id ?? null
}

export async function updatePortal(db: pg.Pool | pg.ClientBase, id: string): Promise<void> {
  await db.query(
    `UPDATE stripe_account SET portal_configuration_id = $1
     WHERE portal_configuration_id IS DISTINCT FROM $1`,
    [id],
  )
}
