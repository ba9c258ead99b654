import { PART } from './limits.ts'

/**
 * Whether this is JSON within the limits of a part: of objects, arrays, texts, finite numbers, true, false and null. It
 * stops at the first thing too many, so it costs little whatever the value is.
 */
export function isSmallJson(value: unknown): boolean {
  let level = [value]
  let seen = 0
  for (let depth = 0; level.length > 0; depth++) {
    seen += level.length
    if (depth > PART.depth || seen > PART.values) return false
    if (!level.every(isJsonValue)) return false
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    )
  }
  return true
}

function isJsonValue(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || Array.isArray(value) || isPlain(value)
    default:
      return false
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
