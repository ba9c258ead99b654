import type pg from 'pg'
import type { Context } from '../../context.ts'
import type { InboxEvent } from './inbox-event.ts'

/** The task that works off a customer's events, by its name in the job queue. */
export const SYNC_TASK = 'sync_customer'

/** About three days of growing pauses, as long as Stripe itself would try. */
export const MAX_ATTEMPTS = 25

/**
 * Stores an event, once, and queues the sync of its customer if that is one of ours: one statement, so both or
 * neither. The key makes one job of all that come before a worker begins.
 */
export async function storeEvent(
  ctx: Context,
  event: InboxEvent,
  options: { payload: string; wanted: boolean },
): Promise<void> {
  await ctx.db.pool.query({
    name: 'store-event',
    text: `WITH event AS (
        INSERT INTO stripe_events (id, type, customer_id, payload, created_at, received_at, state)
        SELECT $1, $2, $3, $4, $5, $6, CASE
          WHEN $7 AND EXISTS (SELECT FROM users WHERE stripe_customer_id = $3) THEN 'pending'
          ELSE 'ignored' END
        ON CONFLICT (id) DO NOTHING
        RETURNING state, customer_id
      )
      SELECT graphile_worker.add_job('${SYNC_TASK}', json_build_object('customerId', customer_id),
        job_key => 'sync:' || customer_id, max_attempts => ${MAX_ATTEMPTS})
      FROM event WHERE state = 'pending'`,
    values: [
      event.id,
      event.type,
      event.customerId,
      options.payload,
      event.createdAt,
      ctx.clock.now(),
      options.wanted,
    ],
  })
}

/** The events of a customer that no sync has served yet; those that were given up on too. */
export async function waitingEvents(ctx: Context, customerId: string): Promise<string[]> {
  const { rows } = await ctx.db.pool.query<{ id: string }>(
    `SELECT id FROM stripe_events WHERE customer_id = $1 AND state IN ('pending', 'dead')`,
    [customerId],
  )
  return rows.map(({ id }) => id)
}

export async function markHandled(
  db: pg.Pool | pg.ClientBase,
  { ids, state, now }: { ids: readonly string[]; state: 'handled' | 'ignored'; now: Date },
): Promise<void> {
  if (ids.length === 0) return
  await db.query(
    'UPDATE stripe_events SET state = $2, handled_at = $3, last_error = NULL WHERE id = ANY ($1)',
    [ids, state, now],
  )
}

/** Notes a sync that failed on the events that wait for it; `final` gives them up until a next event or a replay. */
export async function markFailed(
  db: pg.Pool,
  { customerId, error, final }: { customerId: string; error: string; final: boolean },
): Promise<void> {
  await db.query(
    `UPDATE stripe_events
     SET attempts = attempts + 1, last_error = $2, state = CASE WHEN $3 THEN 'dead' ELSE state END
     WHERE customer_id = $1 AND state = 'pending'`,
    [customerId, error, final],
  )
}

/**
 * Queues again what waits although nobody works on it: the job of a process that was killed stays locked, and
 * would be for hours. A job that pauses between attempts is left alone. Answers how many customers it queued.
 */
export async function requeueStranded(
  db: pg.Pool,
  { receivedBefore, lockedMinutes }: { receivedBefore: Date; lockedMinutes: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `SELECT graphile_worker.add_job('${SYNC_TASK}', json_build_object('customerId', customer_id),
       job_key => 'sync:' || customer_id, max_attempts => ${MAX_ATTEMPTS})
     FROM (SELECT DISTINCT customer_id FROM stripe_events WHERE state = 'pending' AND received_at < $1) AS stranded
     WHERE NOT EXISTS (
       SELECT FROM graphile_worker.jobs j
       WHERE j.key = 'sync:' || customer_id AND j.attempts < j.max_attempts
         AND (j.locked_at IS NULL OR j.locked_at > now() - $2 * interval '1 minute'))`,
    [receivedBefore, lockedMinutes],
  )
  return rowCount ?? 0
}
