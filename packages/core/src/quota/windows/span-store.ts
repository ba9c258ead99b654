import type pg from 'pg'
import type { BillingSpan, WindowBasis } from './windows.ts'

interface BasisRow {
  user_id: string
  known_since: Date
  subscription_id: string | null
  starts_at: Date
  ends_at: Date | null
  anchor: Date
  steps_after: Date | null
}

/** What the windows of users depend on, by user; users that do not exist have none. */
export async function readBases(
  db: pg.Pool | pg.ClientBase,
  userIds: readonly string[],
): Promise<Map<string, WindowBasis>> {
  const { rows } = await db.query<BasisRow>({
    name: 'read-window-bases',
    text: `SELECT u.id AS user_id, u.created_at AS known_since,
        b.subscription_id, b.starts_at, b.ends_at, b.anchor, b.steps_after
      FROM users u LEFT JOIN billing_spans b ON b.user_id = u.id
      WHERE u.id = ANY ($1::text[])
      ORDER BY u.id, b.starts_at`,
    values: [userIds],
  })
  const bases = new Map<string, { knownSince: Date; spans: BillingSpan[] }>()
  for (const row of rows) {
    const basis = bases.get(row.user_id) ?? { knownSince: row.known_since, spans: [] }
    bases.set(row.user_id, basis)
    if (row.subscription_id !== null) basis.spans.push(toSpan(row, row.subscription_id))
  }
  return bases
}

function toSpan(row: BasisRow, subscriptionId: string): BillingSpan {
  return {
    subscriptionId,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    anchor: row.anchor,
    stepsAfter: row.steps_after,
  }
}

/** Replaces the spans of a user. */
export async function writeSpans(
  tx: pg.ClientBase,
  userId: string,
  spans: readonly BillingSpan[],
): Promise<void> {
  await tx.query('DELETE FROM billing_spans WHERE user_id = $1', [userId])
  await tx.query(
    `INSERT INTO billing_spans (user_id, subscription_id, starts_at, ends_at, anchor, steps_after)
     SELECT $1, "subscriptionId", "startsAt", "endsAt", anchor, "stepsAfter"
     FROM jsonb_to_recordset($2) AS s ("subscriptionId" text, "startsAt" timestamptz, "endsAt" timestamptz,
       anchor timestamptz, "stepsAfter" timestamptz)`,
    [userId, JSON.stringify(spans)],
  )
}

/** Ends what these subscriptions give, each when it ended. Again: nothing more. */
export async function endSpans(
  tx: pg.ClientBase,
  subscriptionIds: readonly string[],
): Promise<void> {
  await tx.query(
    `UPDATE billing_spans b SET ends_at = greatest(b.starts_at, s.ended_at)
     FROM subscriptions s
     WHERE s.id = b.subscription_id AND s.id = ANY ($1) AND s.ended_at IS NOT NULL AND b.ends_at IS NULL`,
    [subscriptionIds],
  )
}
