import type pg from 'pg'
import { bigints, instants, texts } from '../../database/arrays.ts'
import { sendTogether } from '../../database/index.ts'
import type { OverageRow } from '../../quota/index.ts'
import { liveSql, overageSql } from '../../quota/index.ts'
import { compareText } from '../../text.ts'
import type { Sale } from '../writer/parts.ts'
import type { CounterKey } from './counter-store.ts'

/** A meter of a user: what grants and overage belong to, whatever the window. */
export interface MeterKey {
  userId: string
  meter: string
}

export function meterKey({ userId, meter }: MeterKey): string {
  return `${userId}\0${meter}`
}

export interface GrantRow {
  id: string
  user_id: string
  meter: string
  amount: string
  remaining: string
  held: string
  is_live: boolean
}

/**
 * Locks the live grants of meters that have something left, and those with these ids; in one order in every process, and
 * after all counters. (OFFSET 0 keeps PostgreSQL from reading all grants once, rather than each meter's.) Returns them in the order of use: soonest expiry first, then the oldest.
 */
export async function lockGrants(
  db: pg.ClientBase,
  { keys, ids, now }: { keys: readonly MeterKey[]; ids: readonly string[]; now: Date },
): Promise<GrantRow[]> {
  const { rows } = await db.query<GrantRow & { expires_at: Date | null; effective_at: Date }>({
    name: 'lock-grants',
    text: `SELECT g.id, g.user_id, g.meter, g.amount, g.remaining, g.held, ${liveSql('$4')} AS is_live,
        g.expires_at, g.effective_at
      FROM grants g
      WHERE g.id = ANY (ARRAY(
          SELECT l.id FROM unnest($1::text[], $2::text[]) AS k (user_id, meter)
          CROSS JOIN LATERAL (
            SELECT g.id FROM grants g
            WHERE g.user_id = k.user_id AND g.meter = k.meter AND g.is_open AND g.remaining > 0 AND ${liveSql('$4')}
            OFFSET 0
          ) AS l
          UNION SELECT unnest($3::uuid[])
        ))
      ORDER BY g.user_id, g.meter, g.id
      FOR UPDATE`,
    values: [...keyColumns(keys), ids, now.toISOString()],
  })
  return rows.toSorted(
    (a, b) =>
      (a.expires_at?.getTime() ?? Infinity) - (b.expires_at?.getTime() ?? Infinity) ||
      a.effective_at.getTime() - b.effective_at.getTime() ||
      (a.id < b.id ? -1 : 1),
  )
}

/** Locks the terms of overage of meters, after all grants and in one order. Whoever sells or holds has them locked. */
export function lockTerms(db: pg.ClientBase, keys: readonly MeterKey[]): Promise<unknown> {
  const inOrder = keys.toSorted(
    (a, b) => compareText(a.userId, b.userId) || compareText(a.meter, b.meter),
  )
  return db.query({
    name: 'lock-overage-terms',
    text: `SELECT FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (user_id, meter, place)
      JOIN overage_terms t USING (user_id, meter)
      ORDER BY k.place
      FOR UPDATE OF t`,
    values: keyColumns(inOrder),
  })
}

/** What is sold of meters. In a statement after `lockTerms`, so that it sees what was sold while that waited. */
export async function readTerms(
  db: pg.ClientBase,
  keys: readonly MeterKey[],
  now: Date,
): Promise<Map<string, OverageRow>> {
  const place = { user: 'k.user_id', meter: 'k.meter', now: '$3' }
  const { rows } = await db.query<{ place: number; overage: OverageRow | null }>({
    name: 'read-overage-terms',
    text: `SELECT k.place::int, ${overageSql(place)} AS overage
      FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (user_id, meter, place)`,
    values: [...keyColumns(keys), now.toISOString()],
  })
  return new Map(
    rows.flatMap(({ place, overage }) => {
      const key = keys[place - 1]
      return key && overage ? [[meterKey(key), overage] as const] : []
    }),
  )
}

/** Counters with reservations that have expired and still hold parts of grants or overage of these meters. */
export async function findExpiredHolds(
  db: pg.ClientBase,
  keys: readonly MeterKey[],
  now: Date,
): Promise<CounterKey[]> {
  const { rows } = await db.query<{ user_id: string; meter: string; period: string }>({
    name: 'find-expired-holds',
    text: `SELECT DISTINCT u.user_id, u.meter, u.period
      FROM unnest($1::text[], $2::text[]) AS k (user_id, meter)
      JOIN usage u USING (user_id, meter)
      WHERE u.held AND u.expires_at <= $3 AND u.parts IS NOT NULL`,
    values: [...keyColumns(keys), now.toISOString()],
  })
  return rows.map((row) => ({ userId: row.user_id, meter: row.meter, period: row.period }))
}

