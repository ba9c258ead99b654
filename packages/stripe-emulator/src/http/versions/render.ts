import type { Store } from '../../core/store.ts'
import type { Node } from './older-forms.ts'
import { olderForms } from './older-forms.ts'
import { dayOf } from './version.ts'

const NEWEST_CHANGE =
  olderForms
    .map(({ before }) => before)
    .sort()
    .at(-1) ?? ''

/**
 * A value of the API as a version shows it. An event keeps the version that it was written with,
 * whoever reads it [types].
 */
export function inVersion(store: Store, value: unknown, version: string): unknown {
  if (Array.isArray(value)) return value.map((item) => inVersion(store, item, version))
  if (!isNode(value)) return value
  const own = value['object'] === 'event' ? String(value['api_version']) : version
  if (dayOf(own) >= NEWEST_CHANGE && !mayHoldEvents(value)) return value
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, inVersion(store, field, own)]),
  )
  return olderForms
    .filter(({ before, object }) => dayOf(own) < before && object === value['object'])
    .reduce((node, { apply }) => apply(node, store), inner)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of events may hold some of several versions. */
function mayHoldEvents(value: Node): boolean {
  return value['object'] === 'list' && value['url'] === '/v1/events'
}
