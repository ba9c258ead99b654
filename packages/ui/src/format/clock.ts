/** This browser's time in milliseconds since the epoch. Only for display: it may be wrong. */
export function nowMs(): number {
  return Date.now()
}
