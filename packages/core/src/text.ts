import { invalid } from './errors.ts'

/** How many UTF-16 units an id, a key, a name or a reason may have. */
export const MAX_TEXT_LENGTH = 255

/** The message for a text that `isStorableText` refuses. */
export const TEXT_RULE = 'must be well-formed text without NUL characters'

/** Whether PostgreSQL stores a text as it is: it takes neither NUL nor half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text)
}

/** The text back, when it has 1 to 255 characters that can be stored. Throws VALIDATION naming `path`. */
export function checkText(path: string, text: string): string {
  if (text.length < 1 || text.length > MAX_TEXT_LENGTH) {
    throw invalid(path, `must have 1 to ${MAX_TEXT_LENGTH} characters`)
  }
  if (!isStorableText(text)) throw invalid(path, TEXT_RULE)
  return text
}

/** What is searched for: as `checkText`, but may be left out or empty. */
export function checkSearch(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : checkText('search', text)
}

/** Order by UTF-16 units: the same in every process, whatever the locale of the database. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
