import type { Slot } from '../core/store/document-cache.ts'
import type { Store } from '../core/store/store.ts'
import type { Summary } from '../core/store/table.ts'
import type { CollectionName } from '../documents.ts'
import type { ParsedRecord } from './record.ts'

/** The documents of one collection: where the last record of each is, and what is known of it. */
interface Loading {
  slots: Map<string, Slot<never>>
  /** Of those of which something is known. */
  summaries: Map<string, Summary>
}

/** Collects the records of a data file, of which the last of each document counts, and adds the documents to a store. */
export class StoreLoader {
  readonly #store: Store
  readonly #collections: Map<CollectionName, Loading>

  constructor(store: Store) {
    this.#store = store
    this.#collections = new Map(
      store.collections.map((name) => [name, { slots: new Map(), summaries: new Map() }]),
    )
  }

  /** Adds a record that begins at a position of the file. Throws for an unknown collection. */
  add(record: ParsedRecord, at: number): void {
    const { collection, id, bytes, summary } = record
    const loading = this.#collections.get(collection)
    if (loading === undefined) throw new Error(`unknown collection ${collection}`)
    if (record.removed) loading.slots.delete(id)
    else loading.slots.set(id, { doc: undefined, at, bytes, place: 0 })
    // The last record counts here too: a document may no longer be due.
    if (summary.keys.length > 0 || summary.due !== null) loading.summaries.set(id, summary)
    else loading.summaries.delete(id)
  }

  /** Puts all documents into the store; returns how many bytes their records are. */
  finish(): number {
    let bytes = 0
    for (const [name, { slots, summaries }] of this.#collections) {
      for (const slot of slots.values()) bytes += slot.bytes
      this.#store.addAll(name, slots, summaries)
      this.#collections.delete(name)
    }
    return bytes
  }
}
