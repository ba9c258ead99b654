import type { Context } from '../core/context.ts'
import type { CollectionName } from '../documents.ts'
import type { Expander, Expansions } from '../http/expand.ts'
import type { FieldChange } from '../http/versions/change.ts'
import { versionTable } from '../http/versions/table.ts'
import { dayOf } from '../http/versions/version.ts'
import { expansions } from './expansions.ts'

/** The days on which an expandable field went, oldest first. */
const rows = versionTable.fields.filter((row) => row.expands !== undefined)
const days = [...new Set(rows.map(({ since }) => dayOf(since)))].sort()
const byDay = new Map(days.map((day) => [day, expansionsBefore(day)]))

/** The expandable fields of each object in an API version. */
export function expansionsOf(version: string): Expansions {
  const day = days.find((one) => dayOf(version) < one)
  return (day === undefined ? undefined : byDay.get(day)) ?? expansions
}

/** The fields that can be expanded before a day: today's, and those that went on that day or later. */
function expansionsBefore(day: string): Expansions {
  const all: Record<string, Record<string, Expander>> = {}
  for (const [object, fields] of Object.entries(expansions)) all[object] = { ...fields }
  for (const row of rows) {
    if (dayOf(row.since) >= day) all[row.object] = { ...all[row.object], ...expandersOf(row) }
  }
  return all
}

function expandersOf({ expands, field, older }: FieldChange): Record<string, Expander> {
  if (expands === undefined) return {}
  if (typeof expands === 'string') {
    return { [field]: (ctx, _value, owner) => find(ctx, expands, older(owner, ctx.store)) ?? null }
  }
  const { inEntries, collection } = expands
  return {
    [field]: (ctx, _value, owner) => older(owner, ctx.store),
    [`${field}.${inEntries}`]: (ctx, id) => find(ctx, collection, id) ?? id,
  }
}

function find(ctx: Context, collection: CollectionName, id: unknown): object | undefined {
  return typeof id === 'string' ? ctx.store.get(collection, id) : undefined
}
