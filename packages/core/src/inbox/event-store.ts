import type pg from 'pg'
import { instants, texts, utf8 } from '../database/arrays.ts'
import type { IgnoredBecause } from './event-types.ts'
import type { InboxEvent } from './parse.ts'

/** The jobs that events make, by their names in the job queue. */
export const eventTasks = {
  /** Sync the event's customer. */
  sync: 'sync_customer',
  /** Find out which customer the event is about, then sync. */
  resolve: 'resolve_event',
  /** Read the plans' prices. */
  prices: 'refresh_prices',
} as const

/** The payload of such a job: an event, and its customer where that is known. */
export interface EventJob {
  eventId: string
  customerId: string | null
}

/** About three days with growing pauses, as long as Stripe itself would try. */
const MAX_ATTEMPTS = 25

/** The key of a pending event's job. Events with the same key are handled together, so one job is enough for them. */
export const JOB_KEY = `CASE WHEN customer_id IS NOT NULL THEN 'sync:' || customer_id
  WHEN object_id IS NOT NULL THEN 'event:' || id ELSE 'prices' END`

/** An event's job as the queue takes it: task, payload, number of attempts and key. */
const JOB = `(
  CASE WHEN customer_id IS NOT NULL THEN '${eventTasks.sync}'
    WHEN object_id IS NOT NULL THEN '${eventTasks.resolve}' ELSE '${eventTasks.prices}' END,
  json_build_object('customerId', customer_id, 'eventId', id),
  NULL, NULL, ${MAX_ATTEMPTS}, ${JOB_KEY}, NULL, NULL)::graphile_worker.job_spec`

/**
 * Queues the jobs of the rows of `event`, one of each key; one that waits already starts anew, at once. In the order
 * of their keys, so that two statements do not deadlock.
 */
const ADD_JOBS = `SELECT FROM graphile_worker.add_jobs((
  SELECT array_agg(${JOB} ORDER BY ${JOB_KEY})
  FROM (SELECT DISTINCT ON (${JOB_KEY}) id, customer_id, object_id FROM event) AS distinct_event))
  WHERE EXISTS (SELECT FROM event)`

/** An event as it was received, and why it is ignored; null: it is not. */
export interface ReceivedEvent {
  event: InboxEvent
  /** The body's bytes. */
  payload: Buffer
  ignored: IgnoredBecause | null
}

/**
 * Stores events, each once, in one statement: all or nothing. Those that are not ignored are pending from then on.
 * Returns the ids of the pending ones that were not stored before. In the order of their ids, so that two processes do
 * not deadlock.
 */
export async function storeEvents(
  db: pg.Pool | pg.ClientBase,
  { events, now }: { events: readonly ReceivedEvent[]; now: Date },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string; state: string }>({
    name: 'store-events',
    text: `INSERT INTO stripe_events
        (id, type, customer_id, object_id, payload, created_at, received_at, state, ignored_because)
      SELECT id, type, customer_id, object_id, payload, created_at, $8,
        CASE WHEN ignored IS NULL THEN 'pending' ELSE 'ignored' END, ignored
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
        AS e (id, type, customer_id, object_id, payload, created_at, ignored)
      ORDER BY id
      ON CONFLICT (id) DO NOTHING
      RETURNING id, state`,
    values: [
      texts(events, ({ event }) => event.id),
      texts(events, ({ event }) => event.type),
      texts(events, ({ event }) => event.customerId),
      texts(events, ({ event }) => event.objectId),
      utf8(events, ({ payload }) => payload),
      instants(events, ({ event }) => event.createdAt),
      texts(events, ({ ignored }) => ignored),
      now,
    ],
  })
  return rows.flatMap(({ id, state }) => (state === 'pending' ? id : []))
}

/** Queues the jobs of stored events that are pending. All events of one key that come before a worker starts get one job. */
export async function queueJobs(
  db: pg.Pool | pg.ClientBase,
  ids: readonly string[],
): Promise<void> {
  await db.query(
    `WITH event AS (SELECT * FROM stripe_events WHERE id = ANY ($1) AND state = 'pending') ${ADD_JOBS}`,
    [ids],
  )
}

/** Makes stored events pending again, from their first attempt on, and queues their jobs. */
export async function requeue(db: pg.Pool | pg.ClientBase, ids: readonly string[]): Promise<void> {
  await db.query(
    `UPDATE stripe_events
     SET state = 'pending', ignored_because = NULL, attempts = 0, last_error = NULL, handled_at = NULL
     WHERE id = ANY ($1)`,
    [ids],
  )
  await queueJobs(db, ids)
}

/**
 * Queues the jobs of pending events on which nobody works: the process that stored them ended before it notified the
 * workers, or the worker was killed, whose job stays locked for hours. A job that pauses between attempts is left
 * alone, unless an event came later. Returns how many jobs it queued.
 */
