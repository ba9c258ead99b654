import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { Lease } from '../database/index.ts'
import { assertLease, inTransaction } from '../database/index.ts'
import { readTerms } from '../overage/index.ts'
import { endedStatuses } from '../subscriptions/index.ts'
import type { StoredRows } from './compare.ts'
import type { Drift } from './drift.ts'

export const stages = ['customers', 'deferred', 'subscriptions', 'events'] as const
export type Stage = (typeof stages)[number]

/** How far a run has come: the last thing compared in a stage; null before the first. */
export interface Position {
  stage: Stage
  cursor: string | null
}

export interface Run extends Position {
  id: string
  startedAt: Date
  finishedAt: Date | null
  /** How many customers were compared, and how many of them Stripe did not know. */
  customers: number
  unknown: number
}

const RUN = `id, started_at AS "startedAt", finished_at AS "finishedAt", stage, cursor, customers, unknown`

/** The run that is not finished, or a new one. */
export async function openRun(db: pg.Pool | pg.ClientBase, now: Date): Promise<Run> {
  await db.query(
    `INSERT INTO reconcile_runs (id, started_at, stage) VALUES ($1, $2, 'customers')
     ON CONFLICT ((true)) WHERE finished_at IS NULL DO NOTHING`,
    [uuidv7(), now],
  )
  const { rows } = await db.query<Run>(
    `SELECT ${RUN} FROM reconcile_runs WHERE finished_at IS NULL`,
  )
  const [run] = rows
  if (!run) throw new Error('a reconcile run ended while it began')
  return run
}

/** The run that began last. */
export async function readLastRun(db: pg.Pool | pg.ClientBase): Promise<Run | null> {
  const { rows } = await db.query<Run>(
    `SELECT ${RUN} FROM reconcile_runs ORDER BY started_at DESC, id DESC LIMIT 1`,
  )
  return rows[0] ?? null
}

/** A customer that a run asks about once more, and why; `null`: it need not any more. */
export interface Deferral {
  customer: BoundCustomer
  reason: string | null
}

/**
 * Stores how far a run has come and what it found. Throws UNAVAILABLE when another process has taken the lease since.
 */
export async function saveStep(
  pool: pg.Pool,
  {
    lease,
    run,
    drift,
    deferral,
  }: { lease: Lease; run: Run; drift: readonly Drift[]; deferral: Deferral | undefined },
  now: Date,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await assertLease(tx, lease)
    await tx.query(
      `UPDATE reconcile_runs SET stage = $2, cursor = $3, customers = $4, unknown = $5, finished_at = $6
       WHERE id = $1`,
      [run.id, run.stage, run.cursor, run.customers, run.unknown, run.finishedAt],
    )
    await insertDrift(tx, { runId: run.id, drift, now })
    if (deferral) await writeDeferral(tx, run.id, deferral)
  })
}

async function writeDeferral(
  tx: pg.ClientBase,
  runId: string,
  { customer: { customerId, userId }, reason }: Deferral,
): Promise<void> {
  if (reason === null) {
    const done = 'DELETE FROM reconcile_deferred WHERE run_id = $1 AND customer_id = $2'
    await tx.query(done, [runId, customerId])
    return
  }
  await tx.query(
    `INSERT INTO reconcile_deferred AS d (run_id, customer_id, user_id, tries, reason)
     VALUES ($1, $2, $3, 1, $4)
     ON CONFLICT (run_id, customer_id) DO UPDATE SET tries = d.tries + 1, reason = EXCLUDED.reason`,
    [runId, customerId, userId, reason],
  )
}

/** The customers that a run still has to ask about, those with the fewest tries first. */
export async function readDeferred(
  db: pg.Pool | pg.ClientBase,
  { runId, limit }: { runId: string; limit: number | null },
): Promise<(BoundCustomer & { tries: number; reason: string })[]> {
  const { rows } = await db.query<BoundCustomer & { tries: number; reason: string }>(
    `SELECT customer_id AS "customerId", user_id AS "userId", tries, reason
     FROM reconcile_deferred WHERE run_id = $1 ORDER BY tries, customer_id LIMIT $2`,
    [runId, limit],
  )
  return rows
}

async function insertDrift(
  tx: pg.ClientBase,
  { runId, drift, now }: { runId: string; drift: readonly Drift[]; now: Date },
): Promise<void> {
  if (drift.length === 0) return
  await tx.query(
    `INSERT INTO reconcile_drift (run_id, kind, object_id, customer_id, user_id, detail, repaired, found_at)
     SELECT $1, kind, "objectId", "customerId", "userId", detail, repaired, $3
     FROM jsonb_to_recordset($2) AS d
       (kind text, "objectId" text, "customerId" text, "userId" text, detail text, repaired boolean)
     ON CONFLICT (run_id, kind, object_id) DO UPDATE SET repaired = EXCLUDED.repaired`,
    [runId, JSON.stringify(drift), now],
  )
}