/** Writes locked grants as decisions left them. */
export function writeGrants(
  db: pg.ClientBase,
  grants: readonly { id: string; remaining: number; held: number }[],
): Promise<unknown> {
  return db.query({
    name: 'write-grants',
    text: `UPDATE grants g SET remaining = k.remaining, held = k.held
      FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS k (id, remaining, held)
      WHERE g.id = k.id::uuid`,
    values: [
      texts(grants, (grant) => grant.id),
      bigints(grants, (grant) => grant.remaining),
      bigints(grants, (grant) => grant.held),
    ],
  })
}

/** Adds to the units of overage that reservations hold, of locked terms. */
export function changeHeld(
  db: pg.ClientBase,
  changes: readonly (MeterKey & { units: number })[],
): Promise<unknown> {
  return db.query({
    name: 'change-overage-held',
    text: `UPDATE overage_terms t SET held = t.held + k.units
      FROM unnest($1::text[], $2::text[], $3::bigint[]) AS k (user_id, meter, units)
      WHERE t.user_id = k.user_id AND t.meter = k.meter`,
    values: [...keyColumns(changes), bigints(changes, (change) => change.units)],
  })
}

export interface SaleChange extends MeterKey {
  sale: Sale
  units: number
}

/**
 * Adds sales to their hours, each hour once, under the lock of the terms. The last hour of a period has its total: a sale is
 * never in an earlier one, so only a correction may have two rows to write.
 */
export async function addSales(db: pg.ClientBase, changes: readonly SaleChange[]): Promise<void> {
  const [sold, corrected] = [changes.filter(isSale), changes.filter((each) => !isSale(each))]
  await sendTogether(db, [
    ...(sold.length > 0 ? [() => insertSales(db, sold)] : []),
    ...(corrected.length > 0 ? [() => correctSales(db, corrected)] : []),
  ])
}

function isSale({ units }: SaleChange): boolean {
  return units > 0
}

function insertSales(db: pg.ClientBase, changes: readonly SaleChange[]): Promise<unknown> {
  return db.query({
    name: 'insert-sales',
    text: `INSERT INTO overage_sales AS s (user_id, meter, subscription_id, period_start, hour, units, total)
      SELECT k.*, k.units + coalesce((
          SELECT l.total FROM overage_sales l
          WHERE l.user_id = k.user_id AND l.meter = k.meter AND l.subscription_id = k.subscription_id
            AND l.period_start = k.period_start
          ORDER BY l.hour DESC LIMIT 1), 0)
      FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bigint[])
        AS k (user_id, meter, subscription_id, period_start, hour, units)
      ORDER BY k.user_id, k.meter, k.hour
      ON CONFLICT (user_id, meter, subscription_id, period_start, hour)
        DO UPDATE SET units = s.units + EXCLUDED.units, total = s.total + EXCLUDED.units`,
    values: saleColumns(changes),
  })
}

function correctSales(db: pg.ClientBase, changes: readonly SaleChange[]): Promise<unknown> {
  return db.query({
    name: 'correct-sales',
    text: `UPDATE overage_sales s
      SET units = s.units + CASE WHEN s.hour = k.hour THEN k.units ELSE 0 END, total = s.total + k.units
      FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bigint[])
        AS k (user_id, meter, subscription_id, period_start, hour, units)
      WHERE s.user_id = k.user_id AND s.meter = k.meter AND s.subscription_id = k.subscription_id
        AND s.period_start = k.period_start AND s.hour IN (k.hour, (
          SELECT max(l.hour) FROM overage_sales l
          WHERE l.user_id = k.user_id AND l.meter = k.meter AND l.subscription_id = k.subscription_id
            AND l.period_start = k.period_start))`,
    values: saleColumns(changes),
  })
}

function saleColumns(changes: readonly SaleChange[]): unknown[] {
  return [
    ...keyColumns(changes),
    texts(changes, ({ sale }) => sale.subscription),
    instants(changes, ({ sale }) => new Date(sale.period)),
    instants(changes, ({ sale }) => new Date(sale.hour)),
    bigints(changes, ({ units }) => units),
  ]
}

function keyColumns(keys: readonly MeterKey[]): unknown[] {
  return [texts(keys, (key) => key.userId), texts(keys, (key) => key.meter)]
}
