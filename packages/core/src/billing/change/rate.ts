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
 * Whether a change is an upgrade: more money in the same time, or the same money at the same interval (then nothing is
 * due, and there is no reason to wait). Every other change is a downgrade. In whole numbers, so that no rounding
 * decides.
 */
export function isUpgrade(from: Charge, to: Charge): boolean {
  const before = from.amount * lengthOf(to)
  const after = to.amount * lengthOf(from)
  if (after !== before) return after > before
  return lengthOf(from) === lengthOf(to)
}

function lengthOf({ interval, intervalCount }: Charge): number {
  return (LENGTHS[interval] ?? 1) * intervalCount
}
