import type pg from 'pg'

/** How many idempotency keys of a write hold a failure. */
export async function readFailures(db: pg.Pool | pg.ClientBase, write: string): Promise<number> {
  const { rows } = await db.query<{ failures: number }>(
    'SELECT failures FROM stripe_write_failures WHERE "write" = $1',
    [write],
  )
  return rows[0]?.failures ?? 0
}

/** Stores that so many do, and returns how many do: another process may have stored more. */
export async function writeFailures(
  db: pg.Pool | pg.ClientBase,
  { write, failures, now }: { write: string; failures: number; now: Date },
): Promise<number> {
  const { rows } = await db.query<{ failures: number }>(
    `INSERT INTO stripe_write_failures AS f ("write", failures, failed_at) VALUES ($1, $2, $3)
     ON CONFLICT ("write") DO UPDATE
     SET failures = greatest(f.failures, EXCLUDED.failures), failed_at = EXCLUDED.failed_at
     RETURNING failures`,
    [write, failures, now],
  )
  return rows[0]?.failures ?? failures
}
