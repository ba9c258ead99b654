import { invalid } from '../errors.ts'

/** A part of a list, newest first. */
export interface Page<T> {
  items: T[]
  /** Pass it on to get the next page; null on the last one. */
  nextCursor: string | null
}

/** How many rows a page has unless the caller says, 1 to 100. */
export const PAGE_SIZE = 50

const CURSOR_RULE = 'must be the nextCursor of the page before'

/** The values of the last row's sort columns, as an opaque string. */
export function encodeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The values back; VALIDATION for anything that this list did not hand out. */
export function decodeCursor(cursor: string, length: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(values) && values.length === length && values.every(isText)) return values
  } catch {
    // Not JSON: refused like JSON of another form.
  }
  throw invalid('cursor', CURSOR_RULE)
}

/** The instant and id of the last row, for lists that are sorted by both; null for the first page. */
export function decodeInstantCursor(cursor: string | undefined): { at: Date; id: string } | null {
  if (cursor === undefined) return null
  const [text = '', id = ''] = decodeCursor(cursor, 2)
  const at = new Date(text)
  if (Number.isNaN(at.getTime()) || id.includes('\0')) throw invalid('cursor', CURSOR_RULE)
  return { at, id }
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
  return typeof value === 'string'
}
