import type { Store } from '../../core/store.ts'
import type { Node } from './older-responses.ts'
import { olderResponses } from './older-responses.ts'
import { dayOf } from './version.ts'

const NEWEST_CHANGE =
  olderResponses
    .map(({ before }) => before)
    .sort()
    .at(-1) ?? ''

/**
 * Renders a value of the API in a version. An event keeps the version that it was written with,
 * also for readers of another version (types of the `stripe` package: `Event.api_version`).
 */
export function inVersion(store: Store, value: unknown, version: string): unknown {
  if (Array.isArray(value)) return value.map((item) => inVersion(store, item, version))
  if (!isNode(value)) return value
  const own = value['object'] === 'event' ? String(value['api_version']) : version
  if (dayOf(own) >= NEWEST_CHANGE && !mayHoldEvents(value)) return value
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, inVersion(store, field, own)]),
  )
  return olderResponses
    .filter(({ before, object }) => dayOf(own) < before && object === value['object'])
    .reduce((node, { apply }) => apply(node, store), inner)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of events may contain events of several versions. */
function mayHoldEvents(value: Node): boolean {
  return value['object'] === 'list' && value['url'] === '/v1/events'
}
