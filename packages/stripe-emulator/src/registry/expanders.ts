import type { Context } from '../core/context.ts'
import type { CollectionName } from '../documents.ts'
import type { Expander } from '../http/expand.ts'

/** The customer with an id, also a deleted one. */
export const customer: Expander = (ctx, id) =>
  typeof id === 'string'
    ? (ctx.store.get('customers', id) ?? ctx.store.get('deleted_customers', id) ?? id)
    : id

/** Expands the id of a document, or a list of ids. */
export function to(collection: CollectionName): Expander {
  const one = (ctx: Context, id: unknown) =>
    typeof id === 'string' ? (ctx.store.get(collection, id) ?? id) : id
  return (ctx, value) => (Array.isArray(value) ? value.map((id) => one(ctx, id)) : one(ctx, value))
}

/** The id of the object that has the field. */
export function idOf(owner: Record<string, unknown>): string {
  return String(owner['id'])
}
