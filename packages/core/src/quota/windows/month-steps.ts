/** `months` calendar months from `anchor`, as Stripe steps: the 31st falls on a shorter month's last day, at the same time (UTC). */
export function monthStep(anchor: Date, months: number): Date {
  const step = new Date(anchor)
  // Not `setUTCMonth` alone: it would carry a day that the month lacks into the month after.
  step.setUTCDate(1)
  step.setUTCMonth(step.getUTCMonth() + months)
  const last = new Date(step)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  step.setUTCDate(Math.min(anchor.getUTCDate(), last.getUTCDate()))
  return step
}

/**
 * The monthly steps from `anchor` between which an instant lies: the last one at or before it, and the one after that. The
 * anchor may be later than the instant. Each is counted from the anchor: 31 January, 28 February, 31 March.
 */
export function stepsAround(anchor: Date, instant: Date): { start: Date; end: Date } {
  const months =
    12 * (instant.getUTCFullYear() - anchor.getUTCFullYear()) +
    (instant.getUTCMonth() - anchor.getUTCMonth())
  const start = monthStep(anchor, months)
  return start <= instant
    ? { start, end: monthStep(anchor, months + 1) }
    : { start: monthStep(anchor, months - 1), end: start }
}
