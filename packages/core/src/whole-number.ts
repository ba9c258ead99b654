const { MAX_SAFE_INTEGER, MIN_SAFE_INTEGER } = Number

/** A number as PostgreSQL writes it, or the end of the safe range that it is beyond. */
export function nearestWholeNumber(digits: string): string {
  const value = Number(digits)
  if (value > MAX_SAFE_INTEGER) return String(MAX_SAFE_INTEGER)
  return value < MIN_SAFE_INTEGER ? String(MIN_SAFE_INTEGER) : digits
}
