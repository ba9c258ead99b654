/** What a price asks for, and how often. */
export interface Charge {
  /** In the minor unit of its currency, for the whole quantity. */
  amount: number
  interval: string
  intervalCount: number
}

/** Half hours, of which a mean month and a mean year have a whole number. */
const LENGTHS: Readonly<Record<string, number>> = { day: 48, week: 336, month: 1_461, year: 17_532 }

/**
 * Whether a change is an upgrade: more money in the same time, or as much of it in the same rhythm (then nothing
 * is due, and nobody need wait). Every other change is a downgrade. In whole numbers, so that no rounding decides.
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
