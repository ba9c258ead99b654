import type pg from 'pg'

type Db = pg.Pool | pg.ClientBase

/** Of which user and meter. */
export interface MeterOfUser {
  userId: string
  meter: string
}

/** `pending` is on its way; the last three are told to the operator. */
export type DeliveryState = 'pending' | 'delivered' | 'rejected' | 'unbilled' | 'refund_due'

/** What is sent to Stripe at once. Nothing of it changes but how it went. */
export interface Delivery extends DueSale {
  identifier: string
  customerId: string
  /** Below 0: a correction. */
  units: number
  occurredAt: Date
  /** When it was sent for the first time; null: it was not. */
  firstSentAt: Date | null
  attempts: number
}

const DELIVERY = `identifier, user_id AS "userId", meter, customer_id AS "customerId", units::float8 AS units,
  occurred_at AS "occurredAt", first_sent_at AS "firstSentAt", attempts,
  subscription_id AS "subscriptionId", period_start AS "periodStart", hour`

/**
 * The users and meters of which something is to be sent now, those that wait longest first; with `now` null also what
 * waits for its next try.
 */
export async function readDue(
  db: Db,
  { now, userId, limit }: { now: Date | null; userId: string | null; limit: number },
): Promise<MeterOfUser[]> {
  const { rows } = await db.query<MeterOfUser>(
    `SELECT user_id AS "userId", meter FROM (
       SELECT user_id, meter, min(hour) AS since FROM overage_sales s
       WHERE is_due AND ($2::text IS NULL OR user_id = $2) AND NOT EXISTS (
         SELECT FROM overage_deliveries d
         WHERE d.user_id = s.user_id AND d.meter = s.meter AND d.state = 'pending' AND d.next_try_at > $1::timestamptz)
       GROUP BY user_id, meter
       UNION SELECT user_id, meter, hour FROM overage_deliveries
       WHERE state = 'pending' AND ($2::text IS NULL OR user_id = $2) AND (next_try_at > $1::timestamptz) IS NOT TRUE
     ) AS due
     GROUP BY user_id, meter ORDER BY min(since) LIMIT $3`,
    [now, userId, limit],
  )
  return rows
}

/** What is under way of a meter; null: nothing. */
export async function readPending(
  db: Db,
  { userId, meter }: MeterOfUser,
): Promise<Delivery | null> {
  const { rows } = await db.query<Delivery>(
    `SELECT ${DELIVERY} FROM overage_deliveries WHERE user_id = $1 AND meter = $2 AND state = 'pending'`,
    [userId, meter],
  )
  return rows[0] ?? null
}

/** A row of sales of which some units are in no delivery yet. */
export interface DueSale extends MeterOfUser {
  subscriptionId: string
  periodStart: Date
  hour: Date
}

/** The oldest row of sales of a meter that is due; null: none is. */
export async function readDueSale(db: Db, { userId, meter }: MeterOfUser): Promise<DueSale | null> {
  const { rows } = await db.query<DueSale>(
    `SELECT user_id AS "userId", meter, subscription_id AS "subscriptionId", period_start AS "periodStart", hour
     FROM overage_sales WHERE user_id = $1 AND meter = $2 AND is_due
     ORDER BY hour, period_start LIMIT 1`,
    [userId, meter],
  )
  return rows[0] ?? null
}

/** What the subscription of a row of sales is like now. */
export interface SaleTerms {
  customerId: string
  status: string
  /** The item that sells; null: the subscription sells nothing any more. */
  itemId: string | null
  priceId: string | null
  itemSince: Date | null
  anchor: Date | null
  currency: string
  unitPrice: string
}

/** Null for a subscription that was never stored. */
export async function readSaleTerms(db: Db, sale: DueSale): Promise<SaleTerms | null> {
  const { rows } = await db.query<SaleTerms>(
    `SELECT s.customer_id AS "customerId", s.status, t.item_id AS "itemId", t.price_id AS "priceId",
       t.item_since AS "itemSince", t.anchor, coalesce(t.currency, s.currency) AS currency,
       coalesce(t.unit_price, 0) AS "unitPrice"
     FROM subscriptions s
     LEFT JOIN overage_terms t ON t.user_id = s.user_id AND t.meter = $2 AND t.subscription_id = s.id
     WHERE s.id = $1`,
    [sale.subscriptionId, sale.meter],
  )
  return rows[0] ?? null
}

/** A locked row of sales: its units that are in no delivery, and what was delivered of it to the item of now. */
export interface LockedSale {
  due: number
  part: number
  deliveredToItem: number
}

