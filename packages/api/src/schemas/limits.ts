import { MAX_BATCH } from '@tollgate/core'

/** What the body of a request may be. A part is what one call is asked with: the whole body, unless it holds several. */
export interface BodyLimit {
  bytes: number
  /** How deep in the JSON the parts begin: 1 where the body is one part. */
  partDepth: number
}

/** Each part by itself. A part over these fails alone where the body has others. */
export const PART = {
  bytes: 64 * 2 ** 10,
  /** Levels of objects and arrays. */
  depth: 32,
  /** More than 4 KiB of metadata can hold. */
  values: 2_100,
} as const

/** What stands between the parts: the items of a full batch, and a little more. */
export const MAX_VALUES_BETWEEN = MAX_BATCH + 100

/** Calls in one tRPC request. */
export const MAX_CALLS = 100

/** Room for a full batch of a thousand events with 4 KiB of metadata each. */
const MAX_BYTES = 8 * 2 ** 20

/** The procedures whose input is a list of parts: how large it may be, and how deep in it the items are. */
const lists: Readonly<Record<string, { bytes: number; itemDepth: number }>> = {
  'usage.recordBatch': { bytes: MAX_BYTES, itemDepth: 3 },
}

/**
 * The limit for the body of a request with these calls, of which `batched` says whether they came as a tRPC batch: the
 * sum of what the calls may have. The one place that decides how large a body may be, but for Stripe's webhook.
 */
export function bodyLimitOf(procedures: readonly string[], batched: boolean): BodyLimit {
  const bytes = procedures.reduce((sum, name) => sum + (lists[name]?.bytes ?? PART.bytes), 0)
  const itemDepth = Math.max(1, ...procedures.map((name) => lists[name]?.itemDepth ?? 1))
  return { bytes: Math.min(bytes, MAX_BYTES), partDepth: itemDepth + (batched ? 1 : 0) }
}
