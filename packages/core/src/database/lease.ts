import type { Context } from '../context.ts'

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

/** Gives a lease back; nothing happens when somebody else has taken it since. */
export async function releaseLease(ctx: Context, lease: Lease): Promise<void> {
  await ctx.db.pool.query(
    'UPDATE leases SET held_until = clock_timestamp() WHERE name = $1 AND fence = $2',
    [lease.name, lease.fence],
  )
}