export interface DriftCount {
  kind: Drift['kind']
  found: number
  repaired: number
}

/** What a run found, by kind; of all runs where `runId` is null. */
export async function countDrift(
  db: pg.Pool | pg.ClientBase,
  runId: string | null,
): Promise<DriftCount[]> {
  const { rows } = await db.query<DriftCount>(
    `SELECT kind, count(*)::int AS found, count(*) FILTER (WHERE repaired)::int AS repaired
     FROM reconcile_drift WHERE $1::uuid IS NULL OR run_id = $1 GROUP BY kind ORDER BY kind`,
    [runId],
  )
  return rows
}

/** The first differences that a run found. */
export async function readDrift(
  db: pg.Pool | pg.ClientBase,
  runId: string,
  limit: number,
): Promise<Drift[]> {
  const { rows } = await db.query<Drift>(
    `SELECT kind, object_id AS "objectId", customer_id AS "customerId", user_id AS "userId", detail, repaired
     FROM reconcile_drift WHERE run_id = $1 ORDER BY found_at, kind, object_id LIMIT $2`,
    [runId, limit],
  )
  return rows
}

/** A user, and the customer that is bound to them. */
export interface BoundCustomer {
  userId: string
  customerId: string
}

/** The next customers in the order of their ids. */
export async function readCustomers(
  db: pg.Pool | pg.ClientBase,
  { after, limit }: { after: string | null; limit: number },
): Promise<BoundCustomer[]> {
  const { rows } = await db.query<BoundCustomer>(
    `SELECT id AS "userId", stripe_customer_id AS "customerId" FROM users
     WHERE stripe_customer_id IS NOT NULL AND ($1::text IS NULL OR stripe_customer_id > $1)
     ORDER BY stripe_customer_id LIMIT $2`,
    [after, limit],
  )
  return rows
}

/** Everything that a sync writes about a customer but for grants, and their dead events. */
export async function readStored(
  db: pg.Pool | pg.ClientBase,
  { userId, customerId }: BoundCustomer,
): Promise<Omit<StoredRows, 'grants'> & { deadEvents: string[] }> {
  const read = async (sql: string, values: string[]) => (await db.query(sql, values)).rows
  const [subscriptions, quotas, invoices, trials, events, terms] = await Promise.all([
    read('SELECT * FROM subscriptions WHERE customer_id = $1 OR user_id = $2', [
      customerId,
      userId,
    ]),
    read('SELECT * FROM quotas WHERE user_id = $1', [userId]),
    read('SELECT * FROM invoices WHERE customer_id = $1 OR user_id = $2', [customerId, userId]),
    read('SELECT FROM users WHERE id = $1 AND trial_used_at IS NOT NULL', [userId]),
    read(`SELECT id FROM stripe_events WHERE customer_id = $1 AND state = 'dead'`, [customerId]),
    readTerms(db, userId),
  ])
  return {
    subscriptions,
    quotas,
    invoices,
    trialUsed: trials.length > 0,
    terms: terms.map((row) => ({ ...row })),
    deadEvents: events.map(({ id }) => String(id)),
  }
}

/** Lets a run ask about its deferred customers as often as if it had just begun. */
export async function resetTries(db: pg.Pool | pg.ClientBase, runId: string): Promise<void> {
  await db.query('UPDATE reconcile_deferred SET tries = 1 WHERE run_id = $1', [runId])
}

/** The subscriptions of a customer or user that have not ended, by our rows. */
export async function readRunning(
  db: pg.Pool | pg.ClientBase,
  { userId, customerId }: BoundCustomer,
): Promise<{ id: string; status: string }[]> {
  const { rows } = await db.query<{ id: string; status: string }>(
    `SELECT id, status FROM subscriptions
     WHERE (customer_id = $1 OR user_id = $2) AND NOT status = ANY ($3) ORDER BY id`,
    [customerId, userId, endedStatuses],
  )
  return rows
}

/** Those of these customers that are bound to a user. */
export async function boundAmong(
  db: pg.Pool | pg.ClientBase,
  customerIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT stripe_customer_id AS id FROM users WHERE stripe_customer_id = ANY ($1)',
    [customerIds],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Those of these users who exist and are bound to no customer. */
export async function unboundAmong(
  db: pg.Pool | pg.ClientBase,
  userIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT id FROM users WHERE id = ANY ($1) AND stripe_customer_id IS NULL',
    [userIds],
  )
  return new Set(rows.map(({ id }) => id))
}
