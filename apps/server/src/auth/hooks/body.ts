import { isStorableText } from '@tollgate/core'

/** Longer than any field of a form; a picture's address is the longest. */
const MAX_FIELD_LENGTH = 2_000

/** A text field of a request's body; undefined where it is none. */
export function textOf(body: unknown, field: string): string | undefined {
  const value = fieldsOf(body)[field]
  return typeof value === 'string' ? value : undefined
}

/** The first field with a text that PostgreSQL would refuse, or that no form sends; null: there is none. */
export function unstorableField(body: unknown): string | null {
  const found = Object.entries(fieldsOf(body)).find(
    ([, value]) =>
      typeof value === 'string' && (value.length > MAX_FIELD_LENGTH || !isStorableText(value)),
  )
  return found?.[0] ?? null
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
