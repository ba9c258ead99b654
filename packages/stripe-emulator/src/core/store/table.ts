import type { Slot } from './document-cache.ts'
import { DocumentCache } from './document-cache.ts'

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

/** What a table knows of a document without reading it: its key in each index, and when it is due. */
export interface Summary {
  keys: readonly (string | null)[]
  due: Due | null
}

/** One collection, in the order of creation, with its indexes. */
export class Table<Doc extends { id: string }> {
  #slots = new Map<string, Slot<Doc>>()
  #created = 0
  #isDisordered = false
  readonly #indexes: Map<string, Index<Doc>>
  readonly #dueOf: ((doc: Doc) => Due | null) | undefined
  #cache = new DocumentCache()

  constructor(rules: Rules<Doc> = {}) {
    this.#dueOf = rules.due
    const indexes: Indexes<Doc> = rules.indexes ?? {}
    this.#indexes = new Map(
      Object.entries(indexes).map(([name, keyOf]) => [name, { keyOf, ids: new Map() }]),
    )
  }

  /** Shares a cache with the other tables. */
  shareCache(cache: DocumentCache): void {
    this.#cache = cache
  }

  get size(): number {
    return this.#slots.size
  }

  get(id: string): Doc | undefined {
    const slot = this.#slots.get(id)
    return slot === undefined ? undefined : this.#cache.docOf(slot)
  }

  has(id: string): boolean {
    return this.#slots.has(id)
  }

  slotOf(id: string): Slot<Doc> | undefined {
    return this.#slots.get(id)
  }

  summaryOf(doc: Doc): Summary {
    return {
      keys: [...this.#indexes.values()].map(({ keyOf }) => keyOf(doc)),
      due: this.#dueOf?.(doc) ?? null,
    }
  }

  /** Whether its documents are in an index or can be due. */
  get hasSummaries(): boolean {
    return this.#indexes.size > 0 || this.#dueOf !== undefined
  }

  /** Writes or removes one document, and returns the previous slot and what it was indexed by. */
  replace(
    id: string,
    slot: Slot<Doc> | undefined,
  ): { slot: Slot<Doc> | undefined; was: Summary | null; is: Summary | null } {
    const before = this.#slots.get(id)
    const was = this.#summaryOfSlot(before)
    const is = this.#summaryOfSlot(slot)
    this.#reindex(id, was, is)
    if (slot === undefined) this.#slots.delete(id)
    else this.#place(id, slot, before)
    return { slot: before, was, is }
  }

  /** Adds a document of the data file, which is not read. */
  add(id: string, slot: Slot<Doc>, summary: Summary | null): void {
    this.#reindex(id, null, summary)
    this.#place(id, slot, undefined)
  }

  /** All ids, oldest first. */
  ids(): Iterable<string> {
    return this.#inOrder().keys()
  }

  /** All slots, oldest first. */
  slots(): Iterable<[string, Slot<Doc>]> {
    return this.#inOrder().entries()
  }

  /** All documents, newest first, each read when the iteration comes to it. */
  *newest(): Iterable<Doc> {
    for (const slot of [...this.#inOrder().values()].reverse()) yield this.#cache.docOf(slot)
  }

  /** All documents with a key in an index, newest first. */
  find(index: string, key: string): Doc[] {
    const ids = [...(this.#indexes.get(index)?.ids.get(key) ?? [])]
    // A rollback puts ids back out of their order.
    const slots = ids.flatMap((id) => this.#slots.get(id) ?? []).sort((a, b) => b.place - a.place)
    return slots.map((slot) => this.#cache.docOf(slot))
  }

  /** How many documents each key of an index has. */
  countBy(index: string): Record<string, number> {
    const keys = this.#indexes.get(index)?.ids ?? new Map<string, Set<string>>()
    return Object.fromEntries([...keys].map(([key, ids]) => [key, ids.size]))
  }

  #place(id: string, slot: Slot<Doc>, before: Slot<Doc> | undefined): void {
    if (slot.place === 0) slot.place = before?.place ?? ++this.#created
    // Only a rollback brings a removed document back; it is then the last one of the map.
    else if (before === undefined) this.#isDisordered = true
    this.#slots.set(id, slot)
  }

  #inOrder(): ReadonlyMap<string, Slot<Doc>> {
    if (this.#isDisordered) {
      this.#slots = new Map([...this.#slots].sort(([, a], [, b]) => a.place - b.place))
      this.#isDisordered = false
    }
    return this.#slots
  }

  #summaryOfSlot(slot: Slot<Doc> | undefined): Summary | null {
    if (slot === undefined || !this.hasSummaries) return null
    return this.summaryOf(this.#cache.docOf(slot))
  }

  #reindex(id: string, was: Summary | null, is: Summary | null): void {
    let position = 0
    for (const { ids } of this.#indexes.values()) {
      const oldKey = was?.keys[position] ?? null
      const newKey = is?.keys[position] ?? null
      position += 1
      if (oldKey === newKey) continue
      if (oldKey !== null) removeId(ids, oldKey, id)
      if (newKey !== null) addId(ids, newKey, id)
    }
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
