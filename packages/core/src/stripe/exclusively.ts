import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Lease } from '../database/index.ts'
import { leaseTaken, releaseLease, takeLease } from '../database/index.ts'

/**
 * How long a holder may be silent before the next one follows. Longer than a call to Stripe with its retries; a
 * process that is killed leaves its customer waiting that long.
 */
const HOLD_MS = 60_000

/** How long to wait for somebody else, and how often to look. */
const WAIT_MS = 15_000
const POLL_MS = 75

/**
 * Does a work that one process at a time may do, without holding a connection or transaction meanwhile. Waits
 * for its turn at most 15 s, then throws UNAVAILABLE. The work may outlast its lease: what it writes has to be
 * conditional on `assertLease`.
 */
export async function exclusively<T>(
  ctx: Context,
  name: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const lease = await waitForLease(ctx, name)
  try {
    return await work(lease)
  } finally {
    await releaseLease(ctx, lease).catch((error: unknown) =>
      ctx.log.warn({ err: error, name }, 'a lease was not given back; it ends by itself'),
    )
  }
}

async function waitForLease(ctx: Context, name: string): Promise<Lease> {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += POLL_MS) {
    const lease = await takeLease(ctx, name, HOLD_MS)
    if (lease) return lease
    await sleep(POLL_MS)
  }
  throw leaseTaken()
}
