import type { TollgateError } from '../errors.ts'
import { invalid } from '../errors.ts'
import { isStorableInstant } from '../instant.ts'
import { isStorableText } from '../text.ts'

/** A part of a list, newest first. */
export interface Page<T> {
  items: T[]
  /** Pass it on to get the next page; null on the last one. */
  nextCursor: string | null
}

const PAGE_SIZE = 50
const MAX_PAGE_SIZE = 100

/** How many rows a page has: 50 unless the caller says. Throws VALIDATION unless that is 1 to 100. */
export function pageSize(limit = PAGE_SIZE): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_SIZE) return limit
  throw invalid('limit', `must be a whole number from 1 to ${MAX_PAGE_SIZE}`)
}

/** VALIDATION, for a cursor that this list did not hand out. */
export function invalidCursor(): TollgateError {
  return invalid('cursor', 'must be the nextCursor of the page before')
}

/** The values of the last row's sort columns, as an opaque string. */
export function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The values back, each a text that can be stored; VALIDATION for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(values) && values.length === length && values.every(isText)) return values
  } catch {
    // Not JSON: refused like JSON of another form.
  }
  throw invalidCursor()
}

/** A value of a cursor that is an instant, written as `toISOString` writes it; else VALIDATION. */
export function cursorInstant(text: string): Date {
  const instant = new Date(text)
  if (isStorableInstant(instant) && instant.toISOString() === text) return instant
  throw invalidCursor()
}

/** The instant and id of the last row, for lists that are sorted by both; null for the first page. */
export function decodeInstantCursor(cursor: string | undefined): { at: Date; id: string } | null {
  if (cursor === undefined) return null
  const [text = '', id = ''] = decodeCursor(cursor, 2)
  return { at: cursorInstant(text), id }
}

/** Cuts a list that was read with one row more than asked for into a page. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  { item, cursor }: { item: (row: R) => T; cursor: (row: R) => readonly string[] },
): Page<T> {
  const kept = rows.slice(0, limit)
  const last = rows.length > limit ? kept.at(-1) : undefined
  return {
    items: kept.map(item),
    nextCursor: last === undefined ? null : encodeCursor(cursor(last)),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorableText(value)
}
