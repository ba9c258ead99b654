import { hash } from 'node:crypto'
import type { Context } from '@tollgate/core'

export type Pool = Context['db']['pool']

/** How often something may be tried in a window, which begins with the first try. */
export interface Limit {
  max: number
  windowMs: number
}

/** What one more try meets. */
export interface Tried {
  allowed: boolean
  /** Tries in the window, this one included. */
  count: number
  retryAfterSeconds: number
}

/** Rows that are over and are deleted with each try, so that the table keeps its size. */
const PRUNED_AT_ONCE = 10

/** The key of a counter. A digest: the table tells nobody which addresses were tried. */
export function keyOf(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url')
}

/**
 * Counts a try before it is made, so that tries at the same time are not more than the limit. One statement: any
 * number of processes may count at once.
 */
export async function countTry(
  db: Pool,
  { key, now }: { key: string; now: Date },
  { max, windowMs }: Limit,
): Promise<Tried> {
  const { rows } = await db.query<{ count: number; endsAt: Date }>(
    `WITH pruned AS (
       DELETE FROM auth_attempts WHERE key IN (
         SELECT key FROM auth_attempts WHERE ends_at < $2 AND key <> $1 LIMIT ${PRUNED_AT_ONCE} FOR UPDATE SKIP LOCKED))
     INSERT INTO auth_attempts AS a (key, count, ends_at) VALUES ($1, 1, $3)
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN a.ends_at <= $2 THEN 1 ELSE least(a.count, 1000000000) + 1 END,
       ends_at = CASE WHEN a.ends_at <= $2 THEN EXCLUDED.ends_at ELSE a.ends_at END
     RETURNING count, ends_at AS "endsAt"`,
    [key, now, new Date(now.getTime() + windowMs)],
  )
  const { count = 1, endsAt = now } = rows[0] ?? {}
  const retryAfterSeconds = Math.max(1, Math.ceil((endsAt.getTime() - now.getTime()) / 1_000))
  return { allowed: count <= max, count, retryAfterSeconds }
}

/** Takes a try back that was none: the password was right. */
export async function uncountTry(db: Pool, key: string): Promise<void> {
  await db.query('UPDATE auth_attempts SET count = greatest(count - 1, 0) WHERE key = $1', [key])
}

/** Begins anew: what was tried before does not count. */
export async function forgetTries(db: Pool, key: string): Promise<void> {
  await db.query('DELETE FROM auth_attempts WHERE key = $1', [key])
}
