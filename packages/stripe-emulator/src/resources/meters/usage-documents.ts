/** A use that was reported to a meter. Its id is its identifier; the API never returns it. */
export interface MeterEvent {
  id: string
  meter: string
  /** The customer that the payload names, who may not exist. */
  customer: string
  value: number
  /** The time of the use, in seconds. */
  at: number
  /** The main time of its arrival, in seconds. */
  received: number
  /** A number that grows with each event: of two, the later one has arrived later. */
  order: number
  /**
   * `pending`: not processed yet. `counted`: part of the usage. `canceling`: still counted, its cancellation is not
   * processed yet. `canceled` and `failed`: not part of the usage.
   */
  state: 'pending' | 'counted' | 'canceling' | 'canceled' | 'failed'
  /** When it is processed, in seconds; null: when it is released. Only while it waits. */
  due?: { at: number; timeline: string } | null
}

/** What a customer used of a meter within one hour or day: the sum of the counted events, kept up to date. */
export interface MeterUsage {
  id: string
  meter: string
  customer: string
  start: number
  sum: number
  count: number
  last: { at: number; order: number; value: number } | null
}

/** Since when the next line of a metered subscription item counts, where that is later than its period. */
export interface UsageStart {
  /** The id of the subscription item. */
  id: string
  from: number
}
