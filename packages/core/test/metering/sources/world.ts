import { randomUUID } from 'node:crypto'
import type { Context } from '../../../src/index.ts'
import { checkUsage, verifyUsage } from '../../../src/index.ts'
import { NOON } from '../../harness.ts'

// Rows that other parts write: grants as a payment or an operator gives them, overage as a sync finds it.

const METER = 'tokens'

interface GrantRow {
  amount: number
  expiresAt?: string | null
  effectiveAt?: string
}

export async function addGrant(
  { db }: Context,
  userId: string,
  { amount, expiresAt = null, effectiveAt = NOON }: GrantRow,
): Promise<string> {
  const id = randomUUID()
  await db.pool.query(
    `INSERT INTO grants (id, user_id, meter, amount, remaining, source, effective_at, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $4, 'admin', $5, $6, $5)`,
    [id, userId, METER, amount, effectiveAt, expiresAt],
  )
  return id
}

interface Terms {
  /** In minor units; null: none. */
  cap?: number | null
  /** Of one token, in minor units. */
  unitPrice?: string
  selling?: boolean
  periodStart?: string
  periodEnd?: string
  itemSince?: string
}

/** What a sync would have written for a subscription that sells tokens. */
export async function sellOverage(ctx: Context, userId: string, terms: Terms = {}): Promise<void> {
  const { cap = null, unitPrice = '1', selling = true } = terms
  const { periodStart = '2026-11-10T10:00:00Z', periodEnd = '2026-12-10T10:00:00Z' } = terms
  await ctx.db.pool.query(
    `INSERT INTO overage_terms (user_id, meter, subscription_id, item_id, price_id, currency, unit_price,
       period_start, period_end, anchor, item_since, selling, default_cap)
     VALUES ($1, $2, 'sub_1', 'si_1', 'price_1', 'usd', $3, $4, $5, $4, $6, $7, $8)
     ON CONFLICT (user_id, meter) DO UPDATE SET unit_price = EXCLUDED.unit_price,
       period_start = EXCLUDED.period_start, period_end = EXCLUDED.period_end, selling = EXCLUDED.selling,
       default_cap = EXCLUDED.default_cap`,
    [
      userId,
      METER,
      unitPrice,
      periodStart,
      periodEnd,
      terms.itemSince ?? periodStart,
      selling,
      cap,
    ],
  )
}

/** The customer's own cap, in minor units; null: none. */
export async function setCap({ db }: Context, userId: string, minor: number | null): Promise<void> {
  await db.pool.query(
    `INSERT INTO overage_caps (user_id, meter, amount_minor, set_at, actor_kind, actor_id)
     VALUES ($1, $2, $3, $4, 'user', $1)
     ON CONFLICT (user_id, meter) DO UPDATE SET amount_minor = EXCLUDED.amount_minor`,
    [userId, METER, minor, NOON],
  )
}

export interface GrantState {
  amount: number
  remaining: number
  held: number
}

export async function grantState({ db }: Context, id: string): Promise<GrantState> {
  const { rows } = await db.pool.query<Record<keyof GrantState, string>>(
    'SELECT amount, remaining, held FROM grants WHERE id = $1',
    [id],
  )
  const [row] = rows
  if (!row) throw new Error(`no grant ${id}`)
  return {
    amount: Number(row.amount),
    remaining: Number(row.remaining),
    held: Number(row.held),
  }
}

/** What was sold, by hour, and what the period's last hour says of all of it. */
export async function sales({ db }: Context, userId: string): Promise<[string, number, number][]> {
  const { rows } = await db.pool.query<{ hour: Date; units: string; total: string }>(
    'SELECT hour, units, total FROM overage_sales WHERE user_id = $1 ORDER BY period_start, hour',
    [userId],
  )
  return rows.map((row) => [row.hour.toISOString(), Number(row.units), Number(row.total)])
}

export async function balanceOf(ctx: Context, userId: string) {
  return (await checkUsage(ctx, { userId, meter: METER })).balance
}

/** Everything that the ledger is compared with; empty where all agrees. */
export async function allDifferences(ctx: Context): Promise<unknown[]> {
  const { differences, sources } = await verifyUsage(ctx)
  return [...differences, ...sources]
}
