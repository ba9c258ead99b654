/** Credits of a user for a meter: used after the plan's allowance, and before overage. */
export interface Grant<M extends string = string> {
  id: string
  meter: M
  amount: number
  /** What may still be used of it. */
  remaining: number
  source: 'pack' | 'admin'
  /** ISO 8601, UTC. */
  effectiveAt: string
  /** Null: never. */
  expiresAt: string | null
  reason: string | null
}

/** How many live grants of a meter a user may have. */
export const MAX_LIVE_GRANTS = 100
