import type pg from 'pg'
import type { Context } from '../context.ts'
import { instants, texts, utf8 } from '../database/arrays.ts'
import type { IgnoredBecause } from './event-types.ts'
import type { InboxEvent } from './parse.ts'

/** What an event makes a worker do, by its name in the job queue. */
export const tasks = {
  /** Converge its customer. */
  sync: 'sync_customer',
  /** Find out about which customer it is. */
  resolve: 'resolve_event',
  /** Read the plans' prices. */
  prices: 'refresh_prices',
} as const

/** About three days of growing pauses, as long as Stripe itself would try. */
const MAX_ATTEMPTS = 25

/** The name of a pending event's job; events of one name are served together, so one job is enough for them. */
export const JOB_KEY = `CASE WHEN customer_id IS NOT NULL THEN 'sync:' || customer_id
  WHEN object_id IS NOT NULL THEN 'event:' || id ELSE 'prices' END`

/** What the job queue is told of an event: its task, what that needs to know, its name and its patience. */
const JOB = `(
  CASE WHEN customer_id IS NOT NULL THEN '${tasks.sync}'
    WHEN object_id IS NOT NULL THEN '${tasks.resolve}' ELSE '${tasks.prices}' END,
  json_build_object('customerId', customer_id, 'eventId', id),
  NULL, NULL, ${MAX_ATTEMPTS}, ${JOB_KEY}, NULL, NULL)::graphile_worker.job_spec`

/**
 * Queues the jobs of the rows of `event`, one of each name; one that waits already begins anew, at once. In the order of
 * their names: no two statements wait for each other.
 */
const ADD_JOBS = `SELECT FROM graphile_worker.add_jobs((
  SELECT array_agg(${JOB} ORDER BY ${JOB_KEY})
  FROM (SELECT DISTINCT ON (${JOB_KEY}) id, customer_id, object_id FROM event) AS distinct_event))
  WHERE EXISTS (SELECT FROM event)`

/** An event as it came, and why nothing comes of it; null: something does. */
export interface ReceivedEvent {
  event: InboxEvent
  /** The body's bytes. */
  payload: Buffer
  ignored: IgnoredBecause | null
}

/**
 * Stores events, each once, in one statement: all or nothing. What is not ignored waits from then on. Answers the ids of
 * those that wait and were not there before.
 */
export async function storeEvents(
  db: pg.Pool,
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

/** Queues what stored events ask for, if they still wait. The key makes one job of all that come before a worker begins. */
export async function queueStored(
  db: pg.Pool | pg.ClientBase,
  ids: readonly string[],
): Promise<void> {
  await db.query(
    `WITH event AS (SELECT * FROM stripe_events WHERE id = ANY ($1) AND state = 'pending') ${ADD_JOBS}`,
    [ids],
  )
}

/** Takes an event in as a webhook would. */
export function storeEvent(
  ctx: Context,
  event: InboxEvent,
  options: Omit<ReceivedEvent, 'event'>,
): Promise<void> {
  return ctx.inbox.store({ event, ...options })
}

/** Makes stored events wait again, from their first attempt on, and queues what they ask for. */
export async function queueAgain(tx: pg.ClientBase, ids: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE stripe_events
     SET state = 'pending', ignored_because = NULL, attempts = 0, last_error = NULL, handled_at = NULL
     WHERE id = ANY ($1)`,
    [ids],
  )
  await queueStored(tx, ids)
}

/** The events of a customer that no sync has served yet; those that were given up on too. */
export async function waitingEvents(ctx: Context, customerId: string): Promise<string[]> {
  const { rows } = await ctx.db.pool.query<{ id: string }>(
    `SELECT id FROM stripe_events WHERE customer_id = $1 AND state IN ('pending', 'dead')`,
    [customerId],
  )
  return rows.map(({ id }) => id)
}

/** The events that wait for the prices to be read. */
export async function waitingPriceEvents(ctx: Context): Promise<string[]> {
  const { rows } = await ctx.db.pool.query<{ id: string }>(
    `SELECT id FROM stripe_events
     WHERE state IN ('pending', 'dead') AND customer_id IS NULL AND object_id IS NULL`,
  )
  return rows.map(({ id }) => id)
}

/** The object that an event is about, while it waits for its customer to be found; else null. */
export async function unresolvedObject(ctx: Context, id: string): Promise<string | null> {
  const { rows } = await ctx.db.pool.query<{ object_id: string }>(
    `SELECT object_id FROM stripe_events
     WHERE id = $1 AND state IN ('pending', 'dead') AND customer_id IS NULL AND object_id IS NOT NULL`,
    [id],
  )
  return rows[0]?.object_id ?? null
}

/** The customer of a subscription or invoice that we have a row of; else null. */
export async function findCustomerOf(db: pg.Pool, objectId: string): Promise<string | null> {
  const { rows } = await db.query<{ customer_id: string }>(
    `SELECT customer_id FROM subscriptions WHERE id = $1
     UNION ALL SELECT customer_id FROM invoices WHERE id = $1`,
    [objectId],
  )
  return rows[0]?.customer_id ?? null
}

/** Says about which customer an event is, and queues their sync. */
export async function resolveEvent(
  ctx: Context,
  { id, customerId }: { id: string; customerId: string },
): Promise<void> {
  await ctx.db.pool.query(
    `WITH event AS (
       UPDATE stripe_events SET customer_id = $2, state = 'pending', attempts = 0, last_error = NULL
       WHERE id = $1 RETURNING id, customer_id, object_id
     )
     ${ADD_JOBS}`,
    [id, customerId],
  )
}

/** Ends the waiting of events. `ignored` says why nothing came of them; null: they were served. */
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

/** Notes a failure on the events that wait for a customer's sync, or on those named; `final` gives them up until a next event or a replay. */
export async function markFailed(
  db: pg.Pool,
  failed: { customerId: string | null; ids: readonly string[]; error: string; final: boolean },
): Promise<void> {
  await db.query(
    `UPDATE stripe_events
     SET attempts = attempts + 1, last_error = $3, state = CASE WHEN $4 THEN 'dead' ELSE state END
     WHERE state = 'pending' AND (customer_id = $1 OR id = ANY ($2))`,
    [failed.customerId, failed.ids, failed.error, failed.final],
  )
}

/**
 * Queues what waits although nobody works on it: the process that stored it ended before it told workers, or the one that
 * worked on it was killed, whose job stays locked and would be for hours. A job that pauses between attempts is left alone,
 * but for an event that came later. Answers how many jobs it queued.
 */
export async function requeueStranded(
  db: pg.Pool,
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