/** Locks a row of sales. */
export async function lockSale(
  tx: pg.ClientBase,
  sale: DueSale & { itemId: string | null },
): Promise<LockedSale> {
  const key = [sale.userId, sale.meter, sale.subscriptionId, sale.periodStart, sale.hour]
  const { rows } = await tx.query<{ due: number }>(
    `SELECT (units - assigned)::float8 AS due FROM overage_sales
     WHERE (user_id, meter, subscription_id, period_start, hour) = ($1, $2, $3, $4, $5) FOR UPDATE`,
    key,
  )
  const { rows: before } = await tx.query<{ parts: number; delivered: number }>(
    `SELECT count(*)::int AS parts, coalesce(sum(units) FILTER (
         WHERE item_id = $6 AND state IN ('pending', 'delivered')), 0)::float8 AS delivered
     FROM overage_deliveries
     WHERE (user_id, meter, subscription_id, period_start, hour) = ($1, $2, $3, $4, $5)`,
    [...key, sale.itemId],
  )
  const { parts = 0, delivered = 0 } = before[0] ?? {}
  return { due: rows[0]?.due ?? 0, part: parts + 1, deliveredToItem: delivered }
}

/** A delivery that is to be stored, with the row of sales that it is of. */
export interface NewDelivery extends DueSale {
  identifier: string
  customerId: string
  itemId: string | null
  currency: string
  unitPrice: string
  part: number
  units: number
  occurredAt: Date
  state: Exclude<DeliveryState, 'delivered' | 'rejected'>
  invoiceId: string | null
}

/** Stores a delivery, and that its units are in one. The row of sales is locked. */
export async function insertDelivery(
  tx: pg.ClientBase,
  delivery: NewDelivery,
  now: Date,
): Promise<void> {
  const { userId, meter, subscriptionId, periodStart, hour, units } = delivery
  const ended = delivery.state === 'pending' ? null : now
  await tx.query(
    `INSERT INTO overage_deliveries (user_id, meter, subscription_id, period_start, hour, units, identifier,
       customer_id, item_id, currency, unit_price, part, occurred_at, state, invoice_id, created_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      ...[userId, meter, subscriptionId, periodStart, hour, units, delivery.identifier],
      ...[
        delivery.customerId,
        delivery.itemId,
        delivery.currency,
        delivery.unitPrice,
        delivery.part,
      ],
      ...[delivery.occurredAt, delivery.state, delivery.invoiceId, now, ended],
    ],
  )
  await tx.query(
    `UPDATE overage_sales SET assigned = assigned + $6
     WHERE (user_id, meter, subscription_id, period_start, hour) = ($1, $2, $3, $4, $5)`,
    [userId, meter, subscriptionId, periodStart, hour, units],
  )
}

/** Stores that a delivery is about to be sent. Returns when it was sent for the first time. */
export async function beginSend(db: Db, identifier: string, now: Date): Promise<Date> {
  const { rows } = await db.query<{ first: Date }>(
    `UPDATE overage_deliveries SET first_sent_at = coalesce(first_sent_at, $2), attempts = attempts + 1
     WHERE identifier = $1 RETURNING first_sent_at AS first`,
    [identifier, now],
  )
  return rows[0]?.first ?? now
}

/** Stores how a delivery that was under way went. A repeat changes nothing. */
export async function endDelivery(
  db: Db,
  {
    identifier,
    state,
    reason = null,
    now,
  }: {
    identifier: string
    state: 'delivered' | 'unbilled' | 'refund_due'
    reason?: string | null
    now: Date
  },
): Promise<void> {
  await db.query(
    `UPDATE overage_deliveries SET state = $2, last_error = $3, ended_at = $4, next_try_at = NULL
     WHERE identifier = $1 AND state = 'pending'`,
    [identifier, state, reason, now],
  )
}

/** Stores why a delivery is still under way, and when it is tried again. */
export async function deferDelivery(
  db: Db,
  { identifier, reason, nextTryAt }: { identifier: string; reason: string; nextTryAt: Date },
): Promise<void> {
  await db.query(
    `UPDATE overage_deliveries SET last_error = $2, next_try_at = $3 WHERE identifier = $1 AND state = 'pending'`,
    [identifier, reason, nextTryAt],
  )
}

/** What was delivered of a meter, by the hour that Stripe was told, from an hour until before another. */
export async function readDelivered(
  db: Db,
  { userId, meter, from, to }: MeterOfUser & { from: Date; to: Date },
): Promise<Map<number, number>> {
  const { rows } = await db.query<{ hour: Date; units: number }>(
    `SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, sum(units)::float8 AS units
     FROM overage_deliveries
     WHERE user_id = $1 AND meter = $2 AND state = 'delivered' AND occurred_at >= $3 AND occurred_at < $4
     GROUP BY 1`,
    [userId, meter, from, to],
  )
  return new Map(rows.map(({ hour, units }) => [hour.getTime(), units]))
}

/** The latest time that Stripe was told of a user's overage; null: none was delivered. */
export async function readLastDelivered(db: Db, userId: string): Promise<Date | null> {
  const { rows } = await db.query<{ last: Date | null }>(
    `SELECT max(occurred_at) AS last FROM overage_deliveries WHERE user_id = $1 AND state = 'delivered'`,
    [userId],
  )
  return rows[0]?.last ?? null
}
