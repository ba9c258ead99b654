import { invalid } from '../errors.ts'
import { isStorableInstant } from '../instant.ts'

/** A calendar month in UTC, as YYYY-MM. */
export type Period = string

export interface Window {
  period: Period
  /** First instant of the month. */
  start: Date
  /** First instant of the next month. */
  end: Date
  /** Both as ISO 8601. */
  startsAt: string
  endsAt: string
}

/** The month that an instant falls in. Source: docs/integration-guide.md, "Usage metering". */
export function monthOf(instant: Date): Window {
  if (!(instant >= last.start && instant < last.end)) {
    last = window(instant.getUTCFullYear(), instant.getUTCMonth())
  }
  return last
}

/** The month that YYYY-MM names; VALIDATION for anything else. */
export function parsePeriod(period: string): Window {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(period)
  if (!match) throw invalid('period', 'must be a month as YYYY-MM')
  const month = window(Number(match[1]), Number(match[2]) - 1)
  if (isStorableInstant(month.start) && isStorableInstant(month.end)) return month
  throw invalid('period', 'must be a month from 0001-01 to 9999-11')
}

/** Day of the month in UTC, 1 to 31. */
export function dayOf(instant: Date): number {
  return instant.getUTCDate()
}

/** The day as YYYY-MM-DD in UTC. */
export function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

/** The month that was asked for last: nearly every call is in the same one, and each asks several times. */
let last = window(1970, 0)

function window(year: number, month: number): Window {
  const start = utcMonth(year, month)
  const end = utcMonth(year, month + 1)
  const [startsAt, endsAt] = [start.toISOString(), end.toISOString()]
  return { period: startsAt.slice(0, 7), start, end, startsAt, endsAt }
}

/** Not `Date.UTC(year, …)` alone: it takes the years 0 to 99 for 1900 to 1999. */
function utcMonth(year: number, month: number): Date {
  const date = new Date(0)
  date.setUTCFullYear(year, month, 1)
  return date
}
