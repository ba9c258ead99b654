import type pg from 'pg'
import type { Context } from '../context.ts'
import { TollgateError } from '../errors.ts'

/** Proof of holding a name: writes are conditional on its number still being the last one given. */
export interface Lease {
  readonly name: string
  readonly fence: bigint
}

/**
 * Takes the lease of a name, or answers null while somebody else holds it. No connection is held meanwhile;
 * a holder that dies is followed once its time has passed, by the database's clock, which all processes share.
 */
export async function takeLease(ctx: Context, name: string, forMs: number): Promise<Lease | null> {
  const { rows } = await ctx.db.pool.query<{ fence: string }>(
    `INSERT INTO leases AS l (name, fence, held_until)
     VALUES ($1, 1, clock_timestamp() + $2 * interval '1 millisecond')
     ON CONFLICT (name) DO UPDATE SET fence = l.fence + 1, held_until = EXCLUDED.held_until
     WHERE l.held_until <= clock_timestamp()
     RETURNING fence`,
    [name, forMs],
  )
  const row = rows[0]
  return row ? { name, fence: BigInt(row.fence) } : null
}

/** Keeps a lease for longer, from now on. Throws UNAVAILABLE when somebody else has taken it since. */
export async function extendLease(
  db: pg.Pool | pg.ClientBase,
  lease: Lease,
  forMs: number,
): Promise<void> {
  const { rowCount } = await db.query(
    `UPDATE leases SET held_until = clock_timestamp() + $3 * interval '1 millisecond'
     WHERE name = $1 AND fence = $2`,
    [lease.name, lease.fence, forMs],
  )
  if (rowCount !== 1) throw leaseTaken()
}

/** Gives a lease back; nothing happens when somebody else has taken it since. */
export async function releaseLease(ctx: Context, lease: Lease): Promise<void> {
  // The column's milliseconds would round up, into the time to come.
  await ctx.db.pool.query(
    `UPDATE leases SET held_until = date_trunc('milliseconds', clock_timestamp())
     WHERE name = $1 AND fence = $2`,
    [lease.name, lease.fence],
  )
}

/** Throws UNAVAILABLE when somebody else has taken the lease since; otherwise nobody can before `tx` ends. */
export async function assertLease(tx: pg.ClientBase, lease: Lease): Promise<void> {
  const { rowCount } = await tx.query(
    'SELECT 1 FROM leases WHERE name = $1 AND fence = $2 FOR UPDATE',
    [lease.name, lease.fence],
  )
  if (rowCount !== 1) throw leaseTaken()
}

/** Somebody else works on it. */
export function leaseTaken(): TollgateError {
  return new TollgateError('UNAVAILABLE', 'Somebody else is working on this. Try again shortly.', {
    retryAfterSeconds: 5,
  })
}
