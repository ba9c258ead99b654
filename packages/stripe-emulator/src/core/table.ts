/** The indexes of a collection: a name, and the key of a document (null: it is not in the index). */
export type Indexes<Doc> = Readonly<Record<string, (doc: Doc) => string | null>>

/** When a document is due next, and on which timeline: the main one, or the id of a test clock. */
export interface Due {
  at: number
  timeline: string
}

export const MAIN_TIMELINE = 'main'

/** What a table derives from its documents. */
export interface Rules<Doc> {
  indexes?: Indexes<Doc> | undefined
  due?: ((doc: Doc) => Due | null) | undefined
}

/** One collection in memory, in the order of creation, with its indexes. */
export class Table<Doc extends { id: string }> {
  /** When a document is due next; null: never. */
  readonly dueOf: ((doc: Doc) => Due | null) | undefined
  readonly #docs = new Map<string, Doc>()
  readonly #indexes: Map<string, Index<Doc>>

  constructor(rules: Rules<Doc> = {}) {
    this.dueOf = rules.due
    const indexes: Indexes<Doc> = rules.indexes ?? {}
    this.#indexes = new Map(
      Object.entries(indexes).map(([name, keyOf]) => [name, { keyOf, ids: new Map() }]),
    )
  }

  get size(): number {
    return this.#docs.size
  }

  get(id: string): Doc | undefined {
    return this.#docs.get(id)
  }

  /** Writes or removes one document and returns the previous one. */
  replace(id: string, doc: Doc | undefined): Doc | undefined {
    const before = this.#docs.get(id)
    for (const { keyOf, ids } of this.#indexes.values()) {
      const oldKey = before === undefined ? null : keyOf(before)
      const newKey = doc === undefined ? null : keyOf(doc)
      if (oldKey === newKey) continue
      if (oldKey !== null) removeId(ids, oldKey, id)
      if (newKey !== null) addId(ids, newKey, id)
    }
    if (doc === undefined) this.#docs.delete(id)
    else this.#docs.set(id, doc)
    return before
  }

  /** All documents, oldest first. */
  values(): Iterable<Doc> {
    return this.#docs.values()
  }

  /** All documents with a key in an index, newest first. */
  find(index: string, key: string): Doc[] {
    const docs: Doc[] = []
    for (const id of this.#indexes.get(index)?.ids.get(key) ?? []) {
      const doc = this.#docs.get(id)
      if (doc !== undefined) docs.push(doc)
    }
    return docs.reverse()
  }
}

function removeId(ids: Index<never>['ids'], key: string, id: string): void {
  const known = ids.get(key)
  known?.delete(id)
  if (known?.size === 0) ids.delete(key)
}

function addId(ids: Index<never>['ids'], key: string, id: string): void {
  const known = ids.get(key)
  if (known === undefined) ids.set(key, new Set([id]))
  else known.add(id)
}

/** The ids of the documents of an index, by key. */
interface Index<Doc> {
  keyOf: (doc: Doc) => string | null
  ids: Map<string, Set<string>>
}
