import type { Store } from '../../core/store/store.ts'
import type { CollectionName } from '../../documents.ts'

export type Node = Record<string, unknown>

/** The value of a field that a version does not have. */
export const ABSENT = Symbol('absent')

interface Change {
  /** The first version of the newer form, such as `2025-03-31.basil`. */
  since: string
  /** What is different in older versions, in words. */
  how: string
}

/** A field of a response that is other in older versions. */
export interface FieldChange extends Change {
  object: string
  field: string
  /** The older value, from the object in the newest form; `ABSENT`: there is no such field. */
  older: (node: Node, store: Store) => unknown
  /** Where something can be expanded in older versions: the collection of the ids in the field, or in its entries. */
  expands?: CollectionName | { inEntries: string; collection: CollectionName }
}

/** A parameter that is other in older versions. */
export interface ParamChange extends Change {
  /** The method and the path; `:id` stands for one segment. */
  route: string
  param: string
  /** The parameters in the newest form. `id`: that of the path. */
  read: (params: Node, about: { store: Store; id: string }) => Node
}

/** A route that only older versions have. */
export interface RouteChange extends Change {
  route: string
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as an object; an empty one for anything else. */
export function nodeOf(value: unknown): Node {
  return isNode(value) ? value : {}
}

/** The objects of a list, in the form that the API sends or as an array. */
export function nodesIn(list: unknown): Node[] {
  const data = isNode(list) ? list['data'] : list
  return Array.isArray(data) ? data.filter(isNode) : []
}

/** The id of a reference, also where it is expanded. */
export function idOf(reference: unknown): string {
  return String(isNode(reference) ? reference['id'] : (reference ?? ''))
}
