import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Lease } from './index.ts'
import { extendLease, leaseTaken, releaseLease, takeLease } from './index.ts'

/** How long a holder may be silent before the next one follows: all that a killed process keeps a customer waiting. */
const HOLD_MS = 10_000
/** How often a holder says that it lives. */
const BEAT_MS = 3_000

/** How long to wait for somebody else, a dead one too, and how often to look. */
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
  let beating = Promise.resolve()
  const heart = setInterval(() => {
    beating = beating.then(() => beat(ctx, lease))
  }, BEAT_MS)
  try {
    return await work(lease)
  } finally {
    clearInterval(heart)
    // A late beat would take back what is given back.
    await beating
    await releaseLease(ctx, lease).catch((error: unknown) =>
      ctx.log.warn({ err: error, name }, 'a lease was not given back; it ends by itself'),
    )
  }
}

async function beat(ctx: Context, lease: Lease): Promise<void> {
  await extendLease(ctx.db.pool, lease, HOLD_MS).catch((error: unknown) =>
    ctx.log.warn({ err: error, name: lease.name }, 'a lease could not be kept'),
  )
}

async function waitForLease(ctx: Context, name: string): Promise<Lease> {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += POLL_MS) {
    const lease = await takeLease(ctx, name, HOLD_MS)
    if (lease) return lease
    await sleep(POLL_MS)
  }
  throw leaseTaken()
}
