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

/** Reports the keys that nothing reads: most often a key that is misspelt. */
export function checkKeys(
  value: object,
  { path, known }: { path: string; known: readonly string[] },
  report: Report,
): void {
  for (const key of Object.keys(value).filter((each) => !known.includes(each))) {
    report(path === '' ? key : `${path}.${key}`, `is not known here. Known are ${known.join(', ')}`)
  }
}

/** A value in a message: as it would be written, and of an object or a function what it is. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? 'a list' : 'an object'
    case 'function':
      return 'a function'
    default:
      return String(value)
  }
}
