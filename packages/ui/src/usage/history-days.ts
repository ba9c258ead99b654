import type { DayUsage } from '../api/types.ts'

export interface Day {
  /** YYYY-MM-DD */
  date: string
  amount: number
}

/** A month's first and last day, both as YYYY-MM-DD, from any instant in it. All in UTC. */
export function monthRange(instant: string): { from: string; to: string } {
  const date = new Date(instant)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return { from: dateOf(Date.UTC(year, month, 1)), to: dateOf(Date.UTC(year, month + 1, 0)) }
}

/** The first instant of the month so many months away, in UTC. */
export function addMonths(instant: string, months: number): string {
  const date = new Date(instant)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)).toISOString()
}

/** Every day of the range with its amount of one meter; the server leaves out days without usage. */
export function fillDays(
  usage: readonly DayUsage[],
  meter: string,
  { from, to }: { from: string; to: string },
): Day[] {
  const amounts = new Map(
    usage.filter((day) => day.meter === meter).map((day) => [day.date, day.amount]),
  )
  const days: Day[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const date = dateOf(at)
    days.push({ date, amount: amounts.get(date) ?? 0 })
  }
  return days
}

// A day in UTC is always as long: leap seconds aside, which dates don't know.
const DAY_MS = 86_400_000

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
