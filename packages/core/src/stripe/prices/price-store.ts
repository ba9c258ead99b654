import type pg from 'pg'

/** A price of ours; the amount in the minor unit of its currency. */
export interface PlanPrice {
  id: string
  plan: string
  currency: string
  unitAmount: number
  interval: 'day' | 'week' | 'month' | 'year'
  /** In the further currencies that the price has: `subscription.currency` may be one of them. */
  otherAmounts: Readonly<Record<string, number>>
}

/** The plan of every price that was ever mapped to one. A few dozen rows at most. */
export async function readPricePlans(db: pg.Pool | pg.ClientBase): Promise<Map<string, string>> {
  const { rows } = await db.query<{ id: string; plan: string }>(
    'SELECT id, plan FROM stripe_prices',
  )
  return new Map(rows.map(({ id, plan }) => [id, plan]))
}

/** Stores the plans of prices; nothing deletes them. In the order of their ids, so that two calls do not deadlock. */
export async function rememberPrices(
  db: pg.Pool | pg.ClientBase,
  prices: readonly PlanPrice[],
  now: Date,
): Promise<void> {
  if (prices.length === 0) return
  await db.query(
    `INSERT INTO stripe_prices (id, plan, currency, unit_amount, interval, first_seen_at)
     SELECT id, plan, currency, "unitAmount", interval, $2
     FROM jsonb_to_recordset($1) AS p (id text, plan text, currency text, "unitAmount" bigint, interval text)
     ORDER BY id
     ON CONFLICT (id) DO UPDATE
     SET plan = EXCLUDED.plan, currency = EXCLUDED.currency, unit_amount = EXCLUDED.unit_amount,
         interval = EXCLUDED.interval`,
    [JSON.stringify(prices), now],
  )
}
