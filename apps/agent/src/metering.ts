import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Meter, RecordInput, TollgateClient } from '@tollgate/client'
import { HttpError } from './http-error.ts'

// How a request is metered here: reserve the most that it may cost, work, settle what it did cost. Callers together
// never get more than the limit, however many work at once; and what a crash leaves reserved expires by itself.

/** How much of a meter. */
export interface Spend {
  meter: Meter
  amount: number
}

const MAX_KEY = 200

/**
 * What names a request's work in every idempotency key. Named by the caller's `Idempotency-Key`, which stays the same when the request is sent again, so that it counts once;
 * without one, each request is work of its own. `kind` keeps apart what differs under one key.
 */
export function operationOf(kind: string, headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key']
  if (key === undefined) return `${kind}:${randomUUID()}`
  if (typeof key === 'string' && key.length > 0 && key.length <= MAX_KEY) {
    return `${kind}:${key}`
  }
  throw new HttpError(400, `Idempotency-Key must have 1 to ${MAX_KEY} characters.`)
}

export interface Job {
  userId: string
  operation: string
  /** The most that it may cost. */
  most: readonly Spend[]
  /** Must be the same when the request is repeated: it is part of what the key stands for. */
  metadata?: NonNullable<RecordInput['metadata']>
}

/** Longer than any work here takes. */
const HELD_SECONDS = 60

/**
 * Reserves the most that `work` may cost, runs it, and counts what it says that it spent of the same meters. Throws 403,
 * with the refusal's own sentence, where a quota does not allow it. Where it is refused or fails, nothing is counted,
 * and what was reserved is given back: a repeat under the same key is decided afresh, so it is held to the quota too.
 */
export async function metered<T>(
  tollgate: TollgateClient,
  job: Job,
  work: () => Promise<{ result: T; spent: readonly Spend[] }>,
): Promise<T> {
  const held = new Map<Meter, string>()
  const opened: string[] = []
  try {
    for (const spend of job.most) {
      const { reservationId, replayed } = await reserve(tollgate, job, spend)
      held.set(spend.meter, reservationId)
      if (!replayed) opened.push(reservationId)
    }
    const { result, spent } = await work()
    for (const { meter, amount } of spent) {
      const reservationId = held.get(meter)
      if (reservationId) await tollgate.usage.settle.mutate({ reservationId, amount })
    }
    return result
  } catch (error) {
    // Not those of an earlier request with this key: it may still be at work, and has to settle them.
    await release(tollgate, opened)
    throw error
  }
}

async function reserve(
  tollgate: TollgateClient,
  job: Job,
  spend: Spend,
): Promise<{ reservationId: string; replayed: boolean }> {
  const { userId, operation, metadata } = job
  const { reservationId, message, replayed } = await tollgate.usage.reserve.mutate({
    userId,
    ...spend,
    idempotencyKey: `${operation}:${spend.meter}`,
    ttlSeconds: HELD_SECONDS,
    ...(metadata && { metadata }),
  })
  if (reservationId === null) throw new HttpError(403, message ?? 'The quota is used up.')
  return { reservationId, replayed }
}

/** As far as it can: what is settled stays so, and what can't be released now expires. */
async function release(tollgate: TollgateClient, reservationIds: string[]): Promise<void> {
  const released = reservationIds.map((reservationId) =>
    tollgate.usage.release.mutate({ reservationId }),
  )
  await Promise.allSettled(released)
}
