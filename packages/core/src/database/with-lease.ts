import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../log.ts'
import type { Database } from './connection/database.ts'
import type { Lease } from './lease.ts'
import { extendLease, leaseTaken, releaseLease, takeLease } from './lease.ts'

/** How long a lease lasts unless it is extended: all that a killed process makes others wait. */
const HOLD_MS = 10_000
/** How often a holder extends its lease. */
const EXTEND_EVERY_MS = 3_000

/** How long to wait for another holder, and how often to try. Longer than the lease of a killed process lasts. */
const WAIT_MS = 15_000
const TRY_EVERY_MS = 75

interface Resources {
  readonly db: Pick<Database, 'pool'>
  readonly log: Logger
}

/** A name, and how long to wait for another holder: 15 s unless it says. */
export interface Wanted {
  name: string
  waitMs: number
}

/**
 * Runs `work` while it holds the lease of `name`, so that one process at a time does it. Holds no connection and no
 * transaction meanwhile. Waits for the lease, then throws UNAVAILABLE. The work may take longer than its
 * lease lasts (a process that was paused, say), so what it writes must be conditional on `assertLease`.
 */
export async function withLease<T>(
  { db, log }: Resources,
  wanted: string | Wanted,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { name, waitMs } = typeof wanted === 'string' ? { name: wanted, waitMs: WAIT_MS } : wanted
  const lease = await waitForLease(db.pool, { name, waitMs })
  let extending = Promise.resolve()
  const timer = setInterval(() => {
    extending = extending.then(() => extend(lease))
  }, EXTEND_EVERY_MS)
  try {
    return await work(lease)
  } finally {
    clearInterval(timer)
    // An extension that arrived after the release would take the lease again.
    await extending
    await releaseLease(db.pool, lease).catch((error: unknown) =>
      log.warn({ err: error, name }, 'a lease could not be released; it ends by itself'),
    )
  }

  async function extend(lease: Lease): Promise<void> {
    await extendLease(db.pool, lease, HOLD_MS).catch((error: unknown) =>
      log.warn({ err: error, name }, 'a lease could not be extended'),
    )
  }
}

async function waitForLease(pool: Database['pool'], { name, waitMs }: Wanted): Promise<Lease> {
  for (let waitedMs = 0; ; waitedMs += TRY_EVERY_MS) {
    const lease = await takeLease(pool, name, HOLD_MS)
    if (lease) return lease
    if (waitedMs >= waitMs) throw leaseTaken()
    await sleep(TRY_EVERY_MS)
  }
}
