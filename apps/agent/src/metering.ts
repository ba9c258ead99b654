import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Meter, RecordInput, TollgateClient } from '@tollgate/client'
import { HttpError } from './http-error.ts'

// How a request is metered here: check both meters, work, record both. Whoever works at once with others may pass the
// limit by what they spend together, since a check promises nothing. `usage.consume` (check and record in one step)
// closes that gap where the cost is known before the work; where it is known only afterwards, as with a model's answer,
// reserving the most it may cost, and settling what it did cost, would.

/** How much of a meter. */
export interface Spend {
  meter: Meter
  amount: number
}

const MAX_KEY = 200

/**
 * What names this request's work in every idempotency key: the caller's `Idempotency-Key`, which stays the same when
 * the request is sent again, so that it counts once; without one, each request is work of its own.
 */
export function operationId(headers: IncomingHttpHeaders): string {
  const key = headers['idempotency-key']
  if (key === undefined) return randomUUID()
  if (typeof key === 'string' && key.length > 0 && key.length <= MAX_KEY) return key
  throw new HttpError(400, `Idempotency-Key must have 1 to ${MAX_KEY} characters.`)
}

/** Throws 403, with the refusal's own sentence, unless every meter allows its amount. Counts nothing. */
export async function requireQuota(
  tollgate: TollgateClient,
  { userId, spends }: { userId: string; spends: readonly Spend[] },
): Promise<void> {
  const checks = spends.map((spend) => tollgate.usage.check.query({ userId, ...spend }))
  const refused = (await Promise.all(checks)).find(({ allowed }) => !allowed)
  if (refused) throw new HttpError(403, refused.message ?? 'The quota is used up.')
}

export interface Work {
  userId: string
  /** What the work is called, with the request's id: `chat:…`. */
  operation: string
  spends: readonly Spend[]
  /** Must be the same when the request is repeated: it is part of what the key stands for. */
  metadata?: NonNullable<RecordInput['metadata']>
}

/** Counts work that was done, every meter in one call. A repeat of the same operation counts nothing more. */
export async function recordWork(tollgate: TollgateClient, work: Work): Promise<void> {
  const { userId, operation, spends, metadata } = work
  const events = spends.map((spend) => ({
    userId,
    ...spend,
    idempotencyKey: `${operation}:${spend.meter}`,
    ...(metadata && { metadata }),
  }))
  const { results } = await tollgate.usage.recordBatch.mutate({ events })
  for (const result of results) {
    if (result.ok) continue
    if (result.errorCode === 'IDEMPOTENCY_KEY_REUSED') {
      throw new HttpError(409, 'This Idempotency-Key was used for another request.')
    }
    throw new Error(`Tollgate did not record ${operation}: ${result.errorCode} ${result.message}`)
  }
}
