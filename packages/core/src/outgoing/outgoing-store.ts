import type pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import { instants, jsons, texts } from '../database/arrays.ts'
import { sendTogether } from '../database/index.ts'
import type { OutgoingEvent } from './outgoing-event.ts'

/**
 * Writes events in the transaction of what they are about, in order, each with the next number of its user. One that
 * happens once and was written before is left out, and takes no number. Locks the users' numbers until the transaction ends: so
 * it comes after everything else that the transaction locks.
 */
export async function appendEvents(
  tx: pg.ClientBase,
  events: readonly OutgoingEvent[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return
  // Two statements: the second sees what was written by whoever had the lock before.
  await sendTogether(tx, [
    () => lockSequences(tx, [...new Set(events.map(({ userId }) => userId))].toSorted()),
    () => insertEvents(tx, events, now),
  ])
}

function lockSequences(tx: pg.ClientBase, userIds: readonly string[]): Promise<unknown> {
  return tx.query({
    name: 'lock-outgoing-sequences',
    text: `INSERT INTO outgoing_sequences AS s (user_id, last)
      SELECT k.user_id, 0 FROM unnest($1::text[]) WITH ORDINALITY AS k (user_id, place) ORDER BY k.place
      ON CONFLICT (user_id) DO UPDATE SET last = s.last`,
    values: [texts(userIds, (userId) => userId)],
  })
}

function insertEvents(
  tx: pg.ClientBase,
  events: readonly OutgoingEvent[],
  now: Date,
): Promise<unknown> {
  return tx.query({
    name: 'insert-outgoing-events',
    text: `WITH fresh AS (
        SELECT k.*, row_number() OVER (PARTITION BY k.user_id ORDER BY k.place) AS number
        FROM (
          SELECT DISTINCT ON (user_id, coalesce(once, id)) *
          FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::timestamptz[])
            WITH ORDINALITY AS k (id, user_id, type, data, once, created_at, place)
          ORDER BY user_id, coalesce(once, id), place
        ) AS k
        WHERE NOT EXISTS (SELECT FROM outgoing_events e WHERE e.user_id = k.user_id AND e.once = k.once)
      ), numbered AS (
        UPDATE outgoing_sequences s SET last = s.last + of_user.count
        FROM (SELECT user_id, count(*) AS count FROM fresh GROUP BY user_id) AS of_user
        WHERE s.user_id = of_user.user_id
        RETURNING s.user_id, s.last - of_user.count AS before
      )
      INSERT INTO outgoing_events (id, user_id, sequence, type, data, once, created_at)
      SELECT f.id::uuid, f.user_id, n.before + f.number, f.type, f.data, f.once, f.created_at
      FROM fresh f JOIN numbered n USING (user_id)`,
    values: [
      texts(events, () => uuidV7()),
      texts(events, ({ userId }) => userId),
      texts(events, ({ type }) => type),
      jsons(events, ({ data }) => JSON.stringify(data)),
      texts(events, ({ once }) => once),
      instants(events, () => now),
    ],
  })
}
