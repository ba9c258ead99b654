import type pg from 'pg'
import { TollgateError } from '../errors.ts'

/** Proof of holding a name: writes are conditional on its number still being the last one given. */
export interface Lease {
  readonly name: string
  readonly fence: bigint
}

/**
 * Takes the lease of a name, or returns null while another holder has it. No connection is held meanwhile. The lease
 * of a holder that dies ends by itself after `forMs`, by the database's clock, which all processes share.
 */
export async function takeLease(
  db: pg.Pool | pg.ClientBase,
  name: string,
  forMs: number,
): Promise<Lease | null> {
  const { rows } = await db.query<{ fence: string }>(
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

/** Extends a lease to `forMs` from now. Throws UNAVAILABLE when another holder has taken it since. */
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

/** Gives a lease back. Changes nothing when another holder has taken it since. */
export async function releaseLease(db: pg.Pool | pg.ClientBase, lease: Lease): Promise<void> {
  // The column holds milliseconds: rounded up, the lease would end a little later than now.
  await db.query(
    `UPDATE leases SET held_until = date_trunc('milliseconds', clock_timestamp())
     WHERE name = $1 AND fence = $2`,
    [lease.name, lease.fence],
  )
}

/** Throws UNAVAILABLE when another holder has taken the lease since. Otherwise nobody can take it before `tx` ends. */
export async function assertLease(tx: pg.ClientBase, lease: Lease): Promise<void> {
  const { rowCount } = await tx.query(
    'SELECT 1 FROM leases WHERE name = $1 AND fence = $2 FOR UPDATE',
    [lease.name, lease.fence],
  )
  if (rowCount !== 1) throw leaseTaken()
}

/** UNAVAILABLE: another request or process holds the lease. */
export function leaseTaken(): TollgateError {
  const message = 'Another operation on the same data is running. Try again in a few seconds.'
  return new TollgateError('UNAVAILABLE', message, { retryAfterSeconds: 5 })
}
