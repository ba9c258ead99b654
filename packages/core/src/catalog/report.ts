/** Notes a mistake: where it is, and what to write instead. */
export type Report = (path: string, message: string) => void

/** A name that people read. */
export function checkName(value: unknown, path: string, report: Report): void {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 100) return
  report(path, 'must be a text of 1 to 100 characters')
}

/** A whole number of at least `least`. */
export function checkInteger(
  value: unknown,
  { path, least = 0 }: { path: string; least?: number },
  report: Report,
): void {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return
  report(path, `must be a whole number of at least ${least}, not ${show(value)}`)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as it would be written. */
export function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
