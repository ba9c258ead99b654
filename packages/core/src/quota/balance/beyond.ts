import type { Entitlement } from '../entitlement.ts'

/** Units of a meter that were taken or are held in a window, and what there is beyond its allowance. */
export interface Count {
  used: number
  reserved: number
  /** What of used and reserved was taken from grants. */
  credited: number
  /** What of used and reserved was taken from overage. */
  sold: number
  beyond: Beyond
}

/** What a user may use of a meter beyond the allowance of a window. */
export interface Beyond {
  /** What remains in live grants. */
  credits: number
  /** Null: nothing is sold. */
  overage: Overage | null
}

export interface Overage {
  /** Units sold in the billing period of now. */
  used: number
  /** Units that open reservations hold. */
  held: number
  /** The most units in a billing period, which is what the cap pays for; null: no cap. */
  cap: number | null
}

export const NOTHING_BEYOND: Readonly<Beyond> = Object.freeze({ credits: 0, overage: null })

type LimitNow = Pick<Entitlement, 'limit' | 'unlimited'>

/**
 * What is left of the allowance of a window: what was taken from elsewhere does not count against it, what fitted
 * nowhere does. Infinity where unlimited.
 */
export function allowanceLeft(
  { used, reserved, credited, sold }: Omit<Count, 'beyond'>,
  { limit, unlimited }: LimitNow,
): number {
  return unlimited ? Infinity : Math.max(0, limit - (used + reserved - credited - sold))
}

/** How many units may still be sold in the billing period. Infinity without a cap. */
export function overageLeft(overage: Overage | null): number {
  if (overage === null) return 0
  const { used, held, cap } = overage
  return cap === null ? Infinity : Math.max(0, cap - used - held)
}

/** All that a consume would still allow. Infinity where there is no end. */
export function totalLeft(count: Count, limit: LimitNow): number {
  return allowanceLeft(count, limit) + count.beyond.credits + overageLeft(count.beyond.overage)
}
