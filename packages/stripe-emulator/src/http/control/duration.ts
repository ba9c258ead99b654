import { fromSeconds, toSeconds } from '../../core/clock.ts'
import { invalidRequest } from '../../core/errors.ts'
import { afterIntervals } from '../../core/periods.ts'
import type { Param } from '../params/param.ts'

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600 }

/** A length of time: `1 month`, `12 hours`. */
export interface Duration {
  count: number
  unit: string
}

/** Reads `1 month`, `2 weeks`, `36 hours`. */
export const duration: Param<Duration> = {
  read(value, name) {
    const [, count, unit] =
      /^(\d{1,6}) ?(second|minute|hour|day|week|month|year)s?$/.exec(String(value)) ?? []
    if (count !== undefined && unit !== undefined) return { count: Number(count), unit }
    throw invalidRequest(
      `'${name}' must be a length of time such as '1 day', '2 weeks' or '1 month', not '${String(value)}'.`,
      { param: name },
    )
  },
}

/** Reads an instant: seconds since 1970, or ISO 8601 (a day alone is its start in UTC). */
export const instant: Param<Date> = {
  read(value, name) {
    const text = String(value)
    if (/^\d{9,11}$/.test(text)) return fromSeconds(Number(text))
    const milliseconds = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
    if (!Number.isNaN(milliseconds)) return fromSeconds(milliseconds / 1000)
    throw invalidRequest(
      `'${name}' must be an instant such as '2027-01-31' or '2027-01-31T12:00:00Z', not '${text}'.`,
      { param: name },
    )
  },
}

/** The instant that is a duration after another; months and years are those of the calendar. */
export function after(start: Date, { count, unit }: Duration): Date {
  const seconds = SECONDS[unit]
  if (seconds !== undefined) return new Date(start.getTime() + 1000 * seconds * count)
  const moved = afterIntervals(toSeconds(start), { interval: unit, interval_count: 1 }, count)
  return new Date(moved * 1000 + start.getMilliseconds())
}
