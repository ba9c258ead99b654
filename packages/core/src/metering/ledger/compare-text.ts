/** By UTF-16 units: the same order in every process, whatever the locale of the database. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
