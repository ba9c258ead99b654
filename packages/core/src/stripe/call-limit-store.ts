import type pg from 'pg'

interface Share {
  userId: string
  now: Date
  secondsPerCall: number
  callsAtOnce: number
}

/**
 * Whether this user may ask Stripe once more now; true for one that does not exist. An instant that is further ahead than
 * this could make it was written by a clock that was wrong, and counts for nothing.
 */
export async function takeStripeCall(
  db: pg.Pool | pg.ClientBase,
  { userId, now, secondsPerCall, callsAtOnce }: Share,
): Promise<boolean> {
  const { rows } = await db.query<{ ok: boolean }>(
    `WITH known AS (SELECT id FROM users WHERE id = $1),
     taken AS (
       INSERT INTO stripe_call_limits AS l (user_id, busy_until)
       SELECT id, $2::timestamptz + make_interval(secs => $3) FROM known
       ON CONFLICT (user_id) DO UPDATE
       SET busy_until = EXCLUDED.busy_until + CASE
             WHEN l.busy_until BETWEEN $2 AND $2 + make_interval(secs => $3 * $4) THEN l.busy_until - $2
             ELSE interval '0'
           END
       WHERE l.busy_until NOT BETWEEN $2 + make_interval(secs => $3 * ($4 - 1) + 0.001)
                                  AND $2 + make_interval(secs => $3 * $4)
       RETURNING user_id
     )
     SELECT NOT EXISTS (SELECT FROM known) OR EXISTS (SELECT FROM taken) AS ok`,
    [userId, now, secondsPerCall, callsAtOnce],
  )
  return rows[0]?.ok ?? false
}
