import { invalid } from './errors.ts'

/**
 * The instants that can be stored, compared and shown everywhere: of the years 1 to 9999. PostgreSQL has no year 0 and
 * writes earlier ones as BC, and ISO 8601 has four digits for a year.
 */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z')

/** The message for an instant that `isStorableInstant` refuses. */
export const INSTANT_RULE = 'must be an instant in the years 0001 to 9999'

/** Whether an instant is one of the years 1 to 9999; false for an invalid date. */
export function isStorableInstant(instant: Date): boolean {
  const ms = instant.getTime()
  return ms >= FIRST_MS && ms <= LAST_MS
}

/** The instant back, when it can be stored. Throws VALIDATION naming `path`. */
export function checkInstant(path: string, instant: Date): Date {
  if (isStorableInstant(instant)) return instant
  throw invalid(path, INSTANT_RULE)
}

/** The nearest instant that can be shown: for rows that were written before there was this bound. */
export function nearestInstant(instant: Date | number): Date {
  const ms = Number(instant)
  if (ms >= FIRST_MS && ms <= LAST_MS && instant instanceof Date) return instant
  return new Date(Math.min(LAST_MS, Math.max(FIRST_MS, ms)))
}
