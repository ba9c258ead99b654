import type { CollectionName, Documents } from '../../documents.ts'
import type { Slot } from './document-cache.ts'
import { DocumentCache } from './document-cache.ts'
import { DocumentList } from './document-list.ts'
import { DueQueue } from './due-queue.ts'
import type { Due, Summary, Table } from './table.ts'

/** A document written (or, when null, removed) by a transaction. */
export interface Change {
  collection: CollectionName
  id: string
  doc: object | null
  /** What is known of the document without reading it; null: nothing, or it was removed. */
  summarize: () => Summary | null
}

/** The record of a document in the data file. */
export interface DocumentRecord {
  at: number
  bytes: number
}

/** One table for each collection. */
export type Tables = { readonly [Name in CollectionName]: Table<Documents[Name]> }

interface Step {
  collection: CollectionName
  id: string
  undo: () => void
}

/**
 * All documents. Documents are immutable values: a write replaces a document, so a snapshot is a reference, and a
 * rollback puts the old reference back. `commit` ends a transaction.
 */
export class Store {
  readonly cache: DocumentCache
  readonly #tables: Tables
  readonly #dueQueues = new Map<string, DueQueue<CollectionName>>()
  #steps: Step[] = []

  constructor(tables: Tables, cache = new DocumentCache()) {
    this.cache = cache
    this.#tables = tables
    for (const table of Object.values(tables)) table.shareCache(cache)
  }

  get collections(): CollectionName[] {
    // The keys of `Tables` are the names of the collections.
    return Object.keys(this.#tables) as CollectionName[]
  }

  get<Name extends CollectionName>(name: Name, id: string): Documents[Name] | undefined {
    return this.#tables[name].get(id)
  }

  /** The collection and the document of a Stripe object or a delivery; null: there is none with that id. */
  locate(id: string): readonly [CollectionName, object] | null {
    for (const name of this.collections) {
      if (!this.#tables[name].has(id)) continue
      const doc = this.#tables[name].get(id)
      const isObject = doc !== undefined && ('object' in doc || name === 'deliveries')
      if (isObject) return [name, doc]
    }
    return null
  }

  count(name: CollectionName): number {
    return this.#tables[name].size
  }

  /** How many documents each key of an index has. */
  countBy(name: CollectionName, index: string): Record<string, number> {
    return this.#tables[name].countBy(index)
  }

  /** The ids of all documents, oldest first. */
  ids(name: CollectionName): Iterable<string> {
    return this.#tables[name].ids()
  }

  /** All documents, or those under a key of an index, newest first; each is read when it is looked at. */
  newest<Name extends CollectionName>(
    name: Name,
    at?: { index: string; key: string | undefined },
  ): DocumentList<Documents[Name]> {
    const table: Table<Documents[Name]> = this.#tables[name]
    const { index, key } = at ?? {}
    return new DocumentList(() =>
      index === undefined || key === undefined ? table.newest() : table.find(index, key),
    )
  }

  /** The documents under a key of an index, newest first. */
  find<Name extends CollectionName>(
    name: Name,
    at: { index: string; key: string },
  ): Documents[Name][] {
    return this.#tables[name].find(at.index, at.key)
  }

  put<Name extends CollectionName>(name: Name, doc: Documents[Name]): Documents[Name] {
    this.#write(name, doc.id, { doc, at: -1, bytes: 0, place: 0 })
    return doc
  }

  remove(name: CollectionName, id: string): void {
    this.#write(name, id, undefined)
  }

  /** The queue of due work of a timeline. */
  dueQueue(timeline: string): DueQueue<CollectionName> {
    const dueQueue = this.#dueQueues.get(timeline) ?? new DueQueue<CollectionName>()
    this.#dueQueues.set(timeline, dueQueue)
    return dueQueue
  }

  /** A point to roll back to within the running transaction. */
  mark(): number {
    return this.#steps.length
  }

  rollbackTo(mark: number): void {
    for (const step of this.#steps.splice(mark).reverse()) step.undo()
  }

  /** The last state of each document that the transaction wrote, in order. */
  changes(): Change[] {
    const written = new Map<string, Step>()
    for (const step of this.#steps) written.set(`${step.collection}/${step.id}`, step)
    return [...written.values()].map(({ collection, id }) => this.changeOf(collection, id))
  }

  /** Ends the transaction: it can no longer be rolled back. `records` are those of its changes in the data file. */
  commit(changes: readonly Change[] = [], records: readonly DocumentRecord[] = []): void {
    this.#steps = []
    for (const [index, { collection, id }] of changes.entries()) {
      const slot = this.#tables[collection].slotOf(id)
      const record = records[index]
      if (slot === undefined || record === undefined) continue
      Object.assign(slot, record)
      this.cache.keep(slot)
    }
  }

  /** Adds documents that are in the data file, without reading them. */
  addAll(
    name: CollectionName,
    slots: ReadonlyMap<string, Slot<never>>,
    summaries: ReadonlyMap<string, Summary>,
  ): void {
    for (const [id, slot] of slots) {
      const summary = summaries.get(id) ?? null
      this.#tables[name].add(id, slot, summary)
      this.#schedule(name, id, { was: null, is: summary?.due ?? null })
    }
  }

  /** Every document, collection by collection, oldest first. */
  *slots(): Iterable<{ collection: CollectionName; id: string; slot: Slot<object> }> {
    for (const collection of this.collections) {
      for (const [id, slot] of this.#tables[collection].slots()) yield { collection, id, slot }
    }
  }

  /** A document as it is now, as a change. */
  changeOf<Name extends CollectionName>(collection: Name, id: string): Change {
    const table: Table<Documents[Name]> = this.#tables[collection]
    const doc = table.get(id) ?? null
    return {
      collection,
      id,
      doc,
      summarize: () => (doc === null || !table.hasSummaries ? null : table.summaryOf(doc)),
    }
  }

  #write<Name extends CollectionName>(
    name: Name,
    id: string,
    slot: Slot<Documents[Name]> | undefined,
  ): void {
    const before = this.#set(name, id, slot)
    this.#steps.push({ collection: name, id, undo: () => this.#set(name, id, before) })
  }

  #set<Name extends CollectionName>(
    name: Name,
    id: string,
    slot: Slot<Documents[Name]> | undefined,
  ): Slot<Documents[Name]> | undefined {
    const table: Table<Documents[Name]> = this.#tables[name]
    const { slot: before, was, is } = table.replace(id, slot)
    this.#schedule(name, id, { was: was?.due ?? null, is: is?.due ?? null })
    return before
  }

  #schedule(
    name: CollectionName,
    id: string,
    { was, is }: { was: Due | null; is: Due | null },
  ): void {
    if (was !== null && was.timeline !== is?.timeline)
      this.dueQueue(was.timeline).set(name, id, null)
    if (is !== null) this.dueQueue(is.timeline).set(name, id, is.at)
  }
}
