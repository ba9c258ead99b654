import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { withLease } from '../../database/index.ts'

/**
 * Runs what a payer asked for (checkout, change, cancel, resume), one call at a time for a user: of two tabs or two
 * processes the second waits, and then sees what the first did. Throws UNAVAILABLE when the first does not end.
 */
export function withPayerLease<T>(
  ctx: Context,
  userId: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  return withLease(ctx, `payer:${userId}`, work)
}
