import { isDeepStrictEqual } from 'node:util'

/**
 * The `previous_attributes` of an event: the old values of the fields that changed. Metadata is compared key
 * by key, as Stripe does; the old value of a new key is null.
 */
export function changesBetween(before: object, after: object): Record<string, unknown> {
  const old: Record<string, unknown> = { ...before }
  const changes: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(after)) {
    if (isDeepStrictEqual(old[key], value)) continue
    changes[key] = key === 'metadata' ? changedKeys(old[key], value) : (old[key] ?? null)
  }
  return changes
}

function changedKeys(before: unknown, after: unknown): Record<string, unknown> {
  const old: Record<string, unknown> = { ...Object(before) }
  const current: Record<string, unknown> = { ...Object(after) }
  const changes: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(old), ...Object.keys(current)])) {
    if (old[key] !== current[key]) changes[key] = old[key] ?? null
  }
  return changes
}
