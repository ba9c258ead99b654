/** Documents, newest first, each read only when it is looked at: a long list costs as much as what is taken of it. */
export class DocumentList<T> implements Iterable<T> {
  readonly #iterate: () => Iterable<T>

  constructor(iterate: () => Iterable<T>) {
    this.#iterate = iterate
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#iterate()[Symbol.iterator]()
  }

  filter(isWanted: (doc: T) => boolean): DocumentList<T> {
    const iterate = this.#iterate
    return new DocumentList(function* () {
      for (const doc of iterate()) if (isWanted(doc)) yield doc
    })
  }

  map<U>(change: (doc: T) => U): DocumentList<U> {
    const iterate = this.#iterate
    return new DocumentList(function* () {
      for (const doc of iterate()) yield change(doc)
    })
  }

  flatMap<U>(change: (doc: T) => Iterable<U>): DocumentList<U> {
    const iterate = this.#iterate
    return new DocumentList(function* () {
      for (const doc of iterate()) yield* change(doc)
    })
  }

  find(isWanted: (doc: T) => boolean): T | undefined {
    for (const doc of this.#iterate()) if (isWanted(doc)) return doc
    return undefined
  }

  some(isWanted: (doc: T) => boolean): boolean {
    return this.find(isWanted) !== undefined
  }

  /** The first `count` of them. */
  first(count: number): T[] {
    const docs: T[] = []
    if (count === 0) return docs
    for (const doc of this.#iterate()) if (docs.push(doc) === count) break
    return docs
  }

  toArray(): T[] {
    return [...this.#iterate()]
  }
}
