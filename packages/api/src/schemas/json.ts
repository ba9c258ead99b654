import { PART } from './limits.ts'

/**
 * Whether this is JSON within the limits of a part: of objects, arrays, texts, finite numbers, true, false and null. It
 * stops at the first thing too many, so it costs little whatever the value is.
 */
export function isSmallJson(value: unknown): boolean {
  let left: number = PART.values
  const fits = (each: unknown, depth: number): boolean => {
    if (--left < 0 || depth > PART.depth) return false
    if (Array.isArray(each)) return each.every((item) => fits(item, depth + 1))
    if (typeof each !== 'object' || each === null) return isScalar(each)
    return isPlain(each) && Object.values(each).every((item) => fits(item, depth + 1))
  }
  return fits(value, 0)
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
