import type { CollectionName, Documents } from '../documents.ts'
import { DueQueue } from './due-queue.ts'
import type { Table } from './table.ts'

/** A document written (or, when null, removed) by a transaction. */
export type Change = readonly [collection: CollectionName, id: string, doc: unknown]

/** One table for each collection. */
export type Tables = { readonly [Name in CollectionName]: Table<Documents[Name]> }

interface Step {
  change: Change
  undo: () => void
}

/**
 * All documents, in memory. Documents are immutable values: a write replaces a document, so a snapshot is
 * a reference, and a rollback puts the old reference back. `commit` ends a transaction.
 */
export class Store {
  readonly #tables: Tables
  readonly #dueQueues = new Map<string, DueQueue<CollectionName>>()
  #steps: Step[] = []

  constructor(tables: Tables) {
    this.#tables = tables
  }

  get<Name extends CollectionName>(name: Name, id: string): Documents[Name] | undefined {
    return this.#tables[name].get(id)
  }

  /** The collection and the document of a Stripe object or a delivery; null: there is none with that id. */
  locate(id: string): readonly [CollectionName, object] | null {
    for (const [name, table] of Object.entries(this.#tables)) {
      const doc = table.get(id)
      const isObject = doc !== undefined && ('object' in doc || name === 'deliveries')
      if (isObject) return [name as CollectionName, doc]
    }
    return null
  }

  count(name: CollectionName): number {
    return this.#tables[name].size
  }

  /** All documents, newest first. */
  newest<Name extends CollectionName>(name: Name): Documents[Name][] {
    return [...this.#tables[name].values()].reverse()
  }

  /** The documents under a key of an index, newest first. */
  find<Name extends CollectionName>(
    name: Name,
    at: { index: string; key: string },
  ): Documents[Name][] {
    return this.#tables[name].find(at.index, at.key)
  }

  put<Name extends CollectionName>(name: Name, doc: Documents[Name]): Documents[Name] {
    this.#write(name, doc.id, doc)
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

  /** Loads saved documents; this cannot be rolled back. */
  load(changes: readonly Change[]): void {
    for (const [name, id, doc] of changes) {
      // Written by `commit` of this same store, so that the document is one of that collection.
      this.#set(name, id, (doc ?? undefined) as Documents[typeof name] | undefined)
    }
  }

  /** Every document, collection by collection, oldest first. */
  *everything(): Iterable<Change> {
    for (const [name, table] of Object.entries(this.#tables)) {
      for (const doc of table.values()) yield [name as CollectionName, doc.id, doc]
    }
  }

  /** The last state of each document that the transaction wrote, in order. */
  changes(): Change[] {
    const changes = new Map<string, Change>()
    for (const { change } of this.#steps) changes.set(`${change[0]}/${change[1]}`, change)
    return [...changes.values()]
  }

  /** Ends the transaction: it can no longer be rolled back. */
  commit(): void {
    this.#steps = []
  }

  #write<Name extends CollectionName>(
    name: Name,
    id: string,
    doc: Documents[Name] | undefined,
  ): void {
    const before = this.#set(name, id, doc)
    this.#steps.push({
      change: [name, id, doc ?? null],
      undo: () => this.#set(name, id, before),
    })
  }

  #set<Name extends CollectionName>(
    name: Name,
    id: string,
    doc: Documents[Name] | undefined,
  ): Documents[Name] | undefined {
    const before = this.#tables[name].replace(id, doc)
    const { dueOf } = this.#tables[name]
    if (dueOf === undefined) return before
    const was = before === undefined ? null : dueOf(before)
    const is = doc === undefined ? null : dueOf(doc)
    if (was !== null && was.timeline !== is?.timeline)
      this.dueQueue(was.timeline).set(name, id, null)
    if (is !== null) this.dueQueue(is.timeline).set(name, id, is.at)
    return before
  }
}
