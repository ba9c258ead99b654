/** A document with work due at a time: a renewal, an expiry, a retry. */
export interface DueEntry<Name extends string> {
  at: number
  collection: Name
  id: string
}

interface Entry<Name extends string> extends DueEntry<Name> {
  sequence: number
}

/**
 * A priority queue of due work, earliest first: a binary heap. Moving or removing an entry only removes
 * it from `#current`; the stale heap entry is dropped when it reaches the top.
 */
export class DueQueue<Name extends string> {
  readonly #heap: Entry<Name>[] = []
  readonly #current = new Map<string, Entry<Name>>()
  #sequence = 0

  /** Sets when a document is due next; null means never. */
  set(collection: Name, id: string, at: number | null): void {
    const key = `${collection}/${id}`
    if (at === null) {
      this.#current.delete(key)
      return
    }
    if (this.#current.get(key)?.at === at) return
    this.#sequence += 1
    const entry = { at, collection, id, sequence: this.#sequence }
    this.#current.set(key, entry)
    this.#heap.push(entry)
    this.#rise(this.#heap.length - 1)
  }

  /** The earliest entry, which stays in the queue; undefined when the queue is empty. */
  peek(): DueEntry<Name> | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#current.get(`${top.collection}/${top.id}`) === top) return top
      this.#dropTop()
    }
    return undefined
  }

  #dropTop(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(start: number): void {
    for (let child = start; child > 0; ) {
      const parent = (child - 1) >> 1
      if (!this.#swapIfEarlier(child, parent)) return
      child = parent
    }
  }

  #sink(start: number): void {
    for (let parent = start; ; ) {
      const left = 2 * parent + 1
      const smaller = this.#isEarlier(left + 1, left) ? left + 1 : left
      if (!this.#swapIfEarlier(smaller, parent)) return
      parent = smaller
    }
  }

  #isEarlier(index: number, than: number): boolean {
    const a = this.#heap[index]
    const b = this.#heap[than]
    return a !== undefined && b !== undefined && earlier(a, b)
  }

  #swapIfEarlier(index: number, than: number): boolean {
    const a = this.#heap[index]
    const b = this.#heap[than]
    if (a === undefined || b === undefined || !earlier(a, b)) return false
    this.#heap[index] = b
    this.#heap[than] = a
    return true
  }
}

function earlier(a: Entry<string>, b: Entry<string>): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence)
}
