import type { Store } from '../../core/store/store.ts'
import type { FieldChange, Node } from './change.ts'
import { ABSENT, isNode } from './change.ts'
import { versionTable } from './table.ts'
import { dayOf } from './version.ts'

/** The fields that differ by version, by object. */
const byObject = new Map<string, FieldChange[]>()
for (const row of versionTable.fields) {
  byObject.set(row.object, [...(byObject.get(row.object) ?? []), row])
}

const NEWEST_CHANGE = versionTable.fields.reduce(
  (newest, { since }) => (dayOf(since) > newest ? dayOf(since) : newest),
  '',
)

/**
 * Renders a value of the API in a version. An event keeps the version that it was written with,
 * also for readers of another version (types of the `stripe` package: `Event.api_version`).
 */
export function inVersion(store: Store, value: unknown, version: string): unknown {
  return render(store, value, { day: dayOf(version), name: '' })
}

/** `name`: the object or the object and the field that a value without a name of its own is in. */
function render(store: Store, value: unknown, at: { day: string; name: string }): unknown {
  if (Array.isArray(value)) return value.map((item) => render(store, item, at))
  if (!isNode(value)) return value
  const day = value['object'] === 'event' ? dayOf(String(value['api_version'])) : at.day
  if (day >= NEWEST_CHANGE && !mayHoldEvents(value)) return value
  const name = typeof value['object'] === 'string' ? value['object'] : at.name
  const rows = (byObject.get(name) ?? []).filter(({ since }) => day < dayOf(since))
  const older = rows.map((row) => [row.field, olderValue(store, row, value)] as const)
  const all = Object.entries({ ...value, ...Object.fromEntries(older) })
  return Object.fromEntries(
    all
      .filter(([, field]) => field !== ABSENT)
      .map(([key, field]) => [key, renderField(store, field, { day, name: `${name}.${key}` })]),
  )
}

function renderField(store: Store, field: unknown, at: { day: string; name: string }): unknown {
  return at.name.endsWith('.metadata') ? field : render(store, field, at)
}

/** A field that was expanded already stays so. */
function olderValue(store: Store, row: FieldChange, node: Node): unknown {
  const isExpanded = row.expands !== undefined && node[row.field] !== undefined
  return isExpanded ? node[row.field] : row.older(node, store)
}

/** A list of events may contain events of several versions. */
function mayHoldEvents(value: Node): boolean {
  return value['object'] === 'list' && value['url'] === '/v1/events'
}
