/** A document of a table: in memory, in the data file, or both. */
export interface Slot<Doc> {
  /** Undefined: it is in the data file only. */
  doc: Doc | undefined
  /** Where its record begins in the data file; -1: it is in memory only. */
  at: number
  /** How long its record is. */
  bytes: number
  /** Its place in the order of creation; 0: it has none yet. */
  place: number
}

/** Reads the document of a record of the data file. */
export type RecordReader = (record: { at: number; bytes: number }) => unknown

/** Once this many bytes of records are in memory, the oldest leave it. As objects they take about four times as much. */
const LIMIT_BYTES = 4 * 1024 * 1024

/**
 * Keeps the documents in memory that were written or read last. The others are in the data file alone and are read
 * again when they are needed, so that memory does not grow with the file. Without a data file, all stay in memory.
 */
export class DocumentCache {
  readonly #limit: number
  #read: RecordReader | undefined
  #slots: Slot<unknown>[] = []
  #next = 0
  #bytes = 0

  constructor(limitBytes = LIMIT_BYTES) {
    this.#limit = limitBytes
  }

  /** Sets what reads the records; needed before the first one is read. */
  readFrom(read: RecordReader): void {
    this.#read = read
  }

  /** The document of a slot, from memory or from the data file. */
  docOf<Doc>(slot: Slot<Doc>): Doc {
    if (slot.doc !== undefined) return slot.doc
    if (this.#read === undefined) throw new Error('a document is neither in memory nor in a file')
    // The record was written from a document of the same table.
    const doc = this.#read(slot) as Doc
    slot.doc = doc
    this.keep(slot)
    return doc
  }

  /** Keeps the document of a slot that has a record, until it is one of the oldest. */
  keep(slot: Slot<unknown>): void {
    this.#slots.push(slot)
    this.#bytes += slot.bytes
    while (this.#bytes > this.#limit && this.#next < this.#slots.length - 1) this.#dropOldest()
  }

  #dropOldest(): void {
    const oldest = this.#slots[this.#next]
    this.#next += 1
    if (oldest !== undefined) {
      oldest.doc = undefined
      this.#bytes -= oldest.bytes
    }
    if (this.#next < 10_000) return
    this.#slots = this.#slots.slice(this.#next)
    this.#next = 0
  }
}
