/** How documents of one collection can be found by another field than their id. */
export type Indexes<Doc> = Readonly<Record<string, (doc: Doc) => string | null>>

/** When a document needs attention next, and on whose time: the main one or a test clock's id. */
export interface Due {
  at: number
  timeline: string
}

export const MAIN_TIMELINE = 'main'

/** What a table keeps up to date beside its documents. */
export interface Rules<Doc> {
  indexes?: Indexes<Doc>
  due?: (doc: Doc) => Due | null
}

/** One collection in memory, in order of creation, with its indexes. */
export class Table<Doc extends { id: string }> {
  /** When a document needs attention next; null: never. */
  readonly dueOf: ((doc: Doc) => Due | null) | undefined
  readonly #docs = new Map<string, Doc>()
  readonly #indexes: { keyOf: (doc: Doc) => string | null; name: string }[]
  readonly #found = new Map<string, Set<string>>()

  constructor(rules: Rules<Doc> = {}) {
    this.dueOf = rules.due
    const indexes: Indexes<Doc> = rules.indexes ?? {}
    this.#indexes = Object.entries(indexes).map(([name, keyOf]) => ({ name, keyOf }))
  }

  get size(): number {
    return this.#docs.size
  }

  get(id: string): Doc | undefined {
    return this.#docs.get(id)
  }

  /** Writes or removes one document and returns the one that stood there. */
  replace(id: string, doc: Doc | undefined): Doc | undefined {
    const before = this.#docs.get(id)
    for (const { name, keyOf } of this.#indexes) {
      const oldKey = before === undefined ? null : keyOf(before)
      const newKey = doc === undefined ? null : keyOf(doc)
      if (oldKey === newKey) continue
      if (oldKey !== null) this.#found.get(`${name}/${oldKey}`)?.delete(id)
      if (newKey !== null) this.#idsAt(`${name}/${newKey}`).add(id)
    }
    if (doc === undefined) this.#docs.delete(id)
    else this.#docs.set(id, doc)
    return before
  }

  /** All documents, oldest first. */
  values(): Iterable<Doc> {
    return this.#docs.values()
  }

  /** All documents whose index has that key, newest first. */
  find(index: string, key: string): Doc[] {
    const docs: Doc[] = []
    for (const id of this.#found.get(`${index}/${key}`) ?? []) {
      const doc = this.#docs.get(id)
      if (doc !== undefined) docs.push(doc)
    }
    return docs.reverse()
  }

  #idsAt(key: string): Set<string> {
    const ids = this.#found.get(key) ?? new Set<string>()
    this.#found.set(key, ids)
    return ids
  }
}
