import type pg from 'pg'
import { inTransaction } from '../database/index.ts'
import type { TermsRow } from './terms.ts'

const NAMES = [
  ...[
    'subscription_id',
    'item_id',
    'price_id',
    'currency',
    'unit_price',
    'period_start',
    'period_end',
  ],
  ...['anchor', 'item_since', 'selling', 'sells_until', 'default_cap'],
]
const COLUMNS = NAMES.join(', ')
const EXCLUDED = NAMES.map((name) => `EXCLUDED.${name}`).join(', ')

/**
 * Makes a user's terms of overage equal to these. A row is never deleted, since reservations may hold units of it: it
 * sells nothing any more. While a change of the subscription has stopped the selling, it stays stopped.
 */
export async function writeTerms(
  tx: pg.ClientBase,
  { userId, now }: { userId: string; now: Date },
  terms: readonly TermsRow[],
): Promise<void> {
  await tx.query(
    `UPDATE overage_terms SET selling = false WHERE user_id = $1 AND selling AND NOT meter = ANY ($2)`,
    [userId, terms.map(({ meter }) => meter)],
  )
  if (terms.length === 0) return
  await tx.query(
    `INSERT INTO overage_terms (user_id, meter, ${COLUMNS})
     SELECT $1, r.meter, r.subscription_id, r.item_id, r.price_id, r.currency, r.unit_price, r.period_start,
       r.period_end, r.anchor, r.item_since,
       r.selling AND NOT EXISTS (SELECT FROM overage_stops s WHERE s.user_id = $1 AND s.until > $3),
       r.sells_until, r.default_cap
     FROM jsonb_populate_recordset(NULL::overage_terms, $2) AS r
     ORDER BY r.meter
     ON CONFLICT (user_id, meter) DO UPDATE
     SET (${COLUMNS}) = ROW (${EXCLUDED})`,
    [userId, JSON.stringify(terms), now],
  )
}

/** PostgreSQL gives bigint as text. */
export type StoredTerms = Omit<TermsRow, 'default_cap'> & { default_cap: string | null }

/** What the subscriptions of a user sell, as of the last sync. */
export async function readTerms(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<StoredTerms[]> {
  const { rows } = await db.query<StoredTerms>(
    `SELECT meter, subscription_id, item_id, price_id, currency, trim_scale(unit_price)::text AS unit_price,
       period_start, period_end, anchor, item_since, selling, sells_until, default_cap
     FROM overage_terms WHERE user_id = $1 ORDER BY meter`,
    [userId],
  )
  return rows
}

/** Stops the selling of a user's overage until then, and waits for decisions that are selling now. */
export async function stopSelling(
  tx: pg.ClientBase,
  { userId, until }: { userId: string; until: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO overage_stops (user_id, until) VALUES ($1, $2)
     ON CONFLICT (user_id) DO UPDATE SET until = EXCLUDED.until`,
    [userId, until],
  )
  await tx.query(
    `UPDATE overage_terms t SET selling = false
     FROM (SELECT user_id, meter FROM overage_terms WHERE user_id = $1 ORDER BY meter FOR UPDATE) AS locked
     WHERE t.user_id = locked.user_id AND t.meter = locked.meter`,
    [userId],
  )
}

/** Lets the next sync decide again whether overage is sold; the meters in `resume` are sold again at once. */
export async function endStop(
  pool: pg.Pool,
  { userId, resume }: { userId: string; resume: readonly string[] },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query('DELETE FROM overage_stops WHERE user_id = $1', [userId])
    await tx.query(
      'UPDATE overage_terms SET selling = true WHERE user_id = $1 AND meter = ANY ($2)',
      [userId, resume],
    )
  })
}

/** Stops the selling of subscriptions that have ended. */
export async function endTerms(
  tx: pg.ClientBase,
  subscriptionIds: readonly string[],
): Promise<void> {
  await tx.query('UPDATE overage_terms SET selling = false WHERE subscription_id = ANY ($1)', [
    subscriptionIds,
  ])
}

/** Whether anything of a user was ever sold beyond a plan, or could be now. */
export async function hasOverage(db: pg.Pool | pg.ClientBase, userId: string): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM overage_terms WHERE user_id = $1) AS found',
    [userId],
  )
  return rows[0]?.found ?? false
}
