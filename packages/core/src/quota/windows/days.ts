import { kindOfKey } from './windows.ts'

/** The day as YYYY-MM-DD in UTC. */
export function dateOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

const DAY_MS = 86_400_000

/**
 * The place of an instant's day (UTC) in the per-day totals of a counter: 1 for the first day of its window. A use that is
 * dated before, which only a clock that was set back can date, counts on the first day.
 */
export function dayOf(period: string, instant: Date): number {
  return kindOfKey(period) === 'month' ? instant.getUTCDate() : dayOfDate(period, dateOf(instant))
}

/** `dayOf`, of a day as YYYY-MM-DD. */
export function dayOfDate(period: string, date: string): number {
  return Math.max(1, (Date.parse(date) - Date.parse(firstDate(period))) / DAY_MS + 1)
}

/** How many per-day totals a new counter has. Those of a long window become more as it is used. */
export function daysAtFirst(period: string): number {
  switch (kindOfKey(period)) {
    case 'month':
      return 31
    case 'billing':
      return 32
    case 'day':
    case 'hour':
    case 'never':
      return 1
  }
}

/** The first day (UTC) of the window that a key names, as YYYY-MM-DD. */
export function firstDate(period: string): string {
  switch (kindOfKey(period)) {
    case 'month':
      return `${period}-01`
    case 'never':
      return period.slice('since '.length).slice(0, 10)
    case 'day':
    case 'hour':
    case 'billing':
      return period.slice(0, 10)
  }
}

/** `firstDate` in SQL, of the column of counters c. */
export const FIRST_DATE = `CASE WHEN c.period LIKE 'since %' THEN substr(c.period, 7, 10)
  ELSE rpad(left(c.period, 10), 10, '-01') END::date`

/** `kindOfKey` in SQL, of the column of counters c. */
export const KIND_OF_KEY = `CASE length(c.period) WHEN 7 THEN 'month' WHEN 10 THEN 'day' WHEN 13 THEN 'hour'
  ELSE CASE WHEN c.period LIKE 'since %' THEN 'never' ELSE 'billing' END END`

/** The counters c whose days may lie between two dates, in SQL: the keys of all windows but `never` begin with a date. */
export function overlapping(from: string, to: string): string {
  return `((c.period >= to_char(${from}::date - ${LONGEST_DAYS}, 'YYYY-MM')
      AND c.period < to_char(${to}::date + 1, 'YYYY-MM-DD')) OR c.period >= 'since')`
}

/** More than the days of the longest window but `never`: two months, where a trial's end moved. */
const LONGEST_DAYS = 63
