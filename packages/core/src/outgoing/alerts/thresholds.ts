import type { Limit } from '../../catalog/index.ts'

/** A share of a limit, and the use at which it is reached. */
export interface Threshold {
  share: number
  limit: number
  at: number
}

/** A threshold that the use of a window has reached before. */
export interface Reached {
  threshold: number
  limit: number
}

/**
 * The thresholds of a limit that are yet to be reached in a window. One that was reached is armed again by a higher limit,
 * not by a lower one. Unlimited has none, and neither has a limit that allows nothing.
 */
export function armedThresholds(
  shares: readonly number[],
  { limit, unlimited }: Limit,
  reached: readonly Reached[],
): readonly Threshold[] {
  if (shares.length === 0 || unlimited || limit === 0) return NONE
  return shares
    .filter((share) => !reached.some((each) => each.threshold === share && each.limit >= limit))
    .map((share) => ({ share, limit, at: useAt(share, limit) }))
}

const NONE: readonly Threshold[] = []

/** The first whole use that is a share of a limit or more: exact, where a product of floats may be off by one. */
function useAt(share: number, limit: number): number {
  const parts = BigInt(Math.round(share * SHARE_PARTS))
  const whole = BigInt(SHARE_PARTS)
  return Math.max(1, Number((BigInt(limit) * parts + whole - 1n) / whole))
}

const SHARE_PARTS = 1_000_000_000_000