export async function requeueStranded(
  db: pg.Pool | pg.ClientBase,
  { receivedBefore, lockedMinutes }: { receivedBefore: Date; lockedMinutes: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `WITH event AS (
       SELECT * FROM stripe_events
       WHERE state = 'pending' AND received_at < $1 AND NOT EXISTS (
         SELECT FROM graphile_worker.jobs j
         WHERE j.key = ${JOB_KEY} AND j.attempts < j.max_attempts
           AND CASE WHEN j.locked_at IS NULL THEN j.attempts = 0 OR stripe_events.attempts > 0
             ELSE j.locked_at > now() - $2 * interval '1 minute' END)
     )
     ${ADD_JOBS}`,
    [receivedBefore, lockedMinutes],
  )
  return rowCount ?? 0
}

/** The events of a customer that no sync has handled yet, dead ones too. */
export function waitingEvents(db: pg.Pool | pg.ClientBase, customerId: string): Promise<string[]> {
  return readIds(db, `customer_id = $1 AND state IN ('pending', 'dead')`, [customerId])
}

/** The events that ask for the prices to be read. */
export function waitingPriceEvents(db: pg.Pool | pg.ClientBase): Promise<string[]> {
  return readIds(
    db,
    `state IN ('pending', 'dead') AND customer_id IS NULL AND object_id IS NULL`,
    [],
  )
}

/** Those of these events that are stored. */
export async function knownEvents(
  db: pg.Pool | pg.ClientBase,
  ids: readonly string[],
): Promise<Set<string>> {
  return new Set(await readIds(db, 'id = ANY ($1)', [ids]))
}

/** Dead events, the oldest first. */
export function deadEvents(db: pg.Pool | pg.ClientBase, limit: number): Promise<string[]> {
  return readIds(db, `state = 'dead' ORDER BY received_at LIMIT $1`, [limit])
}

async function readIds(
  db: pg.Pool | pg.ClientBase,
  where: string,
  values: unknown[],
): Promise<string[]> {
  const sql = `SELECT id FROM stripe_events WHERE ${where}`
  const { rows } = await db.query<{ id: string }>(sql, values)
  return rows.map(({ id }) => id)
}

/** The object that an event is about, while its customer is still to be found; else null. */
export async function unresolvedObject(
  db: pg.Pool | pg.ClientBase,
  id: string,
): Promise<string | null> {
  const { rows } = await db.query<{ object_id: string }>(
    `SELECT object_id FROM stripe_events
     WHERE id = $1 AND state IN ('pending', 'dead') AND customer_id IS NULL AND object_id IS NOT NULL`,
    [id],
  )
  return rows[0]?.object_id ?? null
}

/** Stores which customer an event is about, and queues their sync. */
export async function writeCustomer(
  db: pg.Pool | pg.ClientBase,
  { id, customerId }: { id: string; customerId: string },
): Promise<void> {
  await db.query(
    `WITH event AS (
       UPDATE stripe_events SET customer_id = $2, state = 'pending', attempts = 0, last_error = NULL
       WHERE id = $1 RETURNING id, customer_id, object_id
     )
     ${ADD_JOBS}`,
    [id, customerId],
  )
}

/** Marks events as handled, or as ignored and why. */
export async function markHandled(
  db: pg.Pool | pg.ClientBase,
  { ids, ignored, now }: { ids: readonly string[]; ignored: IgnoredBecause | null; now: Date },
): Promise<void> {
  if (ids.length === 0) return
  await db.query(
    `UPDATE stripe_events SET state = CASE WHEN $2::text IS NULL THEN 'handled' ELSE 'ignored' END,
       ignored_because = $2, handled_at = $3, last_error = NULL
     WHERE id = ANY ($1)`,
    [ids, ignored, now],
  )
}

/** Counts a failed attempt on a customer's pending events, and on those named. `final` makes them dead. */
export async function markFailed(
  db: pg.Pool | pg.ClientBase,
  failed: { customerId: string | null; ids: readonly string[]; error: string; final: boolean },
): Promise<void> {
  await db.query(
    `UPDATE stripe_events
     SET attempts = attempts + 1, last_error = $3, state = CASE WHEN $4 THEN 'dead' ELSE state END
     WHERE state = 'pending' AND (customer_id = $1 OR id = ANY ($2))`,
    [failed.customerId, failed.ids, failed.error, failed.final],
  )
}

/** An event's body as it was received; null for an event that is not stored. */
export async function readPayload(db: pg.Pool | pg.ClientBase, id: string): Promise<string | null> {
  const { rows } = await db.query<{ payload: string }>(
    'SELECT payload FROM stripe_events WHERE id = $1',
    [id],
  )
  return rows[0]?.payload ?? null
}

/** Deletes some events that were handled or ignored, and returns how many. Pending and dead ones stay. */
export async function deleteOld(
  db: pg.Pool | pg.ClientBase,
  { receivedBefore, limit }: { receivedBefore: Date; limit: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM stripe_events WHERE id IN (
       SELECT id FROM stripe_events
       WHERE received_at < $1 AND state IN ('handled', 'ignored')
       ORDER BY received_at LIMIT $2)`,
    [receivedBefore, limit],
  )
  return rowCount ?? 0
}
