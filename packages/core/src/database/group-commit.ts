import { setImmediate as endOfTurn } from 'node:timers/promises'
import { isAboutData } from './sql-state.ts'

export interface GroupCommitOptions<Item, Result> {
  /** How many batches may be under way at once. */
  lanes: number
  /** How many items a batch takes, unless one caller alone has more. */
  batchSize: number
  /** How many items may wait for a batch. */
  maxWaiting: number
  /** How long a caller may wait for a batch: lanes that wait for a database that is gone must not make it wait for each. */
  maxWaitMs: number
  /** Makes items durable, all or none, and returns their results in the same order. Retries are its own affair. */
  write(items: readonly Item[]): Promise<readonly Result[]>
  /** What a caller gets that comes when `maxWaiting` items wait. */
  full(): Error
  /** What a caller gets that has waited for `maxWaitMs`: nothing of it was written. */
  late(): Error
  /** What the callers of a batch get that failed with `error`; `items` is how many it had. */
  failed(error: unknown, items: number): Error
}

interface Submission<Item, Result> {
  items: readonly Item[]
  since: number
  resolve(results: readonly Result[]): void
  reject(error: Error): void
}

/**
 * Joins what callers submit at the same time into batches, so that they share a transaction; a caller that is alone
 * waits for nothing. Keeps nothing that a crash could lose: a caller is answered when its items are durable. What
 * waits is bounded, in number and in time. Items that PostgreSQL refuses (SQLSTATE class 22 or 23) fail alone, not those they came with.
 */
export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>
  readonly #waiting: Submission<Item, Result>[] = []
  readonly #running = new Set<Promise<void>>()
  #waitingItems = 0

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options
  }

  /** The results of these items, which are in one batch, in order. Throws what `full`, `late` and `failed` return. */
  submit(items: readonly Item[]): Promise<readonly Result[]> {
    const { maxWaiting, full } = this.#options
    if (this.#waitingItems + items.length > maxWaiting) return Promise.reject(full())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, since: performance.now(), resolve, reject })
      this.#waitingItems += items.length
      this.#startLanes()
    })
  }

  /** Resolves once every caller has its results. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #startLanes(): void {
    while (this.#waiting.length > 0 && this.#running.size < this.#options.lanes) {
      // Callers of the same turn of the event loop share a batch, also those who just got a result and call again.
      const lane: Promise<void> = endOfTurn()
        .then(() => this.#writeNext())
        .finally(() => {
          this.#running.delete(lane)
          this.#startLanes()
        })
      this.#running.add(lane)
    }
  }

  async #writeNext(): Promise<void> {
    const batch = this.#take()
    if (batch.length === 0) return
    try {
      await this.#write(batch)
    } catch (error) {
      if (batch.length === 1 || !isAboutData(error)) this.#fail(batch, error)
      else for (const one of batch) await this.#write([one]).catch((own) => this.#fail([one], own))
    }
  }

  #take(): Submission<Item, Result>[] {
    this.#refuseLate()
    const batch: Submission<Item, Result>[] = []
    let size = 0
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (batch.length > 0 && size + next.items.length > this.#options.batchSize) break
      this.#waiting.shift()
      batch.push(next)
      size += next.items.length
    }
    this.#waitingItems -= size
    return batch
  }

  #refuseLate(): void {
    const before = performance.now() - this.#options.maxWaitMs
    for (let next = this.#waiting[0]; next && next.since < before; next = this.#waiting[0]) {
      this.#waiting.shift()
      this.#waitingItems -= next.items.length
      next.reject(this.#options.late())
    }
  }

  async #write(batch: readonly Submission<Item, Result>[]): Promise<void> {
    const results = await this.#options.write(batch.flatMap(({ items }) => items))
    let from = 0
    for (const { items, resolve } of batch) {
      resolve(results.slice(from, from + items.length))
      from += items.length
    }
  }

  #fail(batch: readonly Submission<Item, Result>[], error: unknown): void {
    const items = batch.reduce((sum, each) => sum + each.items.length, 0)
    const reason = this.#options.failed(error, items)
    for (const { reject } of batch) reject(reason)
  }
}
