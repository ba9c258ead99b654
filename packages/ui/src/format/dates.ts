const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' }
const SHORT_DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** `3 December 2026`, the day in UTC. */
export function formatDay(instant: string): string {
  return format(instant, DAY)
}

/** `3 Dec 2026`, the day in UTC. */
export function formatShortDay(instant: string): string {
  return format(instant, SHORT_DAY)
}

/** `3 Dec 2026, 14:05 UTC`. */
export function formatInstant(instant: string): string {
  return `${format(instant, SHORT_DAY)}, ${format(instant, TIME)} UTC`
}

/** `November 2026`, the month in UTC. */
export function formatMonth(instant: string): string {
  return format(instant, { month: 'long', year: 'numeric' })
}

/** `Resets on 3 December 2026 at 14:00 UTC`; null: the meter never resets. */
export function formatReset(resetsAt: string | null): string {
  if (resetsAt === null) return 'Never resets'
  return `Resets on ${formatDay(resetsAt)} at ${format(resetsAt, TIME)} UTC`
}

function format(instant: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(new Date(instant))
}
