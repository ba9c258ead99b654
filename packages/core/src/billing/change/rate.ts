/** What a price charges, and how often. */
export interface Charge {
  /** In the minor unit of its currency, for the whole quantity. */
  amount: number
  interval: string
  intervalCount: number
}

/** In half hours: a mean month and a mean year have a whole number of them. */
const LENGTHS: Readonly<Record<string, number>> = { day: 48, week: 336, month: 1_461, year: 17_532 }

/**
 * Whether a change is an upgrade, which happens now: not less money in the same time, for a time that is not shorter.
 * Every other change waits for the end of the period. To a shorter time it always does, since what is left of a year
 * would be worth many months. In whole numbers, so that no rounding decides.
 */
export function isUpgrade(from: Charge, to: Charge): boolean {
  const before = from.amount * lengthOf(to)
  const after = to.amount * lengthOf(from)
  return lengthOf(to) >= lengthOf(from) && after >= before
}

function lengthOf({ interval, intervalCount }: Charge): number {
  return (LENGTHS[interval] ?? 1) * intervalCount
}
