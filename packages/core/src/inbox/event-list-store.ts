import type pg from 'pg'
import { JOB_KEY } from './event-store.ts'
import type { IgnoredBecause } from './event-types.ts'

export const eventStates = ['pending', 'failing', 'dead', 'handled', 'ignored'] as const
/** `pending` waits for its first attempt, `failing` for the next one; `dead` has had its last. */
export type EventState = (typeof eventStates)[number]

/** An event of the inbox, as the operator sees it. Instants are ISO 8601, UTC. */
export interface WebhookEvent {
  id: string
  type: string
  state: EventState
  ignoredBecause: IgnoredBecause | null
  customerId: string | null
  userId: string | null
  email: string | null
  attempts: number
  lastError: string | null
  createdAt: string
  receivedAt: string
  handledAt: string | null
  /** When a worker tries again; null where it does not. */
  nextAttemptAt: string | null
}

export interface InboxQuery {
  /** One event alone. */
  id?: string | undefined
  state?: EventState | undefined
  type?: string | undefined
  /** A whole id of an event, customer, object or user, or a part of an e-mail address. */
  search?: string | undefined
  before: { at: Date; id: string } | null
  limit: number
}

interface Row {
  id: string
  type: string
  state: EventState
  ignored_because: IgnoredBecause | null
  customer_id: string | null
  user_id: string | null
  email: string | null
  attempts: number
  last_error: string | null
  created_at: Date
  received_at: Date
  handled_at: Date | null
  run_at: Date | null
}

/** The state as operators see it: a pending event that has failed before is failing. */
const STATE = `CASE WHEN state = 'pending' AND attempts > 0 THEN 'failing' ELSE state END`

/** Events of the inbox, the last received first. */
export async function readEvents(
  db: pg.Pool | pg.ClientBase,
  query: InboxQuery,
): Promise<WebhookEvent[]> {
  const { rows } = await db.query<Row>(
    `SELECT e.id, e.type, e.state, e.ignored_because, e.customer_id, u.id AS user_id, u.email, e.attempts,
       e.last_error, e.created_at, e.received_at, e.handled_at, j.run_at
     FROM (
       SELECT id, type, ${STATE} AS state, ignored_because, customer_id, attempts, last_error,
         created_at, received_at, handled_at, ${JOB_KEY} AS job_key
       FROM stripe_events
       WHERE ($1::text IS NULL OR id = $1)
         AND ($2::text IS NULL OR (${STATE} = $2 AND state = CASE $2 WHEN 'failing' THEN 'pending' ELSE $2 END))
         AND ($3::text IS NULL OR type = $3)
         AND ($4::text IS NULL OR id = $4 OR object_id = $4 OR customer_id = $4 OR customer_id IN (
           SELECT stripe_customer_id FROM users WHERE id = $4 OR strpos(lower(email), lower($4)) > 0))
         AND ($5::timestamptz IS NULL OR (received_at, id) < ($5, $6))
       ORDER BY received_at DESC, id DESC LIMIT $7
     ) e
     LEFT JOIN users u ON u.stripe_customer_id = e.customer_id
     LEFT JOIN graphile_worker.jobs j ON e.state IN ('pending', 'failing') AND j.key = e.job_key
     ORDER BY e.received_at DESC, e.id DESC`,
    [
      query.id ?? null,
      query.state ?? null,
      query.type ?? null,
      query.search ?? null,
      query.before?.at ?? null,
      query.before?.id ?? null,
      query.limit,
    ],
  )
  return rows.map(toEvent)
}

function toEvent(row: Row): WebhookEvent {
  return {
    id: row.id,
    type: row.type,
    state: row.state,
    ignoredBecause: row.ignored_because,
    customerId: row.customer_id,
    userId: row.user_id,
    email: row.email,
    attempts: row.attempts,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    handledAt: row.handled_at?.toISOString() ?? null,
    nextAttemptAt: row.run_at?.toISOString() ?? null,
  }
}

/** How many events of the inbox are in each state that needs a look. */
export interface InboxSummary {
  pending: number
  failing: number
  dead: number
  /** When the oldest event came that is pending or failing; null where there is none. */
  oldestWaitingAt: string | null
}

export async function readSummary(db: pg.Pool | pg.ClientBase): Promise<InboxSummary> {
  const { rows } = await db.query<{
    pending: number
    failing: number
    dead: number
    oldest: Date | null
  }>(
    `SELECT count(*) FILTER (WHERE attempts = 0)::int AS pending, count(*) FILTER (WHERE attempts > 0)::int AS failing,
       (SELECT count(*)::int FROM stripe_events WHERE state = 'dead') AS dead, min(received_at) AS oldest
     FROM stripe_events WHERE state = 'pending'`,
  )
  const { pending = 0, failing = 0, dead = 0, oldest = null } = rows[0] ?? {}
  return { pending, failing, dead, oldestWaitingAt: oldest?.toISOString() ?? null }
}
