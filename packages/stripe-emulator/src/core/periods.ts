import { fromSeconds, toSeconds } from './clock.ts'

/** The billing interval of a recurring price. */
export interface Recurrence {
  interval: string
  interval_count: number
}

const SECONDS = { day: 86_400, week: 7 * 86_400 } as const

/**
 * The instant `count` intervals after the anchor, in UTC. Months and years keep the anchor's day, or take
 * the last day of a shorter month. They do not drift, because they are always counted from the anchor.
 */
export function afterIntervals(anchor: number, recurrence: Recurrence, count: number): number {
  const steps = recurrence.interval_count * count
  switch (recurrence.interval) {
    case 'day':
      return anchor + steps * SECONDS.day
    case 'week':
      return anchor + steps * SECONDS.week
    case 'month':
      return addMonths(anchor, steps)
    case 'year':
      return addMonths(anchor, 12 * steps)
    default:
      throw new Error(`unknown interval ${recurrence.interval}`)
  }
}

function addMonths(anchor: number, months: number): number {
  const date = fromSeconds(anchor)
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
  const month = fromSeconds(target / 1000)
  const lastDay = fromSeconds(
    Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0) / 1000,
  ).getUTCDate()
  month.setUTCDate(Math.min(date.getUTCDate(), lastDay))
  return toSeconds(month) + (anchor % 86_400)
}

/** A span of time in seconds, without its end. */
interface Span {
  start: number
  end: number
}

/** The period that contains an instant, counted from the anchor, which may lie before or after it. */
export function cycleAt(anchor: number, recurrence: Recurrence, instant: number): Span {
  let count = 0
  while (afterIntervals(anchor, recurrence, count) > instant) count -= 1
  while (afterIntervals(anchor, recurrence, count + 1) <= instant) count += 1
  return {
    start: afterIntervals(anchor, recurrence, count),
    end: afterIntervals(anchor, recurrence, count + 1),
  }
}
