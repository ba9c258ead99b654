import type pg from 'pg'
import { openDisputes, paidUpStatuses } from '../subscriptions/index.ts'

/** How many of an interval a month has. A year has 12 months, 52 weeks, 365 days. */
const INTERVALS_A_MONTH = `CASE s.interval
  WHEN 'year' THEN 1 / 12.0 WHEN 'week' THEN 52 / 12.0 WHEN 'day' THEN 365 / 12.0 ELSE 1 END / s.interval_count`

/** What a period costs now, with the discounts that have not ended. */
const NET_AMOUNT = `coalesce((
  SELECT (step ->> 'amount')::numeric FROM jsonb_array_elements(s.net_amounts) WITH ORDINALITY AS n (step, place)
  WHERE step ->> 'until' IS NULL OR (step ->> 'until')::timestamptz > $2
  ORDER BY place LIMIT 1
), s.unit_amount::numeric * s.quantity)`

/** What the subscriptions of these statuses are charged in a month at an instant, by currency. */
export async function readMonthlyRevenue(
  db: pg.Pool | pg.ClientBase,
  { statuses, now }: { statuses: readonly string[]; now: Date },
): Promise<{ currency: string; amount: number }[]> {
  const { rows } = await db.query<{ currency: string; amount: string }>(
    `SELECT s.currency, round(sum(${NET_AMOUNT} * ${INTERVALS_A_MONTH})) AS amount
     FROM subscriptions s WHERE s.status = ANY ($1)
     GROUP BY s.currency ORDER BY s.currency`,
    [statuses, now],
  )
  return rows.map(({ currency, amount }) => ({ currency, amount: Number(amount) }))
}

export async function countSubscriptions(
  db: pg.Pool | pg.ClientBase,
): Promise<{ plan: string | null; status: string; count: number }[]> {
  const { rows } = await db.query<{ plan: string | null; status: string; count: number }>(
    `SELECT plan, status, count(*)::int AS count FROM subscriptions
     GROUP BY plan, status ORDER BY plan NULLS LAST, status`,
  )
  return rows
}

/** From the counters alone. */
export async function readUsageTotals(
  db: pg.Pool | pg.ClientBase,
  period: string,
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ meter: string; used: string }>(
    'SELECT meter, sum(used) AS used FROM usage_counters WHERE period = $1 GROUP BY meter',
    [period],
  )
  return new Map(rows.map(({ meter, used }) => [meter, Number(used)]))
}

/** An invoice that Stripe tried to collect, and that is still open. */
const FAILED = `i.status = 'open' AND i.attempted AND i.amount_due > 0`

export async function readFailedTotals(
  db: pg.Pool | pg.ClientBase,
): Promise<{ currency: string; count: number; amountDue: number }[]> {
  const { rows } = await db.query<{ currency: string; count: number; due: string }>(
    `SELECT currency, count(*)::int AS count, sum(amount_due) AS due FROM invoices i
     WHERE ${FAILED} GROUP BY currency ORDER BY currency`,
  )
  return rows.map(({ currency, count, due }) => ({ currency, count, amountDue: Number(due) }))
}

export interface FailedPayment {
  invoiceId: string
  number: string | null
  userId: string
  email: string
  currency: string
  amountDue: number
  createdAt: string
}

/** The newest failed payments. */
export async function readFailedPayments(
  db: pg.Pool | pg.ClientBase,
  limit: number,
): Promise<FailedPayment[]> {
  const { rows } = await db.query<{
    id: string
    number: string | null
    user_id: string
    email: string
    currency: string
    amount_due: string
    created_at: Date
  }>(
    `SELECT i.id, i.number, i.user_id, u.email, i.currency, i.amount_due, i.created_at
     FROM invoices i JOIN users u ON u.id = i.user_id
     WHERE ${FAILED} ORDER BY i.created_at DESC, i.id DESC LIMIT $1`,
    [limit],
  )
  return rows.map((row) => ({
    invoiceId: row.id,
    number: row.number,
    userId: row.user_id,
    email: row.email,
    currency: row.currency,
    amountDue: Number(row.amount_due),
    createdAt: row.created_at.toISOString(),
  }))
}

/** What the operator should look at, counted. */
export interface Oddities {
  /** Current subscriptions at a price that maps to no plan. */
  unknownPrices: number
  /** Users with several that run. */
  severalSubscriptions: number
  /** Running subscriptions for which Stripe does not collect. */
  pausedCollections: number
  /** Invoices whose payment is in dispute. */
  openDisputes: number
  /** Subscriptions that Stripe has as paid, though a payment was lost to a dispute. */
  lostDisputes: number
}

export async function countOddities(
  db: pg.Pool | pg.ClientBase,
  ended: readonly string[],
): Promise<Oddities> {
  const { rows } = await db.query<Oddities>(
    `SELECT
       (SELECT count(*)::int FROM subscriptions WHERE is_current AND plan IS NULL) AS "unknownPrices",
       (SELECT count(*)::int FROM (
         SELECT FROM subscriptions WHERE NOT status = ANY ($1) GROUP BY user_id HAVING count(*) > 1
       ) AS users) AS "severalSubscriptions",
       (SELECT count(*)::int FROM subscriptions
         WHERE pause_behavior IS NOT NULL AND NOT status = ANY ($1)) AS "pausedCollections",
       (SELECT count(*)::int FROM invoices WHERE dispute_status = ANY ($2)) AS "openDisputes",
       (SELECT count(*)::int FROM subscriptions
         WHERE past_due_since IS NOT NULL AND status = ANY ($3)) AS "lostDisputes"`,
    [ended, [...openDisputes], paidUpStatuses],
  )
  return (
    rows[0] ?? {
      unknownPrices: 0,
      severalSubscriptions: 0,
      pausedCollections: 0,
      openDisputes: 0,
      lostDisputes: 0,
    }
  )
}
