import type { Context } from '../../context.ts'
import type { Lease } from '../../database/index.ts'
import { withLease } from '../../database/index.ts'

/**
 * Does what a payer asked for (checkout, change, cancel, resume), one at a time: two tabs or two processes follow
 * each other, and the second sees what the first did. Throws UNAVAILABLE when the first does not end.
 */
export function inTurn<T>(
  ctx: Context,
  userId: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  return withLease(ctx, `payer:${userId}`, work)
}
